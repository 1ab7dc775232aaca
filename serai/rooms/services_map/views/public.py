"""Public pages of the services map. Whether a place is open is computed when it is asked, so none is kept as a file."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from serai.engine.shell.headers import public_csp
from serai.kernel.access.viewer import NOBODY
from serai.kernel.languages.registry import Language, language
from serai.kernel.places.towns import Somewhere

from ..drawing import drawing
from ..forms import NearForm
from ..keys import DIRECTORY
from ..needs import GROUPS, LAYERS, grouped
from ..queries import browsing
from ..queries.near import Near, services_near
from ..somewhere import Meant, point_of, somewhere
from ..tiles import tiles_for

FIRST_VIEW_KB = 14
"""What a list near a place weighs at most, map included (tests/test_map.py)."""


def alternates(name: str, asked: HttpRequest | None = None, **more: object) -> list[tuple[Language, str]]:
    """The same page in each language that the house offers. asked: with the question that stands in its address."""
    query = f"?{asked.META['QUERY_STRING']}" if asked and asked.META.get("QUERY_STRING") else ""
    tags = settings.SERAI_LANGUAGES
    return [(language(tag), reverse(f"services_map:{name}", kwargs={"lang": tag, **more}) + query) for tag in tags]


@require_http_methods(["GET", "HEAD", "POST"])
def near(request: HttpRequest, lang: str) -> HttpResponse:
    """Help near a town (in the address, to be shared), or near a point that the device rounded (in the body, kept by
    nobody)."""
    form = NearForm(request.POST if request.method == "POST" else request.GET if request.GET else None)
    form.is_valid()
    meant = _meant(request, form, lang)
    found = Near()
    if meant.places:
        found = services_near(viewer=NOBODY, point=meant.places[0].point, wanted=form.wanted, tag=lang)
    point = meant.places[0].point if meant.places else None
    drawn = drawing(found.places, point) if point else None
    tiles = tiles_for(drawn, point)
    context = {
        "form": form,
        "here": meant.places[0] if meant.places else None,
        "others": meant.places[1:],
        "says": meant.says if request.GET or request.POST else "",
        "found": found,
        "drawn": drawn,
        "tiles": tiles,
        "layers": [(GROUPS[group], grouped()[group]) for group in LAYERS],
        "address": request.get_full_path() if request.method == "GET" else "",
        "kilobytes": FIRST_VIEW_KB,
        "today": timezone.localdate(),
        "alternates": alternates("near", request),
        "by_device": request.method == "POST",
    }
    answer = render(request, "services_map/near.html", context)
    policy = public_csp().replace("img-src ", f"img-src {tiles.origin} ") if tiles else public_csp()
    answer.headers["Content-Security-Policy"] = f"{policy}; script-src 'self'"
    answer.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=(), browsing-topics=()"
    answer.headers["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    return answer


def _meant(request: HttpRequest, form: NearForm, lang: str) -> Meant:
    point = point_of(request.POST.get("latitude", ""), request.POST.get("longitude", ""))
    if request.method == "POST" and point is not None:
        return Meant([Somewhere("", "", "", point)])
    return somewhere(form.cleaned_data.get("place", "") if form.is_bound else "", lang)


@require_safe
def service(request: HttpRequest, lang: str, pk: UUID) -> HttpResponse:
    """One service: what it is, when it is open, what is asked, how to reach it."""
    found = browsing.service_page(viewer=NOBODY, pk=pk, tag=lang)
    if found is None:
        raise Http404
    return render(request, "services_map/service.html", {"page": found, "alternates": alternates("service", pk=pk)})


@require_safe
def kinds(request: HttpRequest, lang: str) -> HttpResponse:
    """What there is, by what people need: each a link to the list near a place."""
    counts = browsing.counts_by_need(viewer=NOBODY)
    known = {
        group: [(need, counts[need.key]) for need in rows if counts.get(need.key)] for group, rows in grouped().items()
    }
    context = {
        "groups": [(GROUPS[group], rows) for group, rows in known.items() if rows],
        "alternates": alternates("kinds"),
    }
    answer = render(request, "services_map/kinds.html", context)
    answer.serai_keys = frozenset({DIRECTORY})  # type: ignore[attr-defined]
    answer.serai_expires = browsing.tomorrow()  # type: ignore[attr-defined]
    return answer
