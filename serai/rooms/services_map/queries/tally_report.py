"""What was given in a period, as it may leave the house: small numbers hidden, all others rounded (tally.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import override

from serai.engine.shell.asked import interface_of
from serai.kernel.access.models import Organisation
from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.words import Said

from ..access import may_report, reported_by
from ..models import TallyCount
from ..needs import NAMES, needs
from ..tally import NOT_SAID, Rules, group_names, rules
from ..tally_periods import Period
from .tally import points_of


class MayNotReport(PermissionError):
    """Only editors of the publisher."""


@dataclass(frozen=True)
class Figure:
    """One number under its name. number: None where it is too small to be shown."""

    name: Said
    number: int | None


@dataclass(frozen=True)
class WeekFigure:
    """The number of one week, or of the part of it that is in the period."""

    week: Period
    number: int | None


@dataclass(frozen=True)
class Part:
    """A break-down, the most first. others: what does not stand alone, together; more: whether there is such."""

    rows: tuple[Figure, ...] = ()
    more: bool = False
    others: int | None = None


@dataclass(frozen=True)
class TallyReport:
    """Services given at the points of a publisher in a period. Empty parts where the whole is too small."""

    publisher: Organisation
    period: Period
    rules: Rules
    total: int | None
    kinds: Part
    points: Part
    groups: Part
    weeks: tuple[WeekFigure, ...]


def publishers(*, viewer: Viewer) -> QuerySet[Organisation]:
    """Of whose points the viewer may report."""
    return Organisation.objects.filter(pk__in=reported_by(viewer))


def tally_report(*, viewer: Viewer, publisher: Organisation, period: Period, tag: str) -> TallyReport:
    """The report in a language. Raises MayNotReport.

    The same days give the same numbers, whoever asks and how often, as long as nothing is written in afterwards.
    """
    if not may_report(viewer, publisher.pk):
        raise MayNotReport(str(publisher.pk))
    with override(interface_of(tag).tag.lower()):
        return _report(publisher, period, tag)


def _report(publisher: Organisation, period: Period, tag: str) -> TallyReport:
    rows = TallyCount.objects.filter(
        publisher=publisher, day__range=(period.first, period.last), count__gt=0
    ).order_by()
    ours = rules()
    total = ours.published(rows.aggregate(sum=Sum("count"))["sum"] or 0)
    if total is None:
        # Under a sum that is hidden each part would say that there was something at all.
        return TallyReport(publisher, period, ours, None, Part(), Part(), Part(), ())
    groups = _sums(rows, "group")
    group_said = _Named({key: Said(str(name), "") for key, name in group_names().items()})
    return TallyReport(
        publisher, period, ours, total,
        kinds=part_of(_sums(rows, "kind"), _Named({key: Said(str(NAMES[key]), "") for key in needs()}), ours),
        points=_points(rows, tag, ours),
        groups=part_of(groups, group_said, ours) if groups.keys() - {NOT_SAID} else Part(),
        weeks=tuple(_weeks(rows, period, ours)),
    )  # fmt: skip


def _sums(rows: QuerySet[TallyCount], column: str) -> dict[str, int]:
    return {row[column]: row["sum"] for row in rows.values(column).annotate(sum=Sum("count"))}


def _points(rows: QuerySet[TallyCount], tag: str, ours: Rules) -> Part:
    keys: dict[tuple[UUID | None, UUID | None], int] = {
        (row["location_id"], row["service_id"]): row["sum"]
        for row in rows.values("location_id", "service_id").annotate(sum=Sum("count"))
    }
    found = points_of(keys, tag)
    return part_of(keys, {key: found[key].outside for key in keys}, ours)


def _weeks(rows: QuerySet[TallyCount], period: Period, ours: Rules) -> Iterable[WeekFigure]:
    days = {row["day"]: row["sum"] for row in rows.values("day").annotate(sum=Sum("count"))}
    for week in period.weeks():
        count = sum(number for day, number in days.items() if week.first <= day <= week.last)
        yield WeekFigure(week, ours.published(count))


def part_of(sums: Mapping[Any, int], names: Mapping[Any, Said], ours: Rules) -> Part:
    """A break-down in which no small number can be worked out from the whole and the other parts.

    What is small stands together with what would be shown as the least number, all of that: which of them has how much
    is open then, and their order says nothing either (tests/test_tally_report.py tries every possibility).
    """
    shown = [(key, number) for key, count in sums.items() if (number := ours.published(count)) is not None]
    small = {key for key, count in sums.items() if count and ours.published(count) is None}
    least = min((number for _key, number in shown), default=None) if small else None
    alone = [(key, number) for key, number in shown if number != least]
    together = sum(sums.values()) - sum(sums[key] for key, _number in alone)
    ordered = sorted(alone, key=lambda row: (-row[1], names[row[0]].text))
    return Part(tuple(Figure(names[key], number) for key, number in ordered), bool(small), ours.published(together))


class _Named(dict[str, Said]):
    """Names in the language of the report; what the data do not know any more is called by its key."""

    def __missing__(self, key: str) -> Said:
        return Said(key, "")
