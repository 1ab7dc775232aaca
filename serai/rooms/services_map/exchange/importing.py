"""Bringing a directory in: read, check, compare, write; all of it, or nothing and a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from serai.kernel.access.models import Membership, Organisation, User
from serai.kernel.facts.models import State, state_of
from serai.lib.hsds.problems import Problem
from serai.lib.tables import Table

from .arriving import Arrival, arrival_of
from .columns import day_of, review_of
from .report import Report
from .writing import Refused, write_directory

OPERATOR = "access.operator"
IMPORTED = "imported-directory"


def import_tables(
    tables: Mapping[str, Table],
    problems: Iterable[Problem],
    *,
    by: User | None,
    publisher: Organisation | None,
    tag: str,
    places: str = "",
    theirs: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda _n: None,
) -> Report:
    """Imports checked tables; the report says what was done or why nothing was. See write_directory."""
    report = Report(dry_run=dry_run)
    report.add(problems)
    if report.is_refused:
        return report
    owner = publisher or default_publisher(make=not dry_run)
    report.publisher = owner.key
    arrival = arrival_of(tables, owner.pk)
    report.expired = _expired(arrival)
    try:
        write_directory(
            arrival, report, by=by, publisher=owner, tag=tag, places=places, theirs=theirs, dry_run=dry_run,
            progress=progress,
        )  # fmt: skip
    except Refused:
        return report
    return report


def default_publisher(*, make: bool = True) -> Organisation:
    """Who answers for what is imported where nobody is named: who runs the house, else one made for it."""
    operator = Membership.objects.filter(role=OPERATOR).select_related("organisation").first()
    if operator is not None:
        return operator.organisation
    fields = {"names": {"en": "Imported directory"}, "kind": Organisation.Kind.NETWORK}
    found = Organisation.objects.filter(key=IMPORTED).first()
    if found is not None:
        return found
    return Organisation.objects.create(key=IMPORTED, **fields) if make else Organisation(key=IMPORTED, **fields)


def _expired(arrival: Arrival) -> int:
    """How many services were last checked so long ago that nobody will find them."""
    days = [day_of(row.said.get("assured_date", "")) for row in arrival.rows["service"].values()]
    return sum(state_of(day, review_of(day) if day else None) == State.HIDDEN for day in days)
