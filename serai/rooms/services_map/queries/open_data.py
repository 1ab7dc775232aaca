"""The directory for other programs: what the public may see, as nested HSDS, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from serai.kernel.access.viewer import NOBODY, Viewer
from serai.lib.hsds.nested import to_nested
from serai.lib.hsds.ours import AUDIENCES, NEEDS, term_id

from ..access import findable
from ..exchange.leaving import tables_of, tables_of_organizations
from ..models import Offer, Organization, Service, ServiceAtLocation
from .browsing import tomorrow
from .open_closings import say_closings
from .open_terms import taxonomies, taxonomy_terms

PER_PAGE = 50
Nested = dict[str, Any]


class NotThere(LookupError):
    """No such row, or no page with that number; the message is a sentence for who asked."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks a table for. full: with all that stands under each row, not only what there is one of.

    organization_id, taxonomy_term_id and taxonomy_id narrow it down; "" does not.
    """

    page: int = 1
    per_page: int = PER_PAGE
    full: bool = False
    organization_id: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""


ALL = Asked()


@dataclass(frozen=True)
class Found:
    """What is answered, and until when it is true unless something changes."""

    told: Nested
    until: datetime


def services(*, viewer: Viewer, asked: Asked = ALL) -> QuerySet[Service]:
    """Services that are found, in a fixed order."""
    rows = Service.objects.filter(findable())
    if asked.organization_id:
        rows = rows.filter(organization_id=asked.organization_id)
    if asked.taxonomy_term_id:
        kind, key = searchable_terms()[asked.taxonomy_term_id]
        offers = Offer.objects.filter(need=key) if kind == "need" else Offer.objects.filter(tags__contains=f" {key} ")
        rows = rows.filter(pk__in=offers.values("service_id"))
    return rows.order_by("pk")


def organizations(*, viewer: Viewer, asked: Asked = ALL) -> QuerySet[Organization]:
    """Organisations that offer any of them."""
    offered = services(viewer=viewer, asked=asked).order_by().values("organization_id")
    return Organization.objects.filter(pk__in=offered).order_by("pk")


def service_at_locations(*, viewer: Viewer, asked: Asked = ALL) -> QuerySet[ServiceAtLocation]:
    """Services at their places."""
    offered = services(viewer=viewer, asked=asked).order_by()
    return ServiceAtLocation.objects.filter(service__in=offered).order_by("pk")


_ROWS: dict[str, Callable[..., QuerySet[Any]]] = {
    "services": services, "organizations": organizations, "service_at_locations": service_at_locations,
}  # fmt: skip


@lru_cache(maxsize=1)
def searchable_terms() -> dict[str, tuple[str, str]]:
    """Terms by which services can be found, by id: the needs and audiences that offers know."""
    known = [("need", key) for key in NEEDS] + [("audience", key) for key in AUDIENCES]
    return {term_id(kind, key): (kind, key) for kind, key in known}


def found_page(*, viewer: Viewer, table: str, asked: Asked) -> Found:
    """A page of a table as the standard lays it out. NotThere for a page behind the last."""
    rows: Any = _ROWS[table](viewer=viewer, asked=asked) if table in _ROWS else _words(table, asked.taxonomy_id)
    total = rows.count() if table in _ROWS else len(rows)
    last = max(1, -(-total // asked.per_page))
    if asked.page > last:
        raise NotThere(f"There is no page {asked.page}: the last one is {last}.")
    part = slice(asked.per_page * (asked.page - 1), asked.per_page * asked.page)
    if table in _ROWS:
        contents, until = _nested(table, list(rows.values_list("pk", flat=True)[part]))
        contents = contents if asked.full else [_brief(row) for row in contents]
    else:
        contents, until = rows[part], tomorrow()
    told = {
        "total_items": total,
        "total_pages": last,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page == last,
        "empty": not contents,
        "contents": contents,
    }
    return Found(told, until)


def found_row(*, viewer: Viewer, table: str, key: str) -> Found:
    """One row with all that stands under it. NotThere."""
    if table in _ROWS:
        pk = _uuid(key)
        there = _ROWS[table](viewer=viewer).filter(pk=pk).exists()
        rows, until = _nested(table, [pk] if there else [])
    else:
        rows, until = [row for row in _words(table) if row["id"] == key], tomorrow()
    if not rows:
        raise NotThere("There is nothing with this id.")
    return Found(rows[0], until)


def _words(table: str, taxonomy_id: str = "") -> list[Nested]:
    return taxonomies() if table == "taxonomies" else taxonomy_terms(taxonomy_id)


def _uuid(key: str) -> UUID:
    """Written in one way only: each other way of writing it would be kept as another answer."""
    try:
        found = UUID(key)
    except ValueError:
        raise NotThere("The id is no UUID.") from None
    if str(found) != key.lower():
        raise NotThere("Write the UUID with its four hyphens.")
    return found


def _nested(table: str, keys: Sequence[UUID]) -> tuple[list[Nested], datetime]:
    """Rows with all that stands under them, in the order of the keys, and when a closing said in them is over.

    Of a place only what may be known.
    """
    made = {"services": _services, "organizations": _organizations, "service_at_locations": _at}[table](keys)
    closed_until = say_closings(table, made, timezone.now()) if table != "organizations" else None
    by_id = {row["id"]: row for row in made}
    rows = [by_id[str(key)] for key in keys if str(key) in by_id]
    return rows, min(closed_until or tomorrow(), tomorrow())


def _services(keys: Sequence[UUID]) -> list[Nested]:
    return to_nested(tables_of(Service.objects.filter(pk__in=keys))).get("service", [])


def _organizations(keys: Sequence[UUID]) -> list[Nested]:
    """Each with all that belongs to it and, briefly, the services by which it is found. Not its places: those stand
    under the services, where it is said how exactly they may be known."""
    made = to_nested(tables_of_organizations(Organization.objects.filter(pk__in=keys))).get("organization", [])
    offered: dict[str, list[Nested]] = {}
    rows = services(viewer=NOBODY).filter(organization_id__in=keys)
    for pk, owner, cells, status in rows.values_list("pk", "organization_id", "cells", "status"):
        told = {"id": str(pk), "name": cells.get("name", ""), "status": status}
        offered.setdefault(str(owner), []).append(told)
    return [{**row, "services": offered.get(row["id"], [])} for row in made]


def _at(keys: Sequence[UUID]) -> list[Nested]:
    """Each with its place and, briefly, its service."""
    wanted, names = ServiceAtLocation.objects.filter(pk__in=keys), {str(key) for key in keys}
    found = []
    for service in _services(wanted.values("service_id")):  # type: ignore[arg-type]
        brief = {name: value for name, value in service.items() if not isinstance(value, list | dict)}
        # One of its own for each: what is said of one place must not stand at another.
        found += [{**at, "service": {**brief}} for at in service.get("service_at_locations", ()) if at["id"] in names]
    return found


def _brief(row: Nested) -> Nested:
    """Only what there is one of, as the standard's lists have it."""
    return {
        name: _brief(part) if isinstance(part, dict) else part for name, part in row.items() if type(part) is not list
    }
