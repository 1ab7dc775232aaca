"""Public pages with guides. Each says what it depends on, so that its published file goes when that changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from serai.kernel.access.actions_organisations import organisation_touch
from serai.kernel.access.viewer import NOBODY, viewer_of
from serai.kernel.languages.registry import Language, language
from serai.kernel.languages.words import say

from ..keys import ALERTS, tree_touch
from ..queries import alerts as alert_queries
from ..queries import changes as change_queries
from ..queries import reading, topics

LINES_A_PAGE = 40


def depends(response: HttpResponse, keys: Iterable[str], expires: date | datetime | None = None) -> HttpResponse:
    """Marks a response as one that may be kept as a file until one of the keys changes or the moment comes."""
    response.serai_keys = frozenset(keys)  # type: ignore[attr-defined]
    response.serai_expires = expires  # type: ignore[attr-defined]
    return response


def alternates(request: HttpRequest) -> list[tuple[Language, str]]:
    """The same page in each language that the house offers."""
    match = request.resolver_match
    if match is None:
        return []
    return [
        (language(tag), reverse(match.view_name, kwargs={**match.kwargs, "lang": tag}))
        for tag in settings.SERAI_LANGUAGES
    ]


def guide(request: HttpRequest, lang: str, path: str) -> HttpResponse:
    """One guide, in the language asked for or the nearest with a note."""
    found = reading.guide_at(viewer=NOBODY, tag=lang, path=path)
    if found is None:
        raise Http404
    if isinstance(found, reading.Elsewhere):
        answer = HttpResponsePermanentRedirect(found.address)
        answer.headers["Cache-Control"] = "no-cache"
        return answer
    return show_guide(request, found)


def show_guide(request: HttpRequest, found: reading.Reading) -> HttpResponse:
    """A guide as its page; also for the preview of a draft."""
    context = {
        "guide": found,
        "page": found.page,
        "content_lang": found.language,
        "alternates": found.alternates,
        "publisher": found.page.organisation,
        "publisher_name": found.page.organisation.said(found.asked.tag),
    }
    if found.unseen:
        return render(request, "guides/not_checked.html", {**context, "content_lang": None}, status=404)
    return depends(render(request, "guides/guide.html", context), found.keys, found.expires)


def publisher(request: HttpRequest, lang: str, publisher: str) -> HttpResponse:
    """A publisher and its guides."""
    found = topics.publisher_page(viewer=NOBODY, tag=lang, key=publisher)
    if found is None:
        raise Http404
    organisation, lines = found
    context = {
        "publisher": organisation,
        "publisher_name": organisation.said(lang),
        "about": say(organisation.abouts, lang),
        "lines": lines,
        "alternates": alternates(request),
    }
    keys = {tree_touch(organisation.key), organisation_touch(organisation.key)}.union(*(line.keys for line in lines))
    expires = min((line.next_change for line in lines if line.next_change), default=None)
    return depends(render(request, "guides/publisher.html", context), keys, expires)


def topic(request: HttpRequest, lang: str, key: str) -> HttpResponse:
    """All guides of a topic; `?publisher=` and `?place=` narrow the list by plain links."""
    narrowed = {name: request.GET.get(name, "")[:80] for name in ("publisher", "place")}
    found = topics.topic_page(viewer=NOBODY, tag=lang, key=key, **narrowed)
    if found is None:
        raise Http404
    context = {
        "topic": found,
        "narrowed": narrowed,
        "shown": Paginator(found.lines, LINES_A_PAGE).get_page(request.GET.get("page")),
        "alternates": alternates(request),
    }
    return depends(render(request, "guides/topic.html", context), found.keys, found.expires)


def alerts(request: HttpRequest, lang: str) -> HttpResponse:
    """Alerts that hold now."""
    found = alert_queries.alerts_now(viewer=NOBODY, tag=lang)
    answer = render(request, "guides/alerts.html", {"alerts": found, "alternates": alternates(request)})
    keys = {ALERTS}.union(*(alert.keys for alert in found))
    return depends(answer, keys, alert_queries.next_alert_change())


def changes(request: HttpRequest, lang: str) -> HttpResponse:
    """What changed this week, for helpers. Made afresh each time: nearly every change is on it."""
    found = change_queries.changes(viewer=NOBODY, tag=lang)
    return render(request, "guides/changes.html", {"changes": found, "alternates": alternates(request)})


def changes_for_desk(request: HttpRequest) -> HttpResponse:
    """The same on the desk, in the language of the member of staff."""
    viewer = viewer_of(request)
    found = change_queries.changes(viewer=viewer, tag=viewer.language)
    return render(request, "guides/changes.html", {"changes": found})
