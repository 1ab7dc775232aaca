"""What was found wrong in a directory, as sentences: what is wrong, and what helps."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from serai.lib.hsds.problems import Problem

SAYS: dict[str, Any] = {
    "required": _("“%(field)s” is empty, and nothing can be done without it."),
    "column-missing": _("The column “%(field)s” is missing."),
    "column-unknown": _("The standard has no column “%(value)s”; it is left out."),
    "table-unknown": _("The standard has no table “%(value)s”; it is left out."),
    "table-twice": _("There are two files for this table."),
    "not-a-number": _("“%(value)s” in “%(field)s” is no number."),
    "date": _("“%(value)s” in “%(field)s” is no date."),
    "time": _("“%(value)s” in “%(field)s” is no time."),
    "datetime": _("“%(value)s” in “%(field)s” is no moment with date, time and zone."),
    "uuid": _("“%(value)s” in “%(field)s” is no UUID. The house makes one of it, always the same."),
    "email": _("“%(value)s” is no e-mail address."),
    "phone": _("“%(value)s” does not look like a telephone number."),
    "enum": _("“%(value)s” is none of the words that “%(field)s” may hold."),
    "spoilt-by-spreadsheet": _("A spreadsheet has made a number of “%(value)s” and may have lost digits."),
    "id-duplicate": _("The id “%(value)s” stands twice."),
    "id-conflict": _("Two rows with the same id say different things in “%(field)s”: “%(value)s” is one."),
    "link-conflict": _("The row is under one thing and “%(field)s” names another: “%(value)s”."),
    "reference-missing": _("“%(field)s” points at “%(value)s”, which is not in the files."),
    "reference-table-missing": _("“%(field)s” points at rows of a table that is not in the files."),
    "coordinate-half": _("Latitude and longitude belong together, and one is empty."),
    "lat-range": _("“%(value)s” is no latitude: it goes from -90 to 90."),
    "lon-range": _("“%(value)s” is no longitude: it goes from -180 to 180."),
    "zero-zero": _("Latitude and longitude are both 0: that is in the sea, where empty cells end up."),
    "swapped": _("Latitude and longitude seem to have changed places: %(value)s."),
    "far-from-country": _("The place %(value)s is not in its country."),
    "future": _("“%(field)s” says %(value)s, which is still to come: nobody can have checked it then."),
    "order": _("“%(field)s” ends before it begins: %(value)s."),
    "not-utf-8": _("The file is no UTF-8 text, from byte %(value)s on."),
    "too-large": _("There is too much in it: %(value)s."),
    "too-many-cells": _("The table has more cells than can be read at once."),
    "csv-broken": _("The file is no table: %(value)s."),
    "header-missing": _("The file is empty: the first line must name the columns."),
    "header-empty": _("A column has no name."),
    "header-duplicate": _("Two columns have the name “%(value)s”."),
    "cell-without-header": _("The row has more cells than there are columns."),
    "not-text": _("“%(field)s” must be text in quotes."),
    "not-an-object": _("An object in { } is expected in “%(field)s”."),
    "not-a-list": _("A list in [ ] is expected in “%(field)s”."),
    "key-unknown": _("The standard knows no “%(value)s” here; it is left out."),
    "bidi-control": _("“%(field)s” holds a sign that turns the direction of the text and can hide what it says."),
    "control": _("“%(field)s” holds a sign that cannot be shown."),
    "invisible": _("“%(field)s” holds a sign that cannot be seen."),
    "not-a-character": _("“%(field)s” holds half a character."),
    "marks-piled": _("“%(field)s” has more marks on a letter than anybody can read."),
    "mixed-script": _("“%(value)s” mixes letters of several scripts that look the same."),
    "names-left-out": _("Names of contact persons are left out (%(value)s): a function and a number are enough here."),
    "not-kept": _("“%(value)s” in “%(field)s” could not be kept."),
    "hours": _("The opening hours “%(value)s” cannot be read."),
    "closes-before-opens": _("It closes before it opens, or stays open for more than a night: “%(value)s”."),
    "zone": _("“%(value)s” is no time zone."),
    "country": _("“%(value)s” is no country."),
    "language": _("“%(value)s” is no language."),
    "term-unknown": _("“%(value)s” is no word that this house knows for what a directory says."),
    "field-unknown": _("“%(value)s” cannot be translated."),
    "said-twice": _("The same thing is said twice: “%(value)s”."),
    "not-json": _("The file is no JSON: %(value)s."),
    "key-duplicate": _("The name “%(value)s” stands twice in one object."),
    "not-a-directory": _("The file holds no services as the standard names them: %(value)s."),
    "nothing": _("There is no service in it."),
    "of-another": _("The id “%(value)s” is that of a row of another publisher."),
    "unreadable": _("The file cannot be read: %(value)s."),
    "link": _("The address “%(value)s” is refused."),
}
CURES: dict[str, Any] = {
    "fill-in": _("Fill it in."),
    "add-column": _("Add the column, also when it is empty."),
    "rename-or-leave": _("Nothing has to be done; correct the name if something else was meant."),
    "leave-out-one": _("Take one of them out."),
    "write-number": _("Write digits, with a point before decimals."),
    "write-date": _("Write it as 2026-11-22."),
    "write-time": _("Write it as 08:30, with the offset from UTC behind it if you know it."),
    "write-moment": _("Write it as 2026-11-22T08:30:00Z."),
    "write-uuid": _("Nothing has to be done."),
    "write-email": _("Write it as name@organisation.org."),
    "write-phone": _("Write it with the code of the country, as +254 20 1234567."),
    "choose-listed": _("Choose one of the words that the standard lists."),
    "format-as-text": _("Format the column as text, write the number again, and export once more."),
    "make-unique": _("Give each row an id of its own."),
    "keep-one-link": _("Keep one of the two."),
    "add-row-or-clear": _("Add the row, or empty the cell."),
    "add-table": _("Add the table to the files."),
    "correct-coordinates": _("Look the place up on a map and correct it; or empty both cells."),
    "swap-or-correct": _("Correct one of them."),
    "save-as-utf-8": _("Save the file as UTF-8."),
    "split": _("Split it and import the parts one after the other."),
    "export-again": _("Export the file again."),
    "add-header": _("Give each column its name in the first line."),
    "write-text": _("Put it in quotes."),
    "write-object": _("See the examples of the standard."),
    "write-list": _("See the examples of the standard."),
    "remove-character": _("Write the text again by hand."),
    "retype": _("Write it again with one keyboard."),
    "write-link": _("Use an address that begins with https:// and a plain name."),
    "look": _("Look at that place."),
}


def says_of(found: Problem) -> str:
    """What is wrong, in the language that is speaking."""
    code = "link" if found.code.startswith("link-") and found.code not in SAYS else found.code
    values = {"field": found.field or found.path, "value": found.value}
    sentence = SAYS.get(code)
    return str(sentence) % values if sentence else translated("This cannot be taken (%(code)s).") % {"code": found.code}


def cure_of(found: Problem) -> str:
    """What helps."""
    return str(CURES.get(found.cure, CURES["look"]))
