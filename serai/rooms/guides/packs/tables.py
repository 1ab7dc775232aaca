"""topics.csv, contacts.csv and alerts.csv: read with their lines and checked; nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from serai.kernel.languages.registry import known
from serai.kernel.packs.checking import organisation_keys
from serai.kernel.places.models import Place
from serai.kernel.register.ports import PackProblem
from serai.lib.dates import parse_moment
from serai.lib.direction import problems_in_link, problems_in_name, visible

from ..models import Stage, Topic
from .checking_guides import as_day
from .reading import known_keys

TOPICS, CONTACTS, ALERTS = "tables/topics.csv", "tables/contacts.csv", "tables/alerts.csv"
COLUMNS = {
    TOPICS: ("key", "stage", "parent", "icon", "order"),
    CONTACTS: (
        "key", "organisation", "place", "phone", "email", "address", "languages",
        "source_name", "source_url", "checked_on", "checked_by", "review_by",
    ),
    ALERTS: ("key", "organisation", "place", "starts", "ends"),
}  # fmt: skip
WORDS = {TOPICS: ("title", "lead"), CONTACTS: ("name", "hours", "what"), ALERTS: ("title", "text")}
KEY = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$")
LONGEST = 1000


@dataclass(frozen=True)
class Row:
    """One row of a table. line counts from 1, the header is line 1."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_table(path: str, data: bytes) -> tuple[list[Row], list[PackProblem]]:
    """The rows of a table, and what is wrong with its shape."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [PackProblem(path, 0, "not-utf8", _("This file is not UTF-8 text."), _("Save it as CSV, UTF-8."))]
    wanted = COLUMNS[path]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    problems: list[PackProblem] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if sorted(header) != sorted(wanted):
            return [], [_header(path, header, wanted)]
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(header):
                says = _("This row has %(here)d cells; the first line has %(there)d.")
                values = {"here": len(cells), "there": len(header)}
                cure = _("Put quotes around a text that contains a comma.")
                problems.append(PackProblem(path, reader.line_num, "row-length", says % values, cure))
                continue
            rows.append(Row(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error:
        says, cure = _("This line is not CSV."), _("Look for a quote that is not closed.")
        problems.append(PackProblem(path, reader.line_num, "csv", says, cure))
    return rows, problems


def words_needed(path: str) -> Callable[[dict[str, Any], dict[str, bytes]], Iterator[str]]:
    """For PACK_WORDS: the keys that the rows of a table need."""
    table = path.removeprefix("tables/").removesuffix(".csv")

    def needed(pack: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
        rows, _problems = read_table(path, files[path]) if path in files else ([], [])
        for row in rows:
            yield from (f"{table}.{row['key']}.{word}" for word in WORDS[path])
        if path == TOPICS and rows:
            yield from _stage_words(files)

    return needed


def check_table(path: str, pack: Mapping[str, Any], files: Mapping[str, bytes]) -> list[PackProblem]:
    """All that is wrong in one table."""
    if path not in files:
        return []
    rows, problems = read_table(path, files[path])
    check = _Check(path, pack)
    for row in rows:
        problems += check.row(row)
    if path == TOPICS:
        problems += check.parents(rows)
    return problems


def _stage_words(files: Mapping[str, bytes]) -> Iterator[str]:
    """Words of stages may be there or not; those that are must be of a stage that exists, and whole."""
    text = b"\n".join(data for path, data in files.items() if path.startswith("words/")).decode(errors="replace")
    if re.search(r"(?m)^stages:", text):
        yield from (f"stages.{stage}.{word}" for stage in Stage.values for word in ("title", "lead"))


def _header(path: str, header: list[str], wanted: tuple[str, ...]) -> PackProblem:
    values = {"unknown": ", ".join(visible(name)[:40] for name in header if name not in wanted)}
    missing = ", ".join(name for name in wanted if name not in header)
    if values["unknown"]:
        says = _("The table has columns that it should not have: %(unknown)s.") % values
    else:
        says = _("The table lacks columns: %(missing)s.") % {"missing": missing}
    cure = _("The first line must be: %(columns)s") % {"columns": ",".join(wanted)}
    return PackProblem(path, 1, "columns", says, cure)


class _Check:
    """Checks rows; remembers keys that it saw."""

    def __init__(self, path: str, pack: Mapping[str, Any]) -> None:
        self.path = path
        self.seen: dict[str, int] = {}
        self.orders: dict[tuple[str, ...], str] = {}
        self.organisations = organisation_keys(pack.get("whole", {}))
        self.places: set[str] = set()
        self.topics: set[str] = set()
        if path == TOPICS:
            self.topics = known_keys(pack, "topics", lambda: Topic.objects.values_list("key", flat=True))
        else:
            self.places = known_keys(pack, "places", lambda: Place.objects.values_list("key", flat=True))

    def row(self, row: Row) -> Iterator[PackProblem]:
        """All findings of one row."""
        if not KEY.match(row["key"]):
            says = _("“%(key)s” cannot be a key.") % {"key": visible(row["key"])[:80]}
            yield self.at(row, "key-wrong", says, _("Use a to z, 0 to 9 and -."))
        elif row["key"] in self.seen:
            values = {"key": row["key"], "line": self.seen[row["key"]]}
            says = _("The key “%(key)s” stands on line %(line)d already.") % values
            yield self.at(row, "key-twice", says, _("Give each row its own key."))
        self.seen.setdefault(row["key"], row.line)
        for column, text in row.cells.items():
            yield from self._cell(row, column, text)
        yield from {TOPICS: self._topic, CONTACTS: self._contact, ALERTS: self._alert}[self.path](row)

    def at(self, row: Row, code: str, says: str, cure: str) -> PackProblem:
        """A problem on the line of a row."""
        return PackProblem(self.path, row.line, code, says, cure)

    def parents(self, rows: list[Row]) -> Iterator[PackProblem]:
        """Topics that stand below themselves."""
        above = {row["key"]: row["parent"] for row in rows}
        for row in rows:
            seen, at = {row["key"]}, above[row["key"]]
            while at in above and at not in seen:
                seen.add(at)
                at = above[at]
            if at == row["key"]:
                says = _("The topic “%(key)s” stands below itself.") % {"key": row["key"]}
                yield self.at(row, "parent-cycle", says, _("Empty the cell “parent” of one of them."))

    def _cell(self, row: Row, column: str, text: str) -> Iterator[PackProblem]:
        for problem in problems_in_name(text)[:1]:
            if problem.code != "mixed-script":
                values = {"column": column, "text": visible(text)[:80]}
                says = _("“%(column)s” holds a hidden character: %(text)s") % values
                yield self.at(row, problem.code, says, _("Delete it and type the words again."))
        if len(text) > LONGEST:
            says = _("“%(column)s” is longer than a thousand characters.") % {"column": column}
            yield self.at(row, "cell-long", says, _("Make it shorter."))
        if text.lower() in ("n/a", "none", "null", "-"):
            says = _("“%(text)s” is not a value.") % {"text": text}
            yield self.at(row, "cell-empty", says, _("Leave the cell empty."))

    def _topic(self, row: Row) -> Iterator[PackProblem]:
        if row["stage"] not in Stage.values:
            says = _("“%(stage)s” is not a stage of the journey.") % {"stage": visible(row["stage"])[:40]}
            yield self.at(row, "stage-unknown", says, _("Write one of: %(s)s.") % {"s": ", ".join(Stage.values)})
        if row["parent"] and row["parent"] not in self.topics:
            says = _("There is no topic “%(key)s”.") % {"key": visible(row["parent"])[:80]}
            yield self.at(row, "parent-unknown", says, _("Write the key of another row, or leave the cell empty."))
        if not re.fullmatch(r"\d{1,6}", row["order"]):
            yield self.at(row, "value-number", _("“order” is a whole number."), _("Write digits only, such as 20."))
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", row["icon"]):
            yield self.at(row, "icon", _("“icon” is the name of a pictogram."), _("Write for example: lamp"))
        place = (row["stage"], row["parent"], row["order"])
        if place in self.orders:
            says = _("“%(other)s” has the same order in the same stage.") % {"other": self.orders[place]}
            yield self.at(row, "order-twice", says, _("Give each its own number."))
        self.orders.setdefault(place, row["key"])

    def _whose(self, row: Row) -> Iterator[PackProblem]:
        if row["organisation"] not in self.organisations:
            says = _("“%(key)s” is not a row of tables/organisations.csv.") % {"key": visible(row["organisation"])[:80]}
            yield self.at(row, "organisation-unknown", says, _("Write the key of an organisation of this pack."))
        if row["place"] and row["place"] not in self.places:
            says = _("There is no place “%(key)s”.") % {"key": visible(row["place"])[:80]}
            yield self.at(row, "place-unknown", says, _("Write the key of a row of tables/places.csv."))

    def _contact(self, row: Row) -> Iterator[PackProblem]:
        yield from self._whose(row)
        if not any(row[column] for column in ("phone", "email", "address")):
            cure = _("Give at least one of phone, email and address.")
            yield self.at(row, "contact-empty", _("Nobody can reach this contact."), cure)
        if row["phone"] and not re.fullmatch(r"\+?[0-9 ()./-]{3,40}", row["phone"]):
            says = _("“%(phone)s” is not a phone number.") % {"phone": visible(row["phone"])[:40]}
            yield self.at(row, "phone", says, _("Write it with digits and spaces, with + and the country first."))
        if row["email"] and not is_email(row["email"]):
            says = _("“%(email)s” is not an e-mail address.") % {"email": visible(row["email"])[:80]}
            yield self.at(row, "email", says, _("Write it as desk@example.org."))
        for tag in row["languages"].split():
            if not known(tag):
                says = _("The house does not know the language “%(tag)s”.") % {"tag": visible(tag)[:40]}
                yield self.at(row, "language-unknown", says, _("Write BCP 47 tags with spaces between: en ar ti"))
        yield from self._fact(row)

    def _fact(self, row: Row) -> Iterator[PackProblem]:
        for column in ("source_name", "checked_on", "checked_by", "review_by"):
            if not row[column]:
                says = _("“%(column)s” is empty: nobody could tell whether this contact still holds.")
                cure = _("Fill it in; each contact has its own source and dates.")
                yield self.at(row, "fact-missing", says % {"column": column}, cure)
        if row["source_url"] and problems_in_link(row["source_url"]):
            says = _("The link “%(url)s” is refused.") % {"url": visible(row["source_url"])[:120]}
            yield self.at(row, "link-refused", says, _("Use an address that begins with https://."))
        days = [as_day(row[column]) for column in ("checked_on", "review_by") if row[column]]
        if None in days:
            yield self.at(row, "value-day", _("This is not a day."), _("Write year, month, day: 2026-10-12"))
        elif len(days) == 2 and days[1] <= days[0]:  # type: ignore[operator]
            cure = _("Write a later day in “review_by”.")
            yield self.at(row, "dates-order", _("It must be checked again after the day it was checked."), cure)

    def _alert(self, row: Row) -> Iterator[PackProblem]:
        yield from self._whose(row)
        moments = [as_moment(row["starts"]), as_moment(row["ends"])]
        if None in moments:
            says = _("“starts” and “ends” are moments with their distance from UTC.")
            yield self.at(row, "value-moment", says, _("Write for example 2026-11-15T08:00:00+01:00"))
        elif moments[1] <= moments[0]:  # type: ignore[operator]
            says = _("The alert ends before it begins.")
            yield self.at(row, "moments-order", says, _("Write a later moment in “ends”."))


def as_moment(text: str) -> datetime | None:
    """The moment, or None."""
    try:
        return parse_moment(text)
    except ValueError:
        return None


def is_email(text: str) -> bool:
    """Whether this can be written to."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
