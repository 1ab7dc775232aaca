"""Consulates: which there are of one's state in the country where one is, and a card of one to print and carry.

Both questions stand in the address, which is what makes the page work without anything kept: it says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from serai.kernel.access.viewer import NOBODY
from serai.kernel.places.towns import Somewhere, country_name
from serai.lib.fold import fold
from serai.lib.phone import emergency_numbers, numbers_source

from ..queries.consulates import Found, consulates_of, countries_with, states
from ..somewhere import country_named, somewhere
from .public import alternates

ON_A_CARD = 3
CONVENTION = {
    "name": "Vienna Convention on Consular Relations, 24 April 1963, articles 5, 36, 55",
    "url": "https://legal.un.org/ilc/texts/instruments/english/conventions/9_2_1963.pdf",
    "language": "en",
}
"""Who says what a consulate may and may not do."""


@dataclass(frozen=True)
class Where:
    """The country in which somebody is (a code), the town if one was named, other towns of that name, or why none."""

    country: str = ""
    town: Somewhere | None = None
    others: tuple[Somewhere, ...] = ()
    says: Any = ""


@require_safe
def consulates(request: HttpRequest, lang: str) -> HttpResponse:
    """Choose a state and say where you are; then its consulates there."""
    of, where = _code(request, "of"), _where(request, lang)
    asked = bool(of and where.country)
    found, elsewhere = Found([], 0), list[tuple[str, str]]()
    if asked:
        point = where.town.point if where.town else None
        found = consulates_of(viewer=NOBODY, of=of, country=where.country, tag=lang, point=point)
    if asked and not found.rows:
        elsewhere = _named(countries_with(viewer=NOBODY, of=of), lang)
    name = country_name(where.country, lang) if where.country else ""
    context = {
        "states": _named(states(viewer=NOBODY), lang),
        "of": of,
        "of_name": country_name(of, lang),
        "where": where,
        "country_name": name,
        "place": request.GET.get("place", name),
        "asked": asked,
        "found": found,
        "elsewhere": elsewhere,
        "convention": CONVENTION,
        "address": request.get_full_path(),
        "alternates": alternates("consulates", request),
    }
    return render(request, "services_map/consulates.html", context)


@require_safe
def card(request: HttpRequest, lang: str) -> HttpResponse:
    """A card to print: the consulate, the emergency numbers of the country, a person to talk to."""
    of, country = _code(request, "of"), _code(request, "in")
    found = Found([], 0)
    if of and country:
        found = consulates_of(viewer=NOBODY, of=of, country=country, tag=lang, key=_key(request))
    context = {
        "of_name": country_name(of, lang),
        "country_name": country_name(country, lang),
        "rows": found.rows[:ON_A_CARD],
        "numbers": emergency_numbers(country),
        "source": numbers_source(),
        "address": request.get_full_path(),
        "alternates": alternates("consulate_card", request),
    }
    return render(request, "services_map/consulate_card.html", context, status=200 if found.rows else 404)


def _where(request: HttpRequest, lang: str) -> Where:
    country, text = _code(request, "in"), request.GET.get("place", "")
    if country or not request.GET:
        return Where(country)
    if country := country_named(text, lang):
        return Where(country)
    meant = somewhere(text, lang)
    places = [place for place in meant.places if place.country]
    if not places:
        return Where(says=_("Write the name of a country or a town."))
    first = places[0]
    return Where(first.country, first, tuple(place for place in places[1:] if place.country != first.country))


def _code(request: HttpRequest, name: str) -> str:
    """A country's code from the address, "" where it is none."""
    code = request.GET.get(name, "").upper()
    return code if re.fullmatch("[A-Z]{2}", code) and country_name(code, "en") != code else ""


def _key(request: HttpRequest) -> str:
    try:
        return str(UUID(request.GET.get("id", "")))
    except ValueError:
        return ""


def _named(codes: list[str], lang: str) -> list[tuple[str, str]]:
    """Codes with the countries' names in a language, in the order of the names."""
    return sorted(((code, country_name(code, lang)) for code in codes), key=lambda row: fold(row[1]))
