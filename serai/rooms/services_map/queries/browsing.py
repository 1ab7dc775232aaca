"""One service as the public reads it, and how much there is of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.models import FactLine, State
from serai.kernel.languages.words import Said

from ..access import findable, shown
from ..hours import hours_of
from ..models import Offer, Service, ServiceAtLocation
from ..week import Week, week_of
from .days import Days, days_of
from .exceptions import exceptions_of, state_now
from .lines import Line, line_of, said_under

_TEXTS = (
    "description", "eligibility_description", "application_process", "fees_description", "interpretation_services",
    "wait_time", "alert",
)  # fmt: skip


@dataclass(frozen=True)
class At:
    """A service at one of its places: line, hours of the week, directions. place_texts only where they may be known."""

    line: Line
    week: Week
    directions: Said
    place_about: Said


@dataclass(frozen=True)
class ServicePage:
    """All that the public reads of a service. hidden: nobody has checked it for so long that details do not show."""

    key: str
    name: Said
    organization: Said
    organization_about: Said
    texts: dict[str, Said]
    documents: list[Said]
    costs: list[dict[str, Any]]
    at: list[At]
    phones: list[dict[str, Any]]
    url: str
    email: str
    line: FactLine
    first: Line
    hours_changes: list[Days]

    @property
    def hidden(self) -> bool:
        """Whether the details are too old to show."""
        return self.line.state is State.HIDDEN


def service_page(*, viewer: Viewer, pk: UUID, tag: str, at: datetime | None = None) -> ServicePage | None:
    """A service by its id, also when it is too old to be found; None when the public may not see it."""
    service = Service.objects.filter(shown(), pk=pk).select_related("organization", "fact").first()
    if service is None:
        return None
    instant = at or timezone.now()
    places = list(ServiceAtLocation.objects.filter(service=service).select_related("location").order_by("id")[:20])
    exceptions = exceptions_of([service.pk], [row.location_id for row in places], instant)
    rows = []
    at_places: list[ServiceAtLocation | None] = [*places] or [None]
    for row in at_places:
        changes, closures = exceptions.of(service.pk, row.location_id if row else None)
        hours = hours_of(service, row, tag, changes=changes, closures=closures)
        line = line_of(service, row, state_now(service, row, exceptions, tag, instant), tag, None)
        directions = row.location.said("transportation", tag) if row else Said("", tag)
        about = row.said("description", tag) if row else Said("", tag)
        rows.append(At(line, week_of(hours, timezone.localtime(instant).date()), directions, about))
    return _page(service, rows, places, exceptions.changes.get(service.pk, []), tag)


def _page(
    service: Service, rows: list[At], places: list[ServiceAtLocation], changes: list[Any], tag: str
) -> ServicePage:
    texts = {name: service.said(name, tag) for name in _TEXTS}
    return ServicePage(
        key=str(service.pk),
        name=service.said("name", tag),
        organization=service.organization.said("name", tag),
        organization_about=service.organization.said("description", tag),
        texts={name: said for name, said in texts.items() if said.text},
        documents=[
            said for row in service.under("required_document")
            if (said := said_under(row, "document", service.language, tag)).text
        ],
        costs=[row for row in service.under("cost_option") if row.get("amount") or row.get("amount_description")],
        at=rows,
        phones=_phones(service, places, tag),
        url=service.cells.get("url", "") or service.organization.cells.get("website", ""),
        email=service.cells.get("email", "") or service.organization.cells.get("email", ""),
        line=service.fact.line(),
        first=rows[0].line,
        hours_changes=[days_of(row, tag) for row in changes],
    )  # fmt: skip


def _phones(service: Service, places: list[ServiceAtLocation], tag: str) -> list[dict[str, Any]]:
    """Every number once, the most exact first, with what it is for."""
    found: dict[str, dict[str, Any]] = {}
    for row in (*places, service, *(place.location for place in places), service.organization):
        for phone in row.under("phone"):
            about = said_under(phone, "description", row.language, tag)
            found.setdefault(str(phone.get("number")), {"number": phone.get("number"), "about": about})
    return list(found.values())


def counts_by_need(*, viewer: Viewer) -> dict[str, int]:
    """How many services are found for each need."""
    rows = Offer.objects.filter(findable("service__")).values("need").annotate(count=Count("service_id", distinct=True))
    return {row["need"]: row["count"] for row in rows}


def tomorrow() -> datetime:
    """When today is over here: until then what is fresh stays fresh."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), time()))
