"""The report on services given as a person reads it: the finding in a sentence, a workbook, sheets of paper, a chart.

Each sheet says who publishes it, when it was made, and that it was counted at the points; each row of the workbook does
too, because rows are copied into other tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from serai.engine.shell.asked import interface_of
from serai.engine.shell.printing import pdf_of
from serai.lib.dates import format_date
from serai.lib.tables import Cell, write_xlsx

from .needs import Need
from .queries.tally import Point
from .queries.tally_report import Part, TallyReport, WeekFigure
from .tally import rules

LONGEST_SHEET_NAME = 31  # of a sheet in a workbook (ECMA-376)
WIDE, HIGH, FOOT, HEAD = 640, 200, 22, 24
MOST_LABELS = 14


@dataclass(frozen=True)
class Bar:
    """A bar of the chart, in units of its drawing. says: the number over it; label: under it, maybe empty."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    says: str
    label: str


@dataclass(frozen=True)
class Chart:
    """A drawing of so many units."""

    width: int
    height: int
    ground: int
    bars: tuple[Bar, ...]


def says(number: int | None) -> str:
    """A number of a report; `<5` for one too small to be shown."""
    return f"<{rules().small_number}" if number is None else str(number)


def finding(report: TallyReport) -> str:
    """What the report says, in one sentence, in the language that is speaking."""
    tag = get_language() or "en"
    said: dict[str, Any] = {
        "first": format_date(report.period.first, tag), "last": format_date(report.period.last, tag),
        "small": report.rules.small_number, "total": report.total,
    }  # fmt: skip
    if report.total is None:
        return _("From %(first)s to %(last)s, fewer than %(small)d services were given") % said
    if not report.kinds.rows:
        return _("From %(first)s to %(last)s, about %(total)d services were given") % said
    most = report.kinds.rows[0]
    said |= {"kind": most.name.text, "number": most.number}
    sentence = _("From %(first)s to %(last)s, about %(total)d services were given, most of all: %(kind)s (%(number)d)")
    return sentence % said


def source() -> str:
    """Where the numbers come from, in the language that is speaking."""
    return _("Source: staff's own count at the points")


def how_counted(report: TallyReport) -> list[str]:
    """What somebody has to know who uses the numbers."""
    said = {"small": report.rules.small_number, "round": report.rules.round_to}
    return [
        _("Services are counted, not persons: who came twice is counted twice."),
        _("Numbers below %(small)d are not shown, so that nobody is recognised: they stand with others.") % said,
        _("All others are rounded to the nearest %(round)d, sums by themselves: parts need not add up to them.") % said,
        _("Staff count at the points: numbers only, no names, nothing about single persons."),
        _("Days are those on the clock of each point."),
    ]


def report_xlsx(report: TallyReport, tag: str, made_on: date) -> bytes:
    """The report as a workbook in a language: one row a number, and a sheet of words."""
    with override(interface_of(tag).tag.lower()):
        publisher = report.publisher.said(tag).text
        header = [
            _("Publisher"), _("From day"), _("To day"), _("By"), _("What"), _("Services given"), _("Source"),
            _("Made on day"),
        ]  # fmt: skip
        first, last = report.period.first, report.period.last
        rows: list[list[Cell]] = [
            [publisher, week.first if week else first, week.last if week else last, by, what,
             says(None) if number is None else number, source(), made_on]
            for by, what, number, week in _rows(report)
        ]  # fmt: skip
        made = _("Made on %(day)s") % {"day": format_date(made_on, get_language() or "en")}
        words = [finding(report), publisher, made, source(), *how_counted(report)]
        return write_xlsx(
            header, rows, sheet=_("Services given")[:LONGEST_SHEET_NAME], widths=(28, 12, 12, 12, 34, 12, 44, 12),
            words={_("How it was counted")[:LONGEST_SHEET_NAME]: words},
        )  # fmt: skip


def report_pdf(report: TallyReport, tag: str, made_on: date) -> bytes:
    """The report as sheets of paper in a language."""
    ui = interface_of(tag)
    with override(ui.tag.lower()):
        context = shown(report, ui.direction == "rtl")
        context |= _foot(report.publisher.said(tag).text, tag, made_on) | {"source": source()}
    return pdf_of("services_map/tally_report.html", context, tag)


def shown(report: TallyReport, mirrored: bool) -> dict[str, Any]:
    """What the templates of the report need, in the language that is speaking."""
    return {
        "report": report,
        "finding": finding(report),
        "chart": chart(report.weeks, mirrored),
        "small": says(None),
        "notes": how_counted(report),
        "parts": [
            (_("By kind"), report.kinds), (_("By point"), report.points), (_("By group"), report.groups),
        ],
    }  # fmt: skip


def paper_sheet(point: Point, kinds: list[Need], tag: str, publisher: str, made_on: date) -> bytes:
    """An empty sheet to count on by hand: one row a kind, one column a group."""
    context = {"point": point, "kinds": kinds, "groups": rules().groups, **_foot(publisher, tag, made_on)}
    return pdf_of("services_map/tally_paper.html", context, tag)


def chart(weeks: tuple[WeekFigure, ...], mirrored: bool) -> Chart | None:
    """A bar for each week, from the side on which reading begins; nothing for a single week or none."""
    if len(weeks) < 2:
        return None
    most = max((week.number or 0 for week in weeks), default=0) or 1
    step, every = WIDE / len(weeks), ceil(len(weeks) / MOST_LABELS)
    ground = HIGH - FOOT
    bars = []
    for place, week in enumerate(weeks):
        left = step * (len(weeks) - 1 - place if mirrored else place)
        height = (ground - HEAD) * (week.number or 0) / most
        label = f"{week.week.first:%m-%d}" if place % every == 0 else ""
        number = says(week.number) if place % every == 0 else ""
        bars.append(Bar(round(left + step * 0.15, 1), round(ground - height, 1), round(step * 0.7, 1),
                        round(height, 1), round(left + step / 2, 1), number, label))  # fmt: skip
    return Chart(WIDE, HIGH, ground, tuple(bars))


def _rows(report: TallyReport) -> Iterator[tuple[str, str, int | None, Any]]:
    """(by, what, number, the week it is about if it is about one)."""
    yield _("All"), _("All services"), report.total, None
    for by, part in ((_("Kind"), report.kinds), (_("Point"), report.points), (_("Group"), report.groups)):
        yield from ((by, name, number, None) for name, number in _figures(part))
    for figure in report.weeks:
        yield _("Week"), _("All services"), figure.number, figure.week


def _figures(part: Part) -> Iterator[tuple[str, int | None]]:
    for row in part.rows:
        yield row.name.text, row.number
    if part.more:
        yield _("Others, together"), part.others


def _foot(publisher: str, tag: str, made_on: date) -> dict[str, Any]:
    """The address on the sheet is the publisher's services on the public host: the numbers stand nowhere in public."""
    page = reverse("services_map:kinds", kwargs={"lang": tag}, urlconf=settings.ROOT_URLCONF)
    return {"publisher": publisher, "made_on": made_on, "page_path": page}
