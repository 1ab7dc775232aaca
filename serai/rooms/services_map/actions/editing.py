"""What a service says of itself, changed on the desk: texts, hours, a new one. Everything that shows it follows.

Whoever saves says which state of the row was seen, so that two editors at once cannot undo each other unknowingly.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from django.db import transaction

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.facts.actions import check_still_true, state_fact
from serai.kernel.languages.registry import known, language
from serai.kernel.ledger.actions import record
from serai.lib.hours_osm import read_osm

from ..access import may_edit
from ..keys import DIRECTORY, fact_key, service_touch
from ..models import Location, Organization, Row, Sensitivity, Service, ServiceAtLocation
from ..sensitivity import keep, whole_of
from .offering import make_offers
from .placing import MayNotEdit

_STATE = (
    "cells", "texts", "children", "status", "needs", "languages", "audiences", "papers_asked", "free", "hours",
)  # fmt: skip


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed the row since it was shown."""


@dataclass(frozen=True)
class ServiceSaid:
    """What a service shall say. cells: HSDS field -> text, "" takes it away. under: HSDS table -> rows in their order,
    each with its cells and, if it stood before, its id; a row that is not named goes."""

    cells: Mapping[str, str]
    needs: list[str]
    languages: list[str]
    audiences: list[str]
    papers_asked: str
    free: str
    status: str
    under: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)


def seen_state(row: Row) -> str:
    """What names the state of a row: the same text for the same row, another as soon as anything in it changed."""
    said = {name: getattr(row, name) for name in _STATE if hasattr(row, name)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


@transaction.atomic
def edit_service(*, by: User, service: Service, seen: str, said: ServiceSaid, checked: bool = False) -> Service:
    """Changes a service in its own language. checked: everything was looked at with the service today.

    Raises MayNotEdit, ChangedMeanwhile, MayNotCheck.
    """
    row = _held(by, service, seen)
    row.cells = {name: text for name, text in {**row.cells, **said.cells}.items() if text}
    row.needs, row.languages, row.audiences = said.needs, said.languages, said.audiences
    row.papers_asked, row.free, row.status = said.papers_asked, said.free, said.status
    children = dict(row.children)
    for table, rows in said.under.items():
        children[table] = [_under(row, table, cells) for cells in rows]
    children["language"] = _spoken(row, said.languages)
    row.children = {table: rows for table, rows in children.items() if rows}
    return _saved(by, row, "services_map.service_changed", checked)


@transaction.atomic
def translate_service(
    *, by: User, service: Service, seen: str, tag: str, texts: Mapping[str, str],
    under: Mapping[tuple[str, str], Mapping[str, str]],
) -> Service:  # fmt: skip
    """Says the texts of a service in another language. texts: field -> text, "" takes it away; under: the same by HSDS
    table and id of the row. Raises MayNotEdit, ChangedMeanwhile."""
    row = _held(by, service, seen)
    row.texts = _with(row.texts, tag, texts)
    for (table, pk), said in under.items():
        for child in row.under(table):
            if child.get("id") == pk:
                child["texts"] = _with(child.get("texts", {}), tag, said)
    return _saved(by, row, "services_map.service_changed")


@transaction.atomic
def set_hours(
    *, by: User, service: Service, at: ServiceAtLocation | None = None, seen: str, hours: str, checked: bool = False
) -> None:
    """Says when a service is open, or with `at` when it is at this one of its places ("" there: as everywhere).

    Replaces the rows of HSDS schedule, which would say something else. Raises MayNotEdit, ChangedMeanwhile, HoursError,
    CannotOpen.
    """
    read_osm(hours)
    locked = _held(by, service, seen_state(service) if at else seen)
    row: Service | ServiceAtLocation = locked
    sensitivity: str = Sensitivity.PUBLIC
    if at is not None:
        found = ServiceAtLocation.objects.select_for_update(of=("self",)).select_related("location")
        row = there = found.get(pk=at.pk, service=service)
        if seen_state(row) != seen:
            raise ChangedMeanwhile(str(row.pk))
        sensitivity = there.location.sensitivity
    whole = whole_of(row)
    unsaid = {table: rows for table, rows in whole.children.items() if table != "schedule"}
    keep(row, replace(whole, children=unsaid, hours=hours), sensitivity)
    row.changed_here = True
    row.save()
    _saved(by, locked, "services_map.hours_changed", checked)


@transaction.atomic
def add_service(
    *, by: User, organization: Organization, tag: str, name: str, needs: list[str], location: Location | None = None
) -> Service:
    """A new service of an organisation, at one of its publisher's places or at none; nobody has checked it yet.

    Raises MayNotEdit, also for a place of another publisher.
    """
    if not may_edit(viewer_for(by), organization.publisher_id):
        raise MayNotEdit(str(organization.pk))
    if location is not None:
        # Held, so that nobody hides it between the reading of its point and the offer that is made of it.
        location = Location.objects.select_for_update().get(pk=location.pk)
        if location.publisher_id != organization.publisher_id:
            raise MayNotEdit(str(location.pk))
    pk = uuid4()
    owner = organization.cells.get("name", "")
    fact = state_fact(by=by, key=fact_key(pk), organisation=organization.publisher, source_name=owner[:200])
    row = Service.objects.create(
        pk=pk, publisher_id=organization.publisher_id, organization=organization, language=language(tag).tag,
        cells={"name": name}, needs=needs, fact=fact, changed_here=True,
    )  # fmt: skip
    if location is not None:
        ServiceAtLocation.objects.create(
            publisher_id=row.publisher_id, service=row, location=location, language=row.language, changed_here=True
        )
    return _saved(by, row, "services_map.service_changed")


def _held(by: User, service: Service, seen: str) -> Service:
    row = Service.objects.select_for_update().get(pk=service.pk)
    if not may_edit(viewer_for(by), row.publisher_id):
        raise MayNotEdit(str(row.pk))
    if seen_state(row) != seen:
        raise ChangedMeanwhile(str(row.pk))
    return row


def _saved(by: User, row: Service, event: str, checked: bool = False) -> Service:
    row.changed_here = True
    row.save()
    make_offers([row.pk])
    record(event, subject=f"services_map.service:{row.pk}", by=str(by.pk), touches={DIRECTORY, service_touch(row.pk)})
    if checked:
        check_still_true(by=by, fact=row.fact)
    return row


def _under(service: Service, table: str, said: Mapping[str, str]) -> dict[str, Any]:
    """A row under the service: as it stood, with what is said now."""
    standing = next((row for row in service.under(table) if row.get("id") == said.get("id")), None)
    before = standing or {"id": str(uuid4()), "service_id": str(service.pk)}
    changed = {name: text for name, text in said.items() if name != "id"}
    return {name: text for name, text in {**before, **changed}.items() if text}


def _spoken(service: Service, tags: Iterable[str]) -> list[dict[str, Any]]:
    """Rows of HSDS language that say the same as the tags; those of a language the house does not know stay."""
    wanted = set(tags)
    kept = []
    for row in service.under("language"):
        code = str(row.get("code") or "")
        tag = language(code).tag if known(code) else ""
        if not tag or tag in wanted:
            kept.append(row)
            wanted.discard(tag)
    new = [
        {"id": str(uuid4()), "service_id": str(service.pk), "code": tag, "name": language(tag).english}
        for tag in sorted(wanted)
    ]
    return [*kept, *new]


def _with(texts: Mapping[str, Mapping[str, str]], tag: str, said: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Texts by tag, those of one tag replaced by what is said; what is not named stays."""
    merged = {name: text for name, text in {**texts.get(tag, {}), **said}.items() if text}
    rest = {other: dict(spoken) for other, spoken in texts.items() if other != tag}
    return {**rest, tag: merged} if merged else rest
