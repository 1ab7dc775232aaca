"""Rows of the house as tables of HSDS: for files, for the API, for other houses.

Columns of a place hold what anybody may know (sensitivity.py): nothing here opens what is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from serai.lib.geo import to_position
from serai.lib.hsds.ours import Extras, Thing, table_of, with_extras
from serai.lib.hsds.schema import FILES
from serai.lib.tables import Table

from ..models import KeptRow, Location, Organization, Row, Service, ServiceAtLocation
from ..sensitivity import known_point

AT_ONCE = 1000
Cells = dict[str, Any]


def tables_of(services: QuerySet[Service], *, kept: bool = False) -> dict[str, Table]:
    """Tables of services with all that belongs to them, in the order of the standard.

    kept: with the rows of their publishers that stand under nothing. Whatever is not public of a place is left out.
    """
    leaving = _Leaving()
    publishers = set()
    for service in services.select_related("fact").order_by("pk").iterator(chunk_size=AT_ONCE):
        leaving.service(service)
        publishers.add(service.publisher_id)
    for part in _parts(sorted(leaving.services)):
        for at in ServiceAtLocation.objects.filter(service_id__in=part).select_related("location").order_by("pk"):
            leaving.at(at)
    for part in _parts(sorted(leaving.organizations)):
        for organization in Organization.objects.filter(pk__in=part).order_by("pk"):
            leaving.organization(organization)
    if kept:
        for row in KeptRow.objects.filter(Q(publisher_id__in=publishers)):
            leaving.rows.setdefault(row.table, []).append(row.cells)
    return leaving.tables()


def tables_of_organizations(rows: QuerySet[Organization]) -> dict[str, Table]:
    """Tables of organisations with what belongs to them alone: no service, no place."""
    leaving = _Leaving()
    for organization in rows.order_by("pk"):
        leaving.organization(organization)
    return leaving.tables()


class _Leaving:
    """Rows by table, and what they say that the standard has no field for."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Cells]] = {}
        self.extras: dict[Thing, Extras] = {}
        self.services: set[Any] = set()
        self.organizations: set[Any] = set()
        self.seen: set[Thing] = set()

    def tables(self) -> dict[str, Table]:
        made = {name: table_of(name, self.rows[name]) for name in FILES if name in self.rows}
        return with_extras(made, self.extras)

    def service(self, row: Service) -> None:
        fact = row.fact
        self.services.add(row.pk)
        self.organizations.add(row.organization_id)
        links = {"organization_id": str(row.organization_id), "status": row.status}
        links["assured_date"] = fact.checked_on.isoformat() if fact.checked_on else ""
        self._put("service", row, {**row.cells, **links}, row.children, Extras(
            translations=_translations(row.texts), needs=tuple(row.needs), audience=tuple(row.audiences),
            operates_for=tuple(row.operates_for), written_in=row.language, opening_hours=row.hours,
            papers_asked=row.papers_asked, free=row.free, source_name=fact.source_name, source_url=fact.source_url,
            review_by=fact.review_by.isoformat() if fact.review_by else "",
            valid_from=row.valid_from.isoformat() if row.valid_from else "",
            valid_to=row.valid_to.isoformat() if row.valid_to else "",
        ))  # fmt: skip

    def organization(self, row: Organization) -> None:
        extras = Extras(translations=_translations(row.texts), written_in=row.language)
        self._put("organization", row, dict(row.cells), row.children, extras)

    def at(self, row: ServiceAtLocation) -> None:
        links = {"service_id": str(row.service_id), "location_id": str(row.location_id)}
        extras = Extras(translations=_translations(row.texts), written_in=row.language, opening_hours=row.hours)
        self._put("service_at_location", row, {**row.cells, **links}, row.children, extras)
        if ("location", str(row.location_id)) not in self.seen:
            self.location(row.location)

    def location(self, row: Location) -> None:
        point = known_point(row)
        cells = dict(row.cells)
        if row.organization_id:
            cells["organization_id"] = str(row.organization_id)
            self.organizations.add(row.organization_id)
        if point:
            longitude, latitude = to_position(point)
            cells |= {"latitude": _number(latitude), "longitude": _number(longitude)}
        self._put("location", row, cells, row.children, Extras(
            translations=_translations(row.texts), written_in=row.language, opening_hours=row.hours,
            timezone=row.timezone, country=row.country, step_free=row.step_free, sensitivity=row.sensitivity,
        ))  # fmt: skip

    def _put(self, table: str, row: Row, cells: Cells, children: dict[str, list[Cells]], extras: Extras) -> None:
        self.rows.setdefault(table, []).append({**cells, "id": str(row.pk)})
        self.extras[table, str(row.pk)] = extras
        self.seen.add((table, str(row.pk)))
        for name, under in children.items():
            for child in under:
                plain = {key: text for key, text in child.items() if key != "texts"}
                self.rows.setdefault(name, []).append(plain)
                if child.get("texts"):
                    self.extras[name, str(child["id"])] = Extras(translations=_translations(child["texts"]))


def _translations(texts: dict[str, dict[str, str]]) -> dict[tuple[str, str], str]:
    return {(name, tag): text for tag, said in texts.items() for name, text in said.items() if text}


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _parts(keys: list[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(keys), AT_ONCE):
        yield keys[at : at + AT_ONCE]
