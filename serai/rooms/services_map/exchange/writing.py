"""Rows that arrived become rows of the house: what is new, what changed, what this house keeps as it is.

One transaction: a process that is killed in the middle leaves nothing behind. What is not in the files stays. Places
that are not public never lose what an export of them had to leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, TypeGuard
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from serai.kernel.access.models import Organisation, User
from serai.kernel.facts.actions import state_facts
from serai.kernel.ledger.actions import record
from serai.kernel.register.inserting import insert
from serai.lib.hsds.problems import Problem

from ..actions.offering import make_new_offers, make_offers
from ..actions.placing import keep_again
from ..keys import DIRECTORY, fact_key, service_touch
from ..models import KeptRow, Location, Organization, Row, Sensitivity, Service, ServiceAtLocation
from ..sensitivity import Whole, keep, whole_of
from .arriving import TOP, Arrival, Coming
from .columns import FILLS, Setting, fact_stated
from .report import Report
from .withheld import put_back

AT_ONCE = 500
MODELS: dict[str, type[Row]] = {
    "organization": Organization, "service": Service, "location": Location, "service_at_location": ServiceAtLocation,
}  # fmt: skip


TABLES = {model: table for table, model in MODELS.items()}
HELD = ("location", "organization", "service", "service_at_location")
"""In this order rows are held until all is written: who seals a place during an import has the last word."""
# Columns that are made of the whole of a row (sensitivity.keep), and compared with it.
IN_WHOLE = {"latitude", "longitude", "hours", "sealed"}


class Refused(Exception):
    """Something is wrong; nothing was written. The report says what."""


@transaction.atomic
def write_directory(
    arrival: Arrival,
    report: Report,
    *,
    by: User | None,
    publisher: Organisation,
    tag: str,
    places: str = "",
    theirs: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda _n: None,
) -> None:
    """Writes all rows, or raises Refused. places: Sensitivity of new places; "" is contact only, and what the files
    say of it counts only where it is stricter, or where `places` is "as-said". Places that stand become no more open,
    but with "as-said" and `theirs`, which replaces what was changed here.
    """
    writing = _Writing(arrival, report, publisher, tag, places, theirs)
    writing.plan()
    if report.is_refused:
        raise Refused
    if dry_run:
        return
    writing.write(by, progress)
    if writing.changed:
        touches = {DIRECTORY, *(service_touch(pk) for pk in writing.services_touched)}
        subject = f"services_map.directory:{publisher.pk}"
        record("services_map.directory_imported", subject=subject, by=str(by.pk) if by else "", touches=touches)


class _Writing:
    """What stands, what comes, and what has to be done about it."""

    def __init__(
        self, arrival: Arrival, report: Report, publisher: Organisation, tag: str, places: str, theirs: bool
    ) -> None:
        self.arrival, self.report, self.publisher, self.theirs = arrival, report, publisher, theirs
        self.setting = Setting(arrival, publisher, tag, places, theirs)
        self.standing: dict[str, dict[UUID, Row]] = {}
        self.new: dict[str, list[Row]] = {table: [] for table in TOP}
        self.changed_rows: dict[str, list[Row]] = {table: [] for table in TOP}
        self.sensitivities: dict[UUID, str] = {}
        self.services_touched: set[UUID] = set()

    @property
    def changed(self) -> bool:
        """Whether anything is to be written."""
        return any(self.new.values()) or any(self.changed_rows.values())

    def plan(self) -> None:
        """Compares row by row; writes nothing."""
        found: list[Problem] = []
        for table in HELD:
            self.standing[table] = _standing(MODELS[table], list(self.arrival.rows[table]))
        self.setting.see(self.standing["service"])
        unreadable = list(put_back(self.arrival, self.standing, self.setting.tag_of))
        for table in TOP if not unreadable else ():
            for coming in self.arrival.rows[table].values():
                found += self._plan_row(coming)
        self.report.add([*self.arrival.problems, *unreadable, *found, *self.setting.problems])

    def _plan_row(self, coming: Coming) -> Iterator[Problem]:
        row = self.standing[coming.table].get(coming.id)
        if row is not None and row.publisher_id != self.publisher.pk:
            yield Problem(coming.table, coming.row, "id", "of-another", str(coming.id))
            return
        tag = self.setting.tag_of(coming)
        if row is not None and row.language != tag:
            self._translate(coming, row, tag)
            return
        made = MODELS[coming.table](id=coming.id, publisher_id=self.publisher.pk, language=tag)
        made.cells, made.texts, made.children = coming.cells, coming.texts, coming.children
        self.setting.fill(coming, made, row)
        if row is None:
            self._take(coming.table, made, whole_of(made), is_new=True)
        elif self._is_same(coming, row, made):
            self._leave(row, "unchanged")
        elif row.changed_here and not self.theirs:
            self._leave(row, "kept")
        else:
            self._take(coming.table, made, whole_of(made), is_new=False)

    def _is_same(self, coming: Coming, row: Row, made: Row) -> bool:
        """Whether nothing would change, the check of a service included."""
        names = set(FILLS[coming.table]) - IN_WHOLE
        if any(getattr(row, name) != getattr(made, name) for name in names) or whole_of(row) != whole_of(made):
            return False
        return not isinstance(row, Service) or fact_stated(coming, self.setting, row.fact) is None

    def _translate(self, coming: Coming, row: Row, tag: str) -> None:
        """A file in another language than the row's own brings the same texts in that language, and nothing else."""
        spoken = {name: text for name, text in coming.cells.items() if name in self.setting.text_fields(coming.table)}
        whole = whole_of(row)
        said = {**whole.texts.get(tag, {}), **spoken}
        if said == whole.texts.get(tag, {}):
            self._leave(row, "unchanged")
            return
        self._take(coming.table, row, replace(whole, texts={**whole.texts, tag: said}), is_new=False)

    def _take(self, table: str, row: Row, whole: Whole, *, is_new: bool) -> None:
        keep(row, whole, self._sensitivity(row))
        (self.new if is_new else self.changed_rows)[table].append(row)
        self.report.count(table, "created" if is_new else "updated")

    def _leave(self, row: Row, why: str) -> None:
        self._sensitivity(row)
        self.report.count(TABLES[type(row)], why)

    def _sensitivity(self, row: Row) -> str:
        """How exactly what a row says may be known: places come before the services at them, and their word holds."""
        if isinstance(row, Location):
            return self.sensitivities.setdefault(row.pk, row.sensitivity)
        if isinstance(row, ServiceAtLocation):
            return self.sensitivities.get(row.location_id, Sensitivity.CONTACT_ONLY)
        return Sensitivity.PUBLIC

    def write(self, by: User | None, progress: Callable[[int], object]) -> None:
        """Writes the plan: facts first, for services point at them; offers last."""
        services = [row for row in (*self.new["service"], *self.changed_rows["service"]) if isinstance(row, Service)]
        arrived = self.arrival.rows["service"]
        standing = self.standing["service"]
        stated = [
            fact for row in services if row.language == self.setting.tag_of(arrived[row.pk])
            if (fact := fact_stated(arrived[row.pk], self.setting, getattr(standing.get(row.pk), "fact", None)))
        ]  # fmt: skip
        facts = state_facts(by=by, organisation=self.publisher, stated=stated)
        for row in services:
            row.fact_id = facts.get(fact_key(row.pk), row.fact_id)
        for table in TOP:
            for part in _parts(self.new[table]):
                insert(part)
                progress(len(part))
            for part in _parts(self.changed_rows[table], 100):
                MODELS[table]._default_manager.bulk_update(
                    part, ["cells", "texts", "children", "changed_here", *FILLS[table]]
                )
                progress(len(part))
        keep_again(row.pk for row in self.changed_rows["location"] if self._is_known_otherwise(row))
        self._keep()
        self.services_touched = {row.pk for row in services} | self._at_changed()
        make_offers(self.services_touched - self._offer_new())

    def _offer_new(self) -> set[UUID]:
        """Makes the offers of services that are new with all that stands at them; which ones these are."""
        locations = {row.pk: row for row in self.new["location"] if isinstance(row, Location)}
        at: dict[UUID, list[ServiceAtLocation]] = {}
        elsewhere = {row.service_id for row in self.changed_rows["service_at_location"] if _is_at(row)}
        for row in self.new["service_at_location"]:
            if not _is_at(row):
                continue
            at.setdefault(row.service_id, []).append(row)
            if row.location_id in locations:
                row.location = locations[row.location_id]
            else:
                elsewhere.add(row.service_id)
        new = [row for row in self.new["service"] if isinstance(row, Service) and row.pk not in elsewhere]
        make_new_offers(new, at)
        return {row.pk for row in new}

    def _is_known_otherwise(self, row: Row) -> bool:
        standing = self.standing["location"].get(row.pk)
        return isinstance(row, Location) and isinstance(standing, Location) and row.sensitivity != standing.sensitivity

    def _at_changed(self) -> set[UUID]:
        """Services at places that changed."""
        places = {row.pk for row in (*self.new["location"], *self.changed_rows["location"])}
        rows = [*self.new["service_at_location"], *self.changed_rows["service_at_location"]]
        before = [self.standing["service_at_location"].get(row.pk) for row in rows]
        # Also the service that a row belonged to before: found under it, the place would stay when it is hidden.
        found = {row.service_id for row in (*rows, *before) if isinstance(row, ServiceAtLocation)}
        for part in _parts(sorted(places)):
            at = ServiceAtLocation.objects.filter(location_id__in=part)
            found |= set(at.values_list("service_id", flat=True))
        return found

    def _keep(self) -> None:
        """Rows that stand under nothing, as they came."""
        if self.arrival.kept:
            rows = [
                KeptRow(publisher=self.publisher, table=table, row_id=key[:200], cells=cells)
                for table, key, cells in self.arrival.kept
            ]
            KeptRow.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["publisher", "table", "row_id"], update_fields=["cells"],
                batch_size=AT_ONCE,
            )  # fmt: skip


def _is_at(row: Row) -> TypeGuard[ServiceAtLocation]:
    return isinstance(row, ServiceAtLocation)


def _standing(model: type[Row], keys: list[UUID]) -> dict[UUID, Row]:
    found: dict[UUID, Row] = {}
    for part in _parts(sorted(keys)):
        rows: QuerySet[Any] = model._default_manager.filter(pk__in=part).order_by("pk").select_for_update(of=("self",))
        found |= {row.pk: row for row in (rows.select_related("fact") if model is Service else rows)}
    return found


def _parts(rows: list[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    rest = iter(rows)
    while part := list(islice(rest, size)):
        yield part
