"""Counting services given: a press at the point, a press taken back, a sheet of paper written in.

Several phones count at once: what is written is always "so much more", never "so much". The same page sent twice counts
once. The ledger hears that a day's tally was begun and that a sheet was written in; of the single press it hears
nothing, because an event has a moment, and a press is often one person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record

from ..access import may_count
from ..models import TallyCount, TallyPress
from ..needs import needs
from ..queries.tally import Point
from ..tally import group_names, rules

MOST_A_DAY = 100_000
"""Of one kind for one group at one point: beyond it somebody has slipped on the keys. Far below what fits."""


class MayNotCount(PermissionError):
    """The member of staff has no part in this publisher's points."""


class BadCount(ValueError):
    """code: `kind`, `group`, `step` (no such), `day` (in the future, or too long ago), `much` (more than can be)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotPressed(LookupError):
    """There is no such press, it is too old, or what it counted has been taken away otherwise."""


class ChangedMeanwhile(RuntimeError):
    """Somebody else has taken away what the sheet would take away too."""


@transaction.atomic
def count_services(*, by: User, point: Point, kind: str, group: str, number: int, token: UUID) -> bool:
    """Counts `number` more of a kind today at a point; False when this press of the page `token` was counted before.

    Raises MayNotCount, BadCount.
    """
    _check_right(by, point)
    _check_words(kind, group)
    if number not in rules().steps:
        raise BadCount("step")
    day = point.today
    if not _first_time(_pressed(token, point, kind, group, number), day):
        return False
    begun = not TallyCount.objects.filter(**point.columns, day=day).exists()
    _add(point, day, kind, group, number)
    if begun:
        _record("services_map.tally_begun", point, day, by)
    return True


@transaction.atomic
def undo_press(*, by: User, point: Point, kind: str, group: str, number: int, token: UUID) -> bool:
    """Takes a press back, once; False when it was taken back before. Raises MayNotCount, NotPressed."""
    _check_right(by, point)
    press = TallyPress.objects.filter(key=_pressed(token, point, kind, group, number)).first()
    if press is None:
        raise NotPressed(str(token))
    if not TallyPress.objects.filter(key=press.key, undone=False).update(undone=True):
        return False
    try:
        _add(point, press.day, kind, group, -number)
    except ChangedMeanwhile as error:
        raise NotPressed(str(token)) from error
    return True


@transaction.atomic
def write_sheet(
    *, by: User, point: Point, day: date, seen: Mapping[tuple[str, str], int], said: Mapping[tuple[str, str], int],
    token: UUID,
) -> bool:  # fmt: skip
    """Writes a day's sheet in: (kind, group) -> what the person saw standing, and what shall stand instead.

    Only the difference is written, so that what others counted meanwhile stays. False when this page was sent before.
    Raises MayNotCount, BadCount, ChangedMeanwhile.
    """
    _check_right(by, point)
    if not point.today - timedelta(days=rules().sheet_days) <= day <= point.today:
        raise BadCount("day")
    if not _first_time(uuid5(token, f"sheet|{point.key}|{day}"), point.today):
        return False
    # In one order, always: two sheets at once may wait for each other, but never both.
    for kind, group in sorted(said):
        _check_words(kind, group)
        more = said[kind, group] - seen.get((kind, group), 0)
        if not 0 <= said[kind, group] <= MOST_A_DAY or abs(more) > MOST_A_DAY:
            raise BadCount("much")
        if more:
            _add(point, day, kind, group, more)
    _record("services_map.tally_sheet_written", point, day, by)
    return True


def forget_presses() -> None:
    """Deletes what was remembered of presses; for the house's clock."""
    oldest = timezone.now().date() - timedelta(days=rules().press_days)
    TallyPress.objects.filter(day__lt=oldest).delete()


def _check_right(by: User, point: Point) -> None:
    if not may_count(viewer_for(by), point.publisher_id):
        raise MayNotCount(point.key)


def _check_words(kind: str, group: str) -> None:
    if kind not in needs():
        raise BadCount("kind")
    if group not in group_names():
        raise BadCount("group")


def _pressed(token: UUID, point: Point, kind: str, group: str, number: int) -> UUID:
    """The key of a press: another button of the same page is another press, the same one again is the same."""
    return uuid5(token, f"{point.key}|{kind}|{group}|{number}")


def _first_time(key: UUID, day: date) -> bool:
    """Remembers a press. Who sends the same at the same moment waits here and is told no."""
    return TallyPress.objects.get_or_create(key=key, defaults={"day": day})[1]


def _add(point: Point, day: date, kind: str, group: str, more: int) -> None:
    row, _ = TallyCount.objects.get_or_create(
        **point.columns, day=day, kind=kind, group=group, defaults={"publisher_id": point.publisher_id}
    )
    bounded = TallyCount.objects.filter(pk=row.pk, count__gte=max(0, -more), count__lte=MOST_A_DAY - max(0, more))
    # The database adds, in one statement: two who press at once are both counted.
    if not bounded.update(count=F("count") + more):
        raise BadCount("much") if more > 0 else ChangedMeanwhile(point.key)


def _record(event: str, point: Point, day: date, by: User) -> None:
    record(event, subject=f"services_map.tally:{point.key}/{day}", by=str(by.pk))
