"""What staff see of the directory of their own publishers, exact places included for those who edit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from serai.kernel.access.models import Organisation
from serai.kernel.access.sealed import CannotOpen
from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.words import Said
from serai.lib.hours import Rule

from ..access import EDITOR, publishers_of
from ..hours import hours_of, zone_of
from ..models import Location, Organization, Service, ServiceAtLocation
from ..sensitivity import name_for_staff, whole_of
from ..week import Week, week_of
from .lines import address_of

MOST_PLACES = 60


@dataclass(frozen=True)
class Place:
    """A place of a service on the desk. address: None where it was sealed under another key of the house."""

    key: str
    name: Said
    address: str | None
    sensitivity: str
    label: str


def edited_publishers(*, viewer: Viewer) -> QuerySet[Organisation]:
    """Publishers whose directory the viewer may change."""
    return Organisation.objects.filter(pk__in=viewer.organisations(EDITOR)).order_by("key")


def services(*, viewer: Viewer, words: str = "") -> QuerySet[Service]:
    """Services of the viewer's publishers; words: part of a name in the language it was written in."""
    rows = _mine(viewer).select_related("organization", "fact").order_by("cells__name", "pk")
    if words:
        rows = rows.filter(Q(cells__name__icontains=words) | Q(organization__cells__name__icontains=words))
    return rows


def service_for(*, viewer: Viewer, pk: UUID | str) -> Service | None:
    """One of them, or None."""
    return _mine(viewer).filter(pk=pk).select_related("organization", "fact").prefetch_related("at__location").first()


def location_for(*, viewer: Viewer, pk: UUID | str) -> Location | None:
    """A place of the viewer's publishers, or None."""
    return Location.objects.filter(pk=pk, publisher_id__in=publishers_of(viewer)).first()


def places_of(*, viewer: Viewer, service: Service, tag: str) -> list[Place]:
    """The places of a service."""
    return [
        Place(
            str(row.location_id),
            name_for_staff(row.location, tag),
            _address(row.location),
            row.location.sensitivity,
            row.location.get_sensitivity_display(),
        )
        for row in service.at.all()
    ]


def rules_to_edit(service: Service, at: ServiceAtLocation | None) -> tuple[Rule, ...]:
    """The rules with which a form of hours begins: those that hold at the place, or else of the service. A service
    without hours of its own has those of its first place."""
    first = at or next(iter(service.at.all()), None)
    if first is not None and at is None and (first.hours or first.under("schedule")):
        first = None
    return hours_of(service, first, service.language).rules


def weeks_of(service: Service, tag: str) -> list[tuple[ServiceAtLocation | None, Week]]:
    """How the hours of a service read: where several places have their own, each of them."""
    rows: list[ServiceAtLocation | None] = [*service.at.all()] or [None]
    if len({(row.hours, str(row.under("schedule"))) for row in rows if row}) < 2:
        rows = rows[:1]
    found = []
    for row in rows:
        today = timezone.now().astimezone(ZoneInfo(zone_of(row.location if row else None))).date()
        found.append((row, week_of(hours_of(service, row, tag, today=today), today)))
    return found


def places_of_organization(*, viewer: Viewer, organization: Organization) -> list[Location]:
    """Places of the viewer's publishers at which an organisation offers something, or that are its own."""
    mine = Location.objects.filter(publisher_id__in=publishers_of(viewer))
    known = Q(organization=organization) | Q(at__service__organization=organization)
    return list(mine.filter(known).distinct().order_by("pk")[:MOST_PLACES])


def services_at(*, viewer: Viewer, location: Location, tag: str) -> list[Said]:
    """What is offered at a place."""
    rows = ServiceAtLocation.objects.filter(location=location).select_related("service")
    return [row.service.said("name", tag) for row in rows]


def _address(location: Location) -> str | None:
    try:
        return address_of(whole_of(location).children)
    except CannotOpen:
        return None


def _mine(viewer: Viewer) -> QuerySet[Service]:
    return Service.objects.filter(publisher_id__in=publishers_of(viewer))
