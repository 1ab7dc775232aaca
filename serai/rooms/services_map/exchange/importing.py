"""Bringing a directory in: read, check, compare, write; all of it, or nothing and a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.models import Membership, Organisation, User
from serai.kernel.facts.models import State, state_of
from serai.lib.atomic import is_full
from serai.lib.hsds.problems import Problem
from serai.lib.tables import Table

from .arriving import Arrival, arrival_of
from .columns import day_of, review_of
from .report import Report
from .writing import Refused, write_directory

OPERATOR = "access.operator"
IMPORTED = "imported-directory"
_NOTHING = _("The disk is full or cannot be written. Nothing was imported. Make room and import again.")
_LATER = _(
    "Everything was imported, but then the disk was full or could not be written. Make room: what is new will be found "
    "by its words within an hour."
)


class NoRoom(OSError):
    """The disk is full, or cannot be written; says whether something was imported."""


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
    """Imports checked tables; the report says what was done or why nothing was. See write_directory. NoRoom."""
    report = Report(dry_run=dry_run)
    report.add(problems)
    if report.is_refused:
        return report
    owner = publisher or default_publisher()
    report.publisher = owner.key
    arrival = arrival_of(tables, owner.pk)
    report.expired = _expired(arrival)
    try:
        with transaction.atomic():
            transaction.on_commit(report.mark_written)
            if owner._state.adding and not dry_run:
                owner.save()
            write_directory(
                arrival, report, by=by, publisher=owner, tag=tag, places=places, theirs=theirs, dry_run=dry_run,
                progress=progress,
            )  # fmt: skip
    except Refused:
        return report
    except (OSError, OperationalError) as error:
        if is_full(error):
            raise NoRoom(_LATER if report.is_written else _NOTHING) from error
        raise
    return report


def default_publisher() -> Organisation:
    """Who answers for what is imported where nobody is named: who runs the house, else one for it, maybe not saved."""
    operator = Membership.objects.filter(role=OPERATOR).select_related("organisation").first()
    if operator is not None:
        return operator.organisation
    fields = {"names": {"en": "Imported directory"}, "kind": Organisation.Kind.NETWORK}
    found = Organisation.objects.filter(key=IMPORTED).first()
    if found is not None:
        return found
    return Organisation(key=IMPORTED, **fields)


def _expired(arrival: Arrival) -> int:
    """How many services were last checked so long ago that nobody will find them."""
    days = [day_of(row.said.get("assured_date", "")) for row in arrival.rows["service"].values()]
    return sum(state_of(day, review_of(day) if day else None) == State.HIDDEN for day in days)
