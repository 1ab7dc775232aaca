"""Coordinates as people type and paste them: from a map, a phone, a paper with degrees and minutes, in any digits.

What can be read in two ways is refused and not guessed: a wrong office is worse than none.
"""

from __future__ import annotations

import re
import unicodedata

from serai.lib.direction import BIDI_CONTROLS
from serai.lib.geo import GeoRefused, Point

_LONGEST = 100  # characters
_SIGNS = str.maketrans({
    "\u066b": ".", "\u060c": ",", "\u061b": ";",  # Arabic decimal separator, comma, semicolon
    "\u2212": "-", "\u2013": "-",
    "\u2032": "'", "\u2019": "'", "\u02b9": "'", "\u00b4": "'",
    "\u2033": '"', "\u201d": '"', "\u02ba": '"',
    "\u00ba": "\u00b0", "\u02da": "\u00b0",
})  # fmt: skip
_NUMBER = r"\d{1,3}(?:[.,]\d{1,15})?"
_PAIR = re.compile(rf"([+-]?{_NUMBER})(?:\s*;\s*|\s*,\s+|\s+,\s*|\s+)([+-]?{_NUMBER})")
_TIGHT_POINTS = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,15})?),([+-]?\d{1,3}(?:\.\d{1,15})?)")
_TIGHT_COMMAS = re.compile(r"([+-]?\d{1,3},\d{1,15}),([+-]?\d{1,3},\d{1,15})")
_AMBIGUOUS = re.compile(r"[+-]?\d+,\d+,\d+")
_ANGLE = re.compile(
    rf"([+-]?)\s*({_NUMBER})(?:\s*[°: ]\s*({_NUMBER})(?:\s*[': ]\s*({_NUMBER})\s*\"?|\s*'?)|\s*°?)", re.ASCII
)


def read_point(text: str) -> Point:
    """The point that "LAT, LON" means.

    Taken are decimal points and commas, white space, comma or semicolon between the two, N/S/E/W before or after (in
    either order then), degrees with minutes and seconds, digits of every script, and invisible marks of direction.
    GeoRefused, with the codes listed there.
    """
    if len(text) > _LONGEST:
        raise GeoRefused("too-long", text[:40])
    plain = _plain(text)
    if re.search(r"O|W.*W|N.*N|S.*S|E.*E", plain):
        raise GeoRefused("letter-ambiguous" if "O" in plain else "not-a-pair", text)
    if re.search("[NSEW]", plain):
        return _lettered(plain, text)
    if "°" in plain:
        return _degrees(plain, text)
    match = _PAIR.fullmatch(plain) or _TIGHT_POINTS.fullmatch(plain) or _TIGHT_COMMAS.fullmatch(plain)
    if not match:
        raise GeoRefused("ambiguous" if _AMBIGUOUS.fullmatch(plain) else "not-a-pair", text)
    return Point(_decimal(match.group(1)), _decimal(match.group(2)))


def _plain(text: str) -> str:
    """The text in ASCII digits and signs, capital letters, without brackets and invisible marks."""
    shown = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text if char not in BIDI_CONTROLS
    )
    shown = re.sub(r"\s+", " ", shown.translate(_SIGNS).replace("''", '"')).upper().strip()
    return shown[1:-1].strip() if re.fullmatch(r"\(.*\)|\[.*\]", shown) else shown


def _lettered(plain: str, text: str) -> Point:
    """Two angles with a letter each: all before their number, or all after it."""
    if plain[0] in "NSEW":
        match = re.fullmatch(r"([NSEW])([^NSEW]+)([NSEW])([^NSEW]+)", plain)
        parts = {match.group(1): match.group(2), match.group(3): match.group(4)} if match else {}
    else:
        match = re.fullmatch(r"([^NSEW]+)([NSEW])([^NSEW]+)([NSEW])", plain)
        parts = {match.group(2): match.group(1), match.group(4): match.group(3)} if match else {}
    found: dict[bool, float] = {}
    for letter, part in parts.items():
        if "-" in part or "+" in part:
            raise GeoRefused("not-a-pair", text)
        found[letter in "NS"] = _angle(part, text) * (-1 if letter in "SW" else 1)
    if len(found) != 2:
        raise GeoRefused("not-a-pair", text)
    return Point(found[True], found[False])


def _degrees(plain: str, text: str) -> Point:
    """Two angles with a degree sign each; the second begins at the number before its sign."""
    starts = [match.start() for match in re.finditer(rf"[+-]?{_NUMBER}\s*°", plain)]
    if len(starts) != 2 or starts[0] != 0:
        raise GeoRefused("not-a-pair", text)
    return Point(_angle(plain[: starts[1]], text), _angle(plain[starts[1] :], text))


def _angle(part: str, text: str) -> float:
    match = _ANGLE.fullmatch(part.strip(" ,;"))
    if not match:
        raise GeoRefused("not-a-pair", text)
    sign, *pieces = match.groups()
    numbers = [piece for piece in pieces if piece]
    if any("." in piece or "," in piece for piece in numbers[:-1]):
        raise GeoRefused("not-a-pair", text)  # half degrees with minutes: nobody means that
    values = [_decimal(piece) for piece in numbers]
    if any(value >= 60 for value in values[1:]):
        raise GeoRefused("minutes", text)
    size = sum(value / 60**power for power, value in enumerate(values))
    return -size if sign == "-" else size


def _decimal(number: str) -> float:
    return float(number.replace(",", "."))
