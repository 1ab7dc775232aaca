"""What staff see of the directory of their own publishers, exact places included for those who edit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from serai.kernel.access.sealed import CannotOpen
from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.words import Said

from ..access import publishers_of
from ..models import Location, Service, ServiceAtLocation
from ..sensitivity import name_for_staff, whole_of
from .lines import address_of


@dataclass(frozen=True)
class Place:
    """A place of a service on the desk. address: None where it was sealed under another key of the house."""

    key: str
    name: Said
    address: str | None
    sensitivity: str
    label: str


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
