"""What one field of one thing says, and what is wrong with it; a value that is not understood is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from serai.lib.geo import Box, GeoRefused, Point
from serai.lib.hsds.nested import cell_of
from serai.lib.hsds.ours import Extras, problems_of
from serai.lib.hsds.schema import FIELDS
from serai.lib.hsds.values import codes_of
from serai.lib.locales import babel_locale
from serai.lib.mapping.definition import DAYS, LISTS, Phones, Section, Template, Value
from serai.lib.mapping.features import Feature

Wrong = tuple[str, str]  # code and what was found
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
_YES_NO = {"true": "yes", "false": "no", "True": "yes", "False": "no"}
_ANSWERS = ("papers_asked", "free", "step_free")


def filled(template: Template, feature: Feature) -> str:
    """The template with the words of the feature, several of one name with commas; "" unless all are there."""
    found = [", ".join(feature.words(part)) if at % 2 else part for at, part in enumerate(template.parts)]
    return "".join(found) if all(found[1::2]) else ""


def words_of(value: Value, feature: Feature, wrong: list[Wrong], language: str = "en") -> list[str]:
    """All that a value says of a feature, each word once; words that have no meaning are put to `wrong`."""
    raw: list[str] = []
    if value.is_constant and value.codes is None and not value.known and not value.separator:
        return [value.templates[0].parts[0]]
    for template in value.templates:
        raw = feature.words(template.names[0]) if template.is_one_name else [filled(template, feature)]
        if raw := [word for word in raw if word]:
            break
    if value.separator:
        raw = [" ".join(part.split()) for word in raw for part in word.split(value.separator) if part.strip()]
    meant: list[str] = []
    for word in raw:
        if value.codes is not None and word in value.codes:
            meant += value.codes[word]
        elif value.known and (code := _known(value.known, language).get(word.casefold())):
            meant.append(code)
        elif value.codes is not None or value.known:
            wrong.append(("code-unknown", word))
        else:
            meant.append(word)
    return list(dict.fromkeys(meant))


def names_in(value: Value) -> str:
    """Where a value comes from, for a message."""
    return ", ".join(dict.fromkeys(name for template in value.templates for name in template.names))


@cache
def _known(what: str, language: str) -> dict[str, str]:
    """Codes by name, in the language of the file, and by the code itself. Names and codes: CLDR, by Babel."""
    locale = babel_locale(language)
    if what == "countries":
        found = {code: name for code, name in locale.territories.items() if re.fullmatch("[A-Z]{2}", code)}
    else:
        found = {code.replace("_", "-"): name for code, name in locale.languages.items()}
    return {name.casefold(): code for code, name in found.items()} | {code.casefold(): code for code in found}


def cell(table: str, name: str, value: Value, words: list[str], phones: Phones | None, wrong: list[Wrong]) -> str:
    """The words as one cell of a table; "" with the reason in `wrong` where they cannot be."""
    of = FIELDS[table][name]
    if of.kind != "text" and len(words) > 1:
        wrong.append(("several", ", ".join(words)))
        return ""
    text = ", ".join(words)
    if of.kind == "date" and text:
        text = day(text, value.format, wrong)
    if of.kind == "email":
        text = text.removeprefix("mailto:")
    codes = codes_of(of, text) if text else []
    if (table, name) == ("phone", "number") and text and not codes:
        text = text.removeprefix("tel:")
        codes = phone_codes(text, phones)
    wrong += [(code, text) for code in codes]
    return "" if codes else text


def day(text: str, form: str, wrong: list[Wrong]) -> str:
    """A day written as `form` says, in ISO 8601; the time after it, if there is one, is left out."""
    pattern = re.escape(form)
    for part, digits in (("YYYY", "(?P<y>[0-9]{4})"), ("MM", "(?P<m>[0-9]{1,2})"), ("DD", "(?P<d>[0-9]{1,2})")):
        pattern = pattern.replace(part, digits)
    found = re.fullmatch(pattern + r"([T ][0-9:.]+Z?)?", text)
    try:
        if found:
            return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    except ValueError:
        pass  # such as 2026-02-30, which is wrong in the same way as any other text
    wrong.append(("date", text))
    return ""


def phone_codes(text: str, phones: Phones | None) -> list[str]:
    """What a spreadsheet took from a number, where the country's way of writing tells it."""
    digits = re.sub(r"[ ().\-/\u00a0]", "", text)
    if phones is None or not digits.isdecimal():
        return []
    if digits.startswith(phones.code) and len(digits) - len(phones.code) in phones.digits:
        return ["phone-plus-missing"]
    if phones.trunk and not digits.startswith(phones.trunk) and len(digits) in phones.digits:
        return ["phone-zero-missing"]
    return []


def extra(table: str, name: str, value: Value, words: list[str], wrong: list[Wrong]) -> str | tuple[str, ...]:
    """The words as one part of `Extras`; nothing, with the reason in `wrong`, where they cannot be."""
    if name in _ANSWERS:
        words = [_YES_NO.get(word, word) for word in words]
    if name in DAYS and words:
        words = [day(words[0], value.format, wrong)]
    if name not in LISTS and len(words) > 1:
        wrong.append(("several", ", ".join(words)))
        return ""
    sound: list[str] = []
    for word in words:
        found = _codes_of_extra(table, name, word)
        wrong += found
        sound += [] if found or not word else [word]
    return tuple(sound) if name in LISTS else "".join(sound)


@lru_cache(maxsize=10_000)
def _codes_of_extra(table: str, name: str, word: str) -> tuple[Wrong, ...]:
    part: Any = (word,) if name in LISTS else word
    return tuple((code, said) for _, code, said in problems_of(replace(Extras(), **{name: part}), table))


def position(section: Section, feature: Feature, box: Box | None, wrong: list[Wrong]) -> tuple[str, str] | None:
    """Latitude and longitude as they are written in the source; None, maybe with the reason in `wrong`."""
    if section.position is None:
        return None
    texts = _geometry(feature, wrong) if section.position == "geometry" else _columns(section.position, feature, wrong)
    if texts is None:
        return None
    lat, lon = float(texts[0]), float(texts[1])
    code = ""
    try:
        point = Point(lat, lon)
        code = "outside-box" if box is not None and not box.contains(point) else ""
    except GeoRefused as error:
        code = error.code
    if (
        code
        and box is not None
        and abs(lat) <= 180
        and abs(lon) <= 90
        and (lat or lon)
        and box.contains(Point(lon, lat))
    ):
        code = "swapped"
    if code:
        wrong.append((code, f"{texts[0]},{texts[1]}"))
    return None if code else texts


def _geometry(feature: Feature, wrong: list[Wrong]) -> tuple[str, str] | None:
    given = feature.position
    if given is None:
        return None
    found = given.get("coordinates") if isinstance(given, dict) and given.get("type") == "Point" else None
    if not isinstance(found, list) or len(found) not in (2, 3) or not all(map(_is_number, found)):
        wrong.append(("not-a-point", str(given)))
        return None
    return cell_of(found[1]), cell_of(found[0])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _columns(values: tuple[Value, Value], feature: Feature, wrong: list[Wrong]) -> tuple[str, str] | None:
    lat, lon = (", ".join(words_of(value, feature, wrong)) for value in values)
    if not lat and not lon:
        return None
    if not lat or not lon:
        wrong.append(("coordinate-half", lat or lon))
        return None
    bad = [text for text in (lat, lon) if not _NUMBER.fullmatch(text)]
    wrong += [("not-a-number", text) for text in bad]
    return None if bad else (lat, lon)


def needs_text(table: str, name: str) -> bool:
    """Whether a field holds words that people read, which other languages say differently."""
    of = FIELDS[table].get(name)
    return of is not None and of.kind == "text" and not of.enum and not of.refers_to


def missing(table: str, cells: dict[str, str]) -> Iterator[str]:
    """Fields that the standard requires in a table and that are empty."""
    for of in FIELDS[table].values():
        if of.required and not of.refers_to and not cells.get(of.name):
            yield of.name
