"""Public pages that join the rooms: languages, home, search, people, about, and what leaving does.

Each page says what it depends on (`serai_keys`) and when it is stale by itself (`serai_expires`), so that it can be
kept as a file. Search is never kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from serai.engine.shell.asked import interface_of
from serai.kernel.access.viewer import NOBODY
from serai.kernel.languages.corrected import follow_corrections, words_key
from serai.kernel.languages.interface import interface
from serai.kernel.languages.registry import Language, language
from serai.kernel.register.house import doors
from serai.kernel.register.ports import SearchFound, SearchQuestion

from . import queries
from .forms import SearchForm
from .searching import FilterForm, NarrowForm, address, kind_links, question_of

SOON = timedelta(minutes=5)
"""An alert that begins shows on the home page after this at the latest."""


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """The first page: choose a language. Each line speaks for itself."""
    follow_corrections()
    lines = []
    for tag in settings.SERAI_LANGUAGES:
        with override(interface_of(tag).tag.lower()):
            line = gettext("Guides for people on the move. Free. You need no name here.")
            talk = gettext("Talk to a person")
        lines.append((language(tag), interface_of(tag), line, talk))
    keys = {words_key(spoken.tag) for _, spoken, _, _ in lines}
    return kept(render(request, "web/languages.html", {"lines": lines}), keys)


@require_safe
def home(request: HttpRequest, lang: str) -> HttpResponse:
    """What do you need? Stages of the journey, subjects, alerts."""
    offered = queries.stages_offered(language=lang, viewer=NOBODY)
    alerts = queries.alerts_now(language=lang, viewer=NOBODY)
    ways_in = [(door, reverse(door.route, kwargs={"lang": lang})) for door in doors("public")]
    context = {
        "stages": queries.with_guides(offered),
        "alerts": alerts,
        "calm": [alert for alert in alerts if alert.url and not alert.urgent],
        "form": SearchForm(),
        "ways_in": ways_in,
    }
    keys = ["stages", "alerts", *(f"topic:{topic.key}" for stage in offered for topic in stage.topics)]
    until = min([timezone.now() + SOON, *(alert.ends for alert in alerts)])
    return kept(render(request, "web/home.html", {**context, **alternates("home")}), keys, until)


@require_safe
def search(request: HttpRequest, lang: str) -> HttpResponse:
    """What is found for a few words, and by what it can be narrowed down."""
    asked = "q" in request.GET
    form = SearchForm(request.GET if asked else None)
    words = form.cleaned_data["q"] if asked and form.is_valid() else ""
    question = question_of(words, lang, FilterForm(request.GET))
    found = queries.search_found(question=question, viewer=NOBODY) if words else SearchFound()
    offered = queries.stages_offered(language=lang, viewer=NOBODY) if found.topics or question.topic else []
    topics = {topic.key: topic.title for stage in offered for topic in stage.topics}
    filtered = bool(question.publisher or question.topic or question.place)
    context = {
        "form": form,
        "words": words,
        "question": question,
        "hits": found.hits,
        "asked": bool(words),
        "kinds": kind_links(question, found),
        "narrow": NarrowForm(question, found, topics),
        "filtered": filtered,
        "everything": address(SearchQuestion(words, lang)) if filtered or question.kind else "",
    }
    return render(request, "web/search.html", {**context, **alternates("search")})


@require_safe
def people(request: HttpRequest, lang: str) -> HttpResponse:
    """Humans who can be reached."""
    cards = queries.humans(language=lang, viewer=NOBODY)
    keys = ["humans", *(f"fact:{card.desk.key}" for card in cards)]
    return kept(render(request, "web/people.html", {"cards": cards, **alternates("people")}), keys, midnight())


@require_safe
def about(request: HttpRequest, lang: str) -> HttpResponse:
    """Who runs this house, how to use it, what it keeps about people."""
    rows = queries.publishers(language=lang, viewer=NOBODY)
    offered = [(language(tag), interface(tag).is_draft) for tag in settings.SERAI_LANGUAGES]
    context = {"publishers": rows, "offered": offered, "hide_days": settings.SERAI_HIDE_AFTER_DAYS}
    keys = ["organisations", *(f"{kind}:{row.key}" for row in rows for kind in ("organisation", "tree"))]
    return kept(render(request, "web/about.html", {**context, **alternates("about")}), keys, midnight())


@require_safe
def exit_help(request: HttpRequest, lang: str) -> HttpResponse:
    """What "Leave" does, and what it cannot do."""
    context = {"exit_site": urlsplit(settings.SERAI_EXIT_URL).hostname, **alternates("exit_help")}
    return kept(render(request, "web/exit_help.html", context), [])


def alternates(name: str) -> dict[str, list[tuple[Language, str]]]:
    """The same page in each language of the house."""
    tags = settings.SERAI_LANGUAGES
    return {"alternates": [(language(tag), reverse(f"web:{name}", kwargs={"lang": tag})) for tag in tags]}


def midnight() -> datetime:
    """When today is over here: until then what is checked stays checked."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))


def kept(response: HttpResponse, keys: Iterable[str], until: datetime | None = None) -> HttpResponse:
    """Says that the page may be kept as a file until one of the keys is touched, or until a moment."""
    response.serai_keys = frozenset(keys)  # type: ignore[attr-defined]
    response.serai_expires = until  # type: ignore[attr-defined]
    return response
