"""What an uploaded workbook would do: row by row the differences, and all that is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from serai.engine.content.comparison import Compared, compare_lines
from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.access import may_check_for
from serai.kernel.languages.registry import known, language
from serai.lib.dates import parse_day
from serai.lib.direction import problems_in_link, visible
from serai.lib.tables import Row

from ...access import EDITORS
from ...actions import Source
from ...models import GuidePage
from ...packs.house_form import linked
from ...texts import text_problems
from ..linking import page_to_link, with_links
from .cells import CellProblem, Kinds, from_cells
from .columns import (
    CHECKED_ON,
    COLUMNS,
    DIGEST,
    FACTS,
    KEY,
    LANGUAGE,
    LAST_CHANGED,
    NO,
    RECORDS,
    REVIEW_BY,
    SOURCE_NAME,
    SOURCE_URL,
    SUMMARY,
    TEXT,
    TITLE,
    TRANSLATION,
    UP_TO_DATE,
    YES,
)
from .standing import Standing, by_place, ids_of_keys
from .workbook import RowProblem, Workbook

BODY = (TEXT, *RECORDS.values())
SHOWN = tuple(name for name in COLUMNS if name not in (KEY, LANGUAGE, LAST_CHANGED, DIGEST))
State = Literal["same", "changed", "new", "wrong"]


@dataclass
class PlannedRow:
    """One row of the workbook. standing: the guide it changes, or whose text it translates when it is new.

    source: what it states of source and dates, None when it leaves them.
    """

    number: int
    key: str
    language: str
    title: str
    state: State
    standing: Standing | None = None
    differences: list[Compared] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    summary: str = ""
    body: Kinds = field(default_factory=list)
    translation: str = ""
    made_from: str = ""
    source: Source | None = None
    text_changed: bool = False


@dataclass
class Plan:
    """All rows. problems: of rows and of the whole file; nothing is imported while there is any."""

    rows: list[PlannedRow]
    problems: list[RowProblem]

    @property
    def changes(self) -> list[PlannedRow]:
        """Rows that would make something new."""
        return [row for row in self.rows if row.state in ("changed", "new")]

    @property
    def is_ready(self) -> bool:
        """Whether it can be imported."""
        return not self.problems and bool(self.changes)


def plan_of(workbook: Workbook, *, viewer: Viewer) -> Plan:
    """What the workbook would do for this member of staff, compared with the newest versions as they are now."""
    if workbook.problems and not workbook.rows:
        return Plan([], list(workbook.problems))
    planner = _Planner(workbook, viewer)
    rows = [planner.planned(row) for row in workbook.rows]
    problems = [*workbook.problems, *(problem for row in rows for problem in row.problems)]
    return Plan(rows, sorted(problems, key=lambda problem: problem.row))


class _Planner:
    """Compares rows with what stands."""

    def __init__(self, workbook: Workbook, viewer: Viewer) -> None:
        self.viewer = viewer
        self.bad = {problem.row for problem in workbook.problems}
        organisations = viewer.organisations(*EDITORS)
        keys = [cells_of(row)[KEY] for row in workbook.rows]
        self.there = by_place(keys, organisations)
        self.by_key: dict[str, Standing] = {}
        for one in sorted(self.there.values(), key=lambda one: not one.is_original):
            self.by_key.setdefault(one.page.key, one)
        rows = GuidePage.objects.filter(organisation_id__in=organisations)
        self.known_keys = list(dict.fromkeys(rows.values_list("key", flat=True)))
        self.seen: dict[tuple[str, str], int] = {}

    def planned(self, row: Row) -> PlannedRow:
        cells = cells_of(row)
        if row.number in self.bad:
            return PlannedRow(row.number, cells[KEY], cells[LANGUAGE], cells[TITLE], "wrong")
        tag = language(cells[LANGUAGE]).tag if known(cells[LANGUAGE]) else cells[LANGUAGE]
        one = PlannedRow(row.number, cells[KEY], tag, cells[TITLE], "wrong")
        one.problems = [_at(row, problem) for problem in self._who(one, cells)]
        if one.problems:
            return one
        standing = self.there.get((one.key, tag))
        one.standing = standing or self.by_key[one.key]
        before = standing.cells() if standing else _empty_cells(one.standing)
        changed = [name for name in SHOWN if cells[name] != before[name]]
        if standing is not None and not changed:
            one.state = "same"
            return one
        problems = [*self._conflicts(one, standing, cells), *self._read(one, standing, cells, changed)]
        one.problems = [_at(row, problem) for problem in problems]
        one.differences = [compare_lines(_label(name), before[name], cells[name]) for name in changed]
        if not one.problems:
            one.state = "changed" if standing else "new"
        return one

    def _who(self, one: PlannedRow, cells: Mapping[str, str]) -> Iterator[CellProblem]:
        """Whether key and language name a guide of the viewer's publishers, once."""
        if not known(cells[LANGUAGE]):
            says = _("The house does not know the language “%(tag)s”.") % {"tag": visible(cells[LANGUAGE][:20])}
            yield CellProblem(LANGUAGE, "language-unknown", says, _("Write a tag such as en, ar or ti."))
        if one.key not in self.by_key:
            near = get_close_matches(one.key, self.known_keys, 1)
            says = _("There is no guide with the key “%(key)s”.") % {"key": visible(one.key[:100])}
            cure = _("Did you mean “%(near)s”?") % {"near": near[0]} if near else _("Take the key from a new export.")
            yield CellProblem(KEY, "key-unknown", says, cure)
        first = self.seen.setdefault((one.key, one.language), one.number)
        if first != one.number:
            says = _("Row %(row)d is the same guide in the same language.") % {"row": first}
            yield CellProblem(KEY, "row-twice", says, _("Delete one of the two rows."))

    def _conflicts(self, one: PlannedRow, standing: Standing | None, cells: Mapping[str, str]) -> Iterator[CellProblem]:
        if standing is None:
            if cells[DIGEST]:
                says = _("The key or the language of this row was changed.")
                cure = _("Put them back as they were, or empty the digest if this is a new translation.")
                yield CellProblem(KEY, "row-changed-place", says, cure)
            return
        if cells[DIGEST] != standing.digest:
            says = _("The guide was changed on the desk after this table was made.")
            cure = _("Export it again and make your change there, so that the other change is not lost.")
            yield CellProblem(DIGEST, "changed-meanwhile", says, cure)
        if standing.waits:
            says = _("A draft of this guide waits for a second person.")
            yield CellProblem(KEY, "waits", says, _("Let the second person decide first, then import."))

    def _read(
        self, one: PlannedRow, standing: Standing | None, cells: Mapping[str, str], changed: list[str]
    ) -> Iterator[CellProblem]:
        """Fills the row from its cells; yields what is wrong in them."""
        one.summary = cells[SUMMARY]
        base = standing or one.standing
        assert base is not None  # noqa: S101 - _who found it
        one.body = base.kinds
        if standing is None or any(name in changed for name in BODY):
            kinds, problems = from_cells(cells, base.kinds)
            yield from problems
            yield from self._links(kinds)
            one.body = kinds
        one.body = self._in_house(one.body, one.language)
        one.text_changed = bool({TITLE, SUMMARY, *BODY} & set(changed))
        for problem in text_problems(title=one.title, summary=one.summary, body=one.body):
            yield CellProblem(_column_of(problem.where, one.body), "text", problem.says, _("Change it in this cell."))
        yield from self._made(one, base, standing, cells)
        if any(name in changed for name in FACTS):
            yield from self._source(one, base, standing, cells)

    def _made(
        self, one: PlannedRow, base: Standing, standing: Standing | None, cells: Mapping[str, str]
    ) -> Iterator[CellProblem]:
        one.translation, current = cells[TRANSLATION], cells[UP_TO_DATE]
        if one.translation not in GuidePage.Translation.values:
            says = _("“%(found)s” is no state of a translation.") % {"found": visible(one.translation[:40])}
            yield CellProblem(TRANSLATION, "translation", says, _("Write original, machine, human or reviewed."))
        elif (one.translation == "original") != (standing is not None and standing.is_original):
            says = _("Which text is the original cannot be changed here.")
            yield CellProblem(
                TRANSLATION, "translation", says, _("Write machine, human or reviewed for a translation.")
            )
        if current not in (YES, NO):
            yield CellProblem(UP_TO_DATE, "up-to-date", _("This is neither yes nor no."), _("Write yes or no."))
        was = standing.newest.made_from if standing else ""
        original = base.original or base.page
        is_said = standing is None or (current == YES and not standing.is_current)
        one.made_from = was if one.translation == "original" else original.text_digest if is_said else was

    def _links(self, kinds: Kinds) -> Iterator[CellProblem]:
        wanted = linked(kinds)
        for key in sorted(wanted - set(ids_of_keys(wanted))):
            says = _("The link leads to no guide: guide:%(key)s") % {"key": visible(key[:100])}
            yield CellProblem(TEXT, "link-unknown", says, _("Take the key from the column key."))

    def _in_house(self, kinds: Kinds, tag: str) -> Kinds:
        ids = ids_of_keys(linked(kinds))
        return [
            (kind, with_links(value, tag, lambda key, own: page_to_link(ids, key, own)) if kind == "text" else value)
            for kind, value in kinds
        ]

    def _source(
        self, one: PlannedRow, base: Standing, standing: Standing | None, cells: Mapping[str, str]
    ) -> Iterator[CellProblem]:
        """Source and dates belong to the guide, not to one language of it; only a checker states them."""
        if standing is None or not standing.is_original:
            stands = base.cells()
            if any(cells[name] != stands[name] for name in FACTS):
                says = _("Source and dates are those of the guide in all languages.")
                yield CellProblem(SOURCE_NAME, "source-place", says, _("Change them in the row of the original."))
            return
        if not may_check_for(self.viewer, base.page.organisation_id):
            says = _("You are not a checker for this publisher.")
            cure = _("Put source and dates back as they were, or ask a checker to change them.")
            yield CellProblem(CHECKED_ON, "may-not-check", says, cure)
            return
        days: dict[str, date | None] = {}
        for name in (CHECKED_ON, REVIEW_BY):
            try:
                days[name] = parse_day(cells[name]) if cells[name] else None
            except ValueError:
                says = _("“%(found)s” is no day.") % {"found": visible(cells[name][:40])}
                yield CellProblem(name, "day", says, _("Write it as 2026-10-12."))
        if len(days) < 2:
            return
        yield from _days_wrong(days[CHECKED_ON], days[REVIEW_BY])
        if cells[SOURCE_URL] and problems_in_link(cells[SOURCE_URL]):
            says = _("The link “%(url)s” is refused.") % {"url": visible(cells[SOURCE_URL][:120])}
            yield CellProblem(SOURCE_URL, "link-refused", says, _("Use an address that begins with https://."))
        if len(cells[SOURCE_NAME]) > 200:
            says = _("The name of the source has more than 200 characters.")
            yield CellProblem(SOURCE_NAME, "text", says, _("Make it shorter."))
        fact = base.page.fact
        by = fact.checked_by if fact and days[CHECKED_ON] == fact.checked_on else ""
        one.source = Source(cells[SOURCE_NAME], cells[SOURCE_URL], days[CHECKED_ON], by, days[REVIEW_BY])


def cells_of(row: Row) -> dict[str, str]:
    """The cells of a row as text, with plain line ends and no space around."""
    found = {}
    for name in COLUMNS:
        text = row.text(name).replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n")
        if name in (CHECKED_ON, REVIEW_BY):
            text = text.removesuffix("T00:00:00")
        found[name] = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    return found


def _empty_cells(original: Standing) -> dict[str, str]:
    """What a translation that is not there yet is compared with."""
    stands = original.cells()
    return {name: stands[name] if name in FACTS else "" for name in COLUMNS}


def _days_wrong(checked_on: date | None, review_by: date | None) -> Iterator[CellProblem]:
    if checked_on and checked_on > timezone.localdate():
        yield CellProblem(
            CHECKED_ON, "day", _("This day has not come yet."), _("Write the day you looked at the source.")
        )
    if checked_on and review_by is None:
        says = _("There is no day by which to look again.")
        yield CellProblem(REVIEW_BY, "day", says, _("Write the day by which the source is to be looked at again."))
    if checked_on and review_by and review_by <= checked_on:
        says = _("The day to look again is not after the day of the check.")
        yield CellProblem(REVIEW_BY, "day", says, _("Write a later day."))


def _column_of(where: str, body: Any) -> str:
    """The column of a place in a text (`2.fee.amount`)."""
    if where in (TITLE, SUMMARY):
        return where
    number = where.split(".")[0]
    kind = body[int(number)][0] if number.isdigit() and int(number) < len(body) else "text"
    return RECORDS.get(kind, TEXT)


def _at(row: Row, problem: CellProblem) -> RowProblem:
    return RowProblem(row.number, problem.column, problem.code, problem.says, problem.cure)


def _label(name: str) -> str:
    return name
