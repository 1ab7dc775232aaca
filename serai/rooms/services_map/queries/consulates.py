"""Consulates of a state in a country. They show also when nobody has checked them for long, with the day of the data:
a list of years ago with its date helps more to find a telephone number than no list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import QuerySet

from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.models import FactLine, State
from serai.kernel.languages.words import Said
from serai.lib.geo import Point, about, distance

from ..access import shown
from ..models import Offer, Service
from ..sensitivity import known_point
from .lines import address_of, phone_of

NEED = "consulate"
MOST = 30


@dataclass(frozen=True)
class Consulate:
    """One consulate. place and address are empty unless they may be known; metres: from where somebody is, if known."""

    key: str
    name: Said
    place: Said
    address: str
    phone: str
    url: str
    email: str
    metres: int | None
    line: FactLine

    @property
    def is_old(self) -> bool:
        """Whether it was last checked so long ago that it may have moved or closed."""
        return self.line.state in {State.HIDDEN, State.UNCHECKED}


@dataclass(frozen=True)
class Found:
    """Consulates: the nearest first where a point is known, else by name. more: how many are left out."""

    rows: list[Consulate]
    more: int


def states(*, viewer: Viewer) -> list[str]:
    """ISO 3166-1 alpha-2 of all states of which the house knows a consulate, one that may not show yet included: the
    question asks one table only and stays quick with ten thousand. One query."""
    rows = Offer.objects.filter(need=NEED).order_by().values_list("tags", flat=True).distinct()
    return sorted({word[4:] for tags in rows for word in tags.split() if word.startswith("for:")})


def countries_with(*, viewer: Viewer, of: str) -> list[str]:
    """ISO 3166-1 alpha-2 of the countries in which a state has a consulate. One query."""
    rows = _rows().filter(tags__contains=f" for:{of} ").order_by().values_list("tags", flat=True).distinct()
    return sorted({word[3:] for tags in rows for word in tags.split() if word.startswith("in:")})


def consulates_of(
    *, viewer: Viewer, of: str, country: str, tag: str, point: Point | None = None, key: str = ""
) -> Found:
    """Consulates of the state `of` in a country (both ISO 3166-1 alpha-2); key: only this one. One query."""
    rows = _rows().filter(tags__contains=f" for:{of} ").filter(tags__contains=f" in:{country} ")
    if key:
        rows = rows.filter(service_id=key)
    related = ("service__organization", "service__fact", "at__location")
    found = {offer.service_id: _consulate(offer, tag, point) for offer in rows.select_related(*related)}
    far = float("inf")
    ordered = sorted(
        found.values(), key=lambda row: (row.metres if row.metres is not None else far, row.name.text, row.key)
    )
    return Found(ordered[:MOST], len(ordered[MOST:]))


def _rows() -> QuerySet[Offer]:
    """What is offered as a consulate and may be opened, however old: not only what is still found."""
    return Offer.objects.filter(shown("service__"), need=NEED)


def _consulate(offer: Offer, tag: str, point: Point | None) -> Consulate:
    service: Service = offer.service
    location = offer.at.location if offer.at else None
    there = known_point(location) if location else None
    organization = service.organization.cells
    return Consulate(
        key=str(service.pk),
        name=service.said("name", tag),
        place=location.said("name", tag) if location else Said("", tag),
        address=address_of(location.children) if location else "",
        phone=phone_of(service, offer.at),
        url=service.cells.get("url", "") or organization.get("website", ""),
        email=service.cells.get("email", "") or organization.get("email", ""),
        metres=about(distance(point, there)) if point and there else None,
        line=_line(service),
    )


def _line(service: Service) -> FactLine:
    """The facts line. A table of others names the state that runs the consulate, which has not checked the table."""
    line = service.fact.line()
    said = line.checked_by == service.organization.cells.get("name", "")
    return replace(line, checked_by="") if said else line
