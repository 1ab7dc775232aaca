"""Whether one value fits its field: a code for everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable

from serai.lib.dates import parse_day, parse_moment
from serai.lib.direction import find_bidi_controls, problems_in_link, problems_in_name
from serai.lib.hsds.schema import Field

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[!-~]{1,200}", re.IGNORECASE)
# A spreadsheet made a number of it and forgot its last digits.
_SPOILT = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_PHONE = re.compile(r"(?=.*\d)[\dA-Za-z+()\-./#*,;: \u00a0]{2,60}")
_NAMES = frozenset({"name", "alternate_name", "title", "attention"})
_MARKS = "\u200e\u200f\u061c"  # honest in Arabic and Hebrew sentences that hold numbers


def codes_of(field: Field, text: str) -> list[str]:
    """Everything that is wrong with a value that is not empty: codes of problems.CURES, or such as begin `link-`."""
    return ["control"] if "\0" in text else check_of(field)(text)


def check_of(field: Field) -> Callable[[str], list[str]]:
    """The same of a value without NUL, which no database keeps: to be asked once for a column and not for each cell."""
    if field.enum:
        allowed = frozenset(field.enum)
        return lambda text: [] if text in allowed else ["enum"]
    if field.kind != "text":
        return _KINDS[field.kind]
    if field.table == "phone" and field.name == "number":
        return _phone
    return _name if field.name in _NAMES else _text


def _is_spoilt(text: str) -> bool:
    return "+" in text and bool(_SPOILT.fullmatch(text.strip()))


def _name(text: str) -> list[str]:
    if _is_spoilt(text):
        return ["spoilt-by-spreadsheet"]
    return list(dict.fromkeys(problem.code for problem in problems_in_name(text)))


def _text(text: str) -> list[str]:
    if _is_spoilt(text):
        return ["spoilt-by-spreadsheet"]
    steered = any(problem.found not in _MARKS for problem in find_bidi_controls(text))
    return ["bidi-control"] if steered else []


def _phone(text: str) -> list[str]:
    if _is_spoilt(text) or re.fullmatch(r"[0-9]{5,}[.,]0", text):
        return ["spoilt-by-spreadsheet"]
    if find_bidi_controls(text):
        return ["bidi-control"]
    return [] if _PHONE.fullmatch(text) else ["phone"]


def _fits(pattern: re.Pattern[str], code: str) -> Callable[[str], list[str]]:
    return lambda text: [] if pattern.fullmatch(text) else [code]


def _parses(read: Callable[[str], object], code: str) -> Callable[[str], list[str]]:
    def check(text: str) -> list[str]:
        try:
            read(text)
        except ValueError:
            return [code]
        return []

    return check


def _link(text: str) -> list[str]:
    return [] if _URN.fullmatch(text) else [problem.code for problem in problems_in_link(text)]


def _email(text: str) -> list[str]:
    return ["email"] if text.count("@") != 1 or problems_in_link(f"mailto:{text}") else []


_KINDS: dict[str, Callable[[str], list[str]]] = {
    "number": _fits(_NUMBER, "not-a-number"),
    "time": _fits(_TIME, "time"),
    "uuid": _fits(_UUID, "uuid"),
    "date": _parses(parse_day, "date"),
    "datetime": _parses(parse_moment, "datetime"),
    "uri": _link,
    "email": _email,
}
