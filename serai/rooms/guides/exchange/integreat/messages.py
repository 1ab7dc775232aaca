"""Why a file was refused, in words, with the place and the cure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .rows import Problem
from .stream import LONGEST_ELEMENT, Malformed

MEGABYTE = 1 << 20


def refused_file(file: str, error: Malformed | OSError, limit: int) -> Problem:
    """The problem of a file that cannot be read."""
    if isinstance(error, OSError):
        says = _("The file cannot be read: %(why)s.") % {"why": error.strerror or str(error)}
        return Problem(file, "", "", "file-unreadable", says, _("Check the name and the rights of the file."), True)
    code, says, cure = _words(error, limit)
    return Problem(file, "", "", code, says, cure, True)


def _words(error: Malformed, limit: int) -> tuple[str, str, str]:
    again = _("Export the region again, or mend the file at that place.")
    if error.reason == "too-large":
        says = _("The file is larger than %(limit)d MB.") % {"limit": limit // MEGABYTE}
        return "file-too-large", says, _("If that is right, allow more with --max-megabytes.")
    if error.reason == "not-a-file":
        return "file-unreadable", _("This is no file."), _("Name a JSON file.")
    if error.reason == "not-utf-8":
        says = _("Line %(line)d holds bytes that are no UTF-8 text (%(found)s).")
        return "not-utf-8", says % {"line": error.line, "found": error.detail}, _("Save the file as UTF-8.")
    if error.reason == "not-a-list":
        says = _("The file is JSON, but no list of pages.")
        return "not-a-list", says, _("Fetch the list: the address ends with /pages/.")
    if error.reason == "element-too-large":
        says = _("The page that begins at line %(line)d, column %(column)d has more than %(limit)d MB.")
        says %= {"line": error.line, "column": error.column, "limit": LONGEST_ELEMENT // MEGABYTE}
        return "page-too-long", says, again
    if error.reason == "too-many-pages":
        says = _("The file has more than %(count)s pages.") % {"count": error.detail}
        return "too-many-pages", says, _("Divide the file.")
    says = _("The JSON is malformed at line %(line)d, column %(column)d: %(why)s.")
    return "not-json", says % {"line": error.line, "column": error.column, "why": error.detail}, again
