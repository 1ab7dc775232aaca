"""topics.csv, contacts.csv and alerts.csv: what each row may hold; all that is wrong is told, nothing is guessed."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from serai.engine.shell.icons import names
from serai.kernel.languages.registry import known
from serai.kernel.packs.checking import organisation_keys
from serai.kernel.packs.words import read_words
from serai.kernel.places.models import Place
from serai.kernel.places.pack_table import PackTable
from serai.kernel.register.ports import PackProblem
from serai.lib.dates import parse_day, parse_moment
from serai.lib.direction import problems_in_link, visible
from serai.lib.tables import Row

from ..models import Stage, Topic
from .reading import known_keys

TOPICS = PackTable("tables/topics.csv", ("key", "stage", "parent", "icon", "order"), ("title", "lead"))
CONTACTS = PackTable(
    "tables/contacts.csv",
    (
        *("key", "organisation", "place", "phone", "email", "address", "languages"),
        *("source_name", "source_url", "checked_on", "checked_by", "review_by"),
    ),
    ("name", "hours", "what"),
)
ALERTS = PackTable("tables/alerts.csv", ("key", "organisation", "place", "starts", "ends"), ("title", "text"))
STAGE_WORDS = ("title", "lead")


def topic_words(pack: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """For PACK_WORDS: words of topics; and of each stage for which the pack has any words. A stage that is new in the
    house does not make the packs of yesterday wrong: the interface has words for it."""
    yield from TOPICS.words_needed(pack, files)
    said = {key for here in read_words(files)[0].values() for key in here.texts}
    for stage in Stage.values:
        if any(key.startswith(f"stages.{stage}.") for key in said):
            yield from (f"stages.{stage}.{word}" for word in STAGE_WORDS)


def check_table(table: PackTable, pack: Mapping[str, Any], files: Mapping[str, bytes]) -> list[PackProblem]:
    """All that is wrong in one table."""
    rows, problems = table.rows(files)
    problems += table.check_cells(rows)
    check = CHECKS[table.path](table, pack)
    for row in rows:
        problems += check.row(row)
    if table is TOPICS:
        problems += _topics_inside_themselves(rows)
    return problems


class _Check(ABC):
    """Checks one row after the other."""

    def __init__(self, table: PackTable, pack: Mapping[str, Any]) -> None:
        self.table, self.pack = table, pack

    @abstractmethod
    def row(self, row: Row) -> Iterator[PackProblem]:
        """All findings of one row."""


class _Topics(_Check):
    """Rows of topics.csv."""

    def __init__(self, table: PackTable, pack: Mapping[str, Any]) -> None:
        super().__init__(table, pack)
        self.topics = known_keys(pack, "topics", lambda: Topic.objects.values_list("key", flat=True))
        self.orders: dict[tuple[str, ...], str] = {}

    def row(self, row: Row) -> Iterator[PackProblem]:
        """Stage, parent, order and pictogram."""
        if row.text("stage") not in Stage.values:
            says = _("“%(stage)s” is not a stage of the journey.") % {"stage": visible(row.text("stage"))[:40]}
            cure = _("Write one of: %(stages)s.") % {"stages": ", ".join(Stage.values)}
            yield self.table.problem(row, "stage-unknown", says, cure)
        if row.text("parent") and row.text("parent") not in self.topics:
            says = _("There is no topic “%(key)s”.") % {"key": visible(row.text("parent"))[:80]}
            cure = _("Write the key of another row, or leave the cell empty.")
            yield self.table.problem(row, "parent-unknown", says, cure)
        if not re.fullmatch(r"[0-9]{1,6}", row.text("order")):
            says = _("“order” is a whole number.")
            yield self.table.problem(row, "value-number", says, _("Write digits only, such as 20."))
        if row.text("icon") not in names():
            says = _("“%(icon)s” is not a pictogram of the house.") % {"icon": visible(row.text("icon"))[:40]}
            cure = _("Write one of: %(icons)s.") % {"icons": ", ".join(names())}
            yield self.table.problem(row, "icon", says, cure)
        place = (row.text("stage"), row.text("parent"), row.text("order"))
        if place in self.orders:
            says = _("“%(other)s” has the same order in the same stage.") % {"other": self.orders[place]}
            yield self.table.problem(row, "order-twice", says, _("Give each its own number."))
        self.orders.setdefault(place, row.text("key"))


class _WithPlace(_Check):
    """Rows that belong to an organisation of the pack and perhaps to a place."""

    def __init__(self, table: PackTable, pack: Mapping[str, Any]) -> None:
        super().__init__(table, pack)
        self.organisations = organisation_keys(pack.get("whole", {}))
        self.places = known_keys(pack, "places", lambda: Place.objects.values_list("key", flat=True))

    def whose(self, row: Row) -> Iterator[PackProblem]:
        """Whose and where."""
        if row.text("organisation") not in self.organisations:
            values = {"key": visible(row.text("organisation"))[:80]}
            says = _("“%(key)s” is not a row of tables/organisations.csv.") % values
            cure = _("Write the key of an organisation of this pack.")
            yield self.table.problem(row, "organisation-unknown", says, cure)
        if row.text("place") and row.text("place") not in self.places:
            says = _("There is no place “%(key)s”.") % {"key": visible(row.text("place"))[:80]}
            yield self.table.problem(row, "place-unknown", says, _("Write the key of a row of tables/places.csv."))


class _Contacts(_WithPlace):
    """Rows of contacts.csv."""

    def row(self, row: Row) -> Iterator[PackProblem]:
        """A way to reach somebody, and who says so."""
        yield from self.whose(row)
        if not any(row.text(column) for column in ("phone", "email", "address")):
            says = _("Nobody can reach this contact.")
            yield self.table.problem(row, "contact-empty", says, _("Give at least one of phone, email and address."))
        if row.text("phone") and not re.fullmatch(r"\+?[0-9 ()./-]{3,39}", row.text("phone")):
            says = _("“%(phone)s” is not a telephone number.") % {"phone": visible(row.text("phone"))[:40]}
            cure = _("Write digits with spaces, beginning with + and the country.")
            yield self.table.problem(row, "phone", says, cure)
        if row.text("email") and not is_email(row.text("email")):
            says = _("“%(email)s” is not an e-mail address.") % {"email": visible(row.text("email"))[:80]}
            yield self.table.problem(row, "email", says, _("Write it like desk@lindenbach.example."))
        if len(row.text("address")) > 300:
            says = _("The address is longer than 300 characters.")
            yield self.table.problem(row, "cell-long", says, _("Make it shorter."))
        for tag in row.text("languages").split():
            if not known(tag):
                says = _("The house does not know the language “%(tag)s”.") % {"tag": visible(tag)[:40]}
                cure = _("Write BCP 47 tags with spaces between: en ar ti")
                yield self.table.problem(row, "language-unknown", says, cure)
        yield from self._fact(row)

    def _fact(self, row: Row) -> Iterator[PackProblem]:
        for column in ("source_name", "checked_on", "checked_by", "review_by"):
            if not row.text(column):
                says = _("“%(column)s” is empty: nobody could tell whether this contact still holds.")
                cure = _("Fill it in; each contact has its own source and dates.")
                yield self.table.problem(row, "fact-missing", says % {"column": column}, cure)
        if row.text("source_url") and problems_in_link(row.text("source_url")):
            says = _("The link “%(url)s” is refused.") % {"url": visible(row.text("source_url"))[:120]}
            cure = _("Use an address that begins with https://.")
            yield self.table.problem(row, "link-refused", says, cure)
        checked, review = (as_day(row.text(column)) for column in ("checked_on", "review_by"))
        for column, day in (("checked_on", checked), ("review_by", review)):
            if row.text(column) and day is None:
                says = _("“%(text)s” is not a day.") % {"text": visible(row.text(column))[:40]}
                yield self.table.problem(row, "value-day", says, _("Write year, month, day: 2026-10-12"))
        if checked and review and review <= checked:
            says = _("It must be checked again after the day it was checked.")
            yield self.table.problem(row, "dates-order", says, _("Write a later day in “review_by”."))


class _Alerts(_WithPlace):
    """Rows of alerts.csv."""

    def row(self, row: Row) -> Iterator[PackProblem]:
        """From when to when."""
        yield from self.whose(row)
        starts, ends = as_moment(row.text("starts")), as_moment(row.text("ends"))
        if starts is None or ends is None:
            says = _("“starts” and “ends” are moments with their distance from UTC.")
            yield self.table.problem(row, "value-moment", says, _("Write for example 2026-11-15T08:00:00+01:00"))
        elif ends <= starts:
            says = _("The alert ends before it begins.")
            yield self.table.problem(row, "moments-order", says, _("Write a later moment in “ends”."))


CHECKS: dict[str, Callable[[PackTable, Mapping[str, Any]], _Check]] = {
    TOPICS.path: _Topics,
    CONTACTS.path: _Contacts,
    ALERTS.path: _Alerts,
}


def as_day(text: str) -> date | None:
    """The day, or None."""
    try:
        return parse_day(text)
    except ValueError:
        return None


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


def _topics_inside_themselves(rows: list[Row]) -> Iterator[PackProblem]:
    above = {row.text("key"): row.text("parent") for row in rows}
    for row in rows:
        seen, at = {row.text("key")}, row.text("parent")
        while at in above and at not in seen:
            seen.add(at)
            at = above[at]
        if at == row.text("key"):
            says = _("The topic “%(key)s” stands below itself.") % {"key": at}
            yield TOPICS.problem(row, "parent-cycle", says, _("Empty the cell “parent” of one of them."))
