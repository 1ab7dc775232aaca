"""The directory for other programs: what the public may see, as nested HSDS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from serai.kernel.access.viewer import Viewer
from serai.lib.hsds.nested import to_nested

from ..access import findable
from ..exchange.leaving import tables_of
from ..models import Organization, Service, ServiceAtLocation


def services(*, viewer: Viewer) -> QuerySet[Service]:
    """Services that are found, in a fixed order."""
    return Service.objects.filter(findable()).order_by("pk")


def organizations(*, viewer: Viewer) -> QuerySet[Organization]:
    """Organisations that offer any of them."""
    return Organization.objects.filter(pk__in=services(viewer=viewer).values("organization_id")).order_by("pk")


def service_at_locations(*, viewer: Viewer) -> QuerySet[ServiceAtLocation]:
    """Services at their places."""
    return ServiceAtLocation.objects.filter(service__in=services(viewer=viewer)).order_by("pk")


def nested(table: str, keys: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows with all that stands under them, in the order of the keys; of a place only what may be known."""
    if table == "services":
        found = to_nested(tables_of(Service.objects.filter(pk__in=keys))).get("service", [])
    elif table == "organizations":
        found = _organizations(keys)
    else:
        found = _at(keys)
    by_id = {row["id"]: row for row in found}
    return [by_id[str(key)] for key in keys if str(key) in by_id]


def _organizations(keys: Sequence[Any]) -> list[dict[str, Any]]:
    rows = to_nested(tables_of(Service.objects.filter(findable(), organization_id__in=keys)))
    return [service["organization"] for service in rows.get("service", [])]


def _at(keys: Sequence[Any]) -> list[dict[str, Any]]:
    """Each with its place and, briefly, its service."""
    wanted = ServiceAtLocation.objects.filter(pk__in=keys)
    rows = to_nested(tables_of(Service.objects.filter(pk__in=wanted.values("service_id"))))
    found = []
    for service in rows.get("service", []):
        brief = {name: value for name, value in service.items() if not isinstance(value, list | dict)}
        found += [{**at, "service": brief} for at in service.get("service_at_locations", ())]
    return found
