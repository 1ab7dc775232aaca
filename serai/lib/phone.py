"""Telephone numbers: read as people write them, shown as one dials them from abroad; and a country's emergency numbers.

The knowledge is libphonenumber's, which the package `phonenumbers` carries; phone_source.yaml says which version of it
and of what day. It knows that a number is for emergencies, not whether police, ambulance or fire brigade answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, ValidationResult

from serai.lib import plainyaml

Wrong = Literal["empty", "spoilt", "not-a-number", "country-missing", "too-short", "too-long", "not-valid"]

# A spreadsheet wrote 254712345678 as 2.54712E+11 and lost the last digits: nobody can bring them back.
_SPOILT = re.compile(r"\s*[0-9]+[.,][0-9]+[eE]\+?[0-9]+\s*")
_PARSING: dict[int, Wrong] = {
    NumberParseException.INVALID_COUNTRY_CODE: "country-missing",
    NumberParseException.NOT_A_NUMBER: "not-a-number",
    NumberParseException.TOO_SHORT_AFTER_IDD: "too-short",
    NumberParseException.TOO_SHORT_NSN: "too-short",
    NumberParseException.TOO_LONG: "too-long",
}
_LENGTH: dict[int, Wrong] = {ValidationResult.TOO_SHORT: "too-short", ValidationResult.TOO_LONG: "too-long"}


class PhoneRefused(ValueError):
    """The text is no telephone number. code: why, see Wrong; a screen says it in the reader's language."""

    def __init__(self, code: Wrong, text: str) -> None:
        super().__init__(f"{code}: {text[:40]!r}")
        self.code = code


@dataclass(frozen=True)
class Phone:
    """A number. dial: E.164 with the plus, or a short number as it is dialled in its country; shown: for people.

    country: ISO 3166-1 alpha-2, "" for numbers of no country; extension: digits, or "".
    """

    dial: str
    shown: str
    country: str
    extension: str = ""

    @property
    def link(self) -> str:
        """A `tel:` address (RFC 3966)."""
        return f"tel:{self.dial}" + (f";ext={self.extension}" if self.extension else "")


def parse_phone(text: str, region: str = "") -> Phone:
    """A number in any digits and spacing. region: the country in which a number without +.. is dialled.

    Raises PhoneRefused. "Valid" is what the country's plan of numbers allows, not that somebody answers.
    """
    if not text.strip():
        raise PhoneRefused("empty", text)
    if _SPOILT.fullmatch(text):
        raise PhoneRefused("spoilt", text)
    try:
        number = phonenumbers.parse(text, region or None)
    except NumberParseException as wrong:
        raise PhoneRefused(_PARSING[wrong.error_type], text) from wrong
    if region and phonenumbers.is_valid_short_number_for_region(number, region):
        digits = phonenumbers.national_significant_number(number)
        return Phone(digits, digits, region)
    if not phonenumbers.is_valid_number(number):
        raise PhoneRefused(_LENGTH.get(phonenumbers.is_possible_number_with_reason(number), "not-valid"), text)
    country = phonenumbers.region_code_for_number(number) or ""
    bare = phonenumbers.PhoneNumber(number.country_code, number.national_number, None, number.italian_leading_zero)
    bare.number_of_leading_zeros = number.number_of_leading_zeros
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.format_number(bare, PhoneNumberFormat.INTERNATIONAL),
        country if len(country) == 2 else "",
        number.extension or "",
    )


# --- emergency numbers -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class NumbersSource:
    """Who says these numbers, in which version, of which day."""

    name: str
    url: str
    version: str
    released: date


@lru_cache(maxsize=1)
def numbers_source() -> NumbersSource:
    """From phone_source.yaml."""
    text = Path(__file__).with_name("phone_source.yaml").read_text(encoding="utf-8")
    said, errors, _lines = plainyaml.load(text)
    if errors or not isinstance(said, dict):
        raise ValueError(f"phone_source.yaml: {errors}")
    released = said["released"]
    if not isinstance(released, date):
        raise ValueError("phone_source.yaml: released is not a day")
    return NumbersSource(str(said["name"]), str(said["url"]), str(said["version"]), released)


@lru_cache(maxsize=1)
def emergency_countries() -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 of all countries and territories of which an emergency number is known."""
    return tuple(code for code in sorted(phonenumbers.SUPPORTED_SHORT_REGIONS) if emergency_numbers(code))


@lru_cache(maxsize=512)
def emergency_numbers(country: str) -> tuple[str, ...]:
    """The numbers known for emergencies in a country, the shortest first; empty for one that is not known.

    A pattern with open places (Gabon: all of 1300 to 1399) names no number a person could call, so it is left out.
    """
    known = country in phonenumbers.SUPPORTED_SHORT_REGIONS
    metadata = PhoneMetadata.short_metadata_for_region(country) if known else None
    if metadata is None or metadata.emergency is None or not metadata.emergency.national_number_pattern:
        return ()
    spelt = _Pattern(metadata.emergency.national_number_pattern).numbers()
    return tuple(sorted({each for each in spelt if _ANY not in each}, key=lambda each: (len(each), each)))


_ANY = "x"


class _Pattern:
    """All numbers that a pattern of libphonenumber's matches, spelt out. `x` stands for any digit.

    Its patterns of short numbers use digits, [classes], (?:groups), alternatives, `?`, `{n}` and `\\d` only.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def numbers(self) -> list[str]:
        """Raises ValueError where the pattern uses something else."""
        found = list(self._alternatives())
        if self.at != len(self.pattern):
            raise ValueError(f"unknown sign at {self.at} of {self.pattern!r}")
        return found

    def _alternatives(self) -> Iterator[str]:
        yield from self._sequence()
        while self._take("|"):
            yield from self._sequence()

    def _sequence(self) -> list[str]:
        parts: list[list[str]] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            atom = self._atom()
            if self._take("?"):
                atom = ["", *atom]
            elif self._take("{"):
                count = int(self._until("}"))
                atom = ["".join(each) for each in product(atom, repeat=count)]
            parts.append(atom)
        return ["".join(each) for each in product(*parts)]

    def _atom(self) -> list[str]:
        if self._take("(?:"):
            found = list(self._alternatives())
            if not self._take(")"):
                raise ValueError(f"no end of a group in {self.pattern!r}")
            return found
        if self._take("["):
            return list(_class(self._until("]")))
        if self._take("\\d"):
            return [_ANY]
        sign = self.pattern[self.at]
        if not sign.isdigit():
            raise ValueError(f"unknown sign {sign!r} in {self.pattern!r}")
        self.at += 1
        return [sign]

    def _take(self, what: str) -> bool:
        found = self.pattern.startswith(what, self.at)
        self.at += len(what) * found
        return found

    def _until(self, end: str) -> str:
        start = self.at
        self.at = self.pattern.index(end, start) + 1
        return self.pattern[start : self.at - 1]


def _class(inside: str) -> Iterator[str]:
    """The digits of `02-46`."""
    for part in re.findall(r"\d(?:-\d)?", inside):
        yield from (str(digit) for digit in range(int(part[0]), int(part[-1]) + 1))
