"""Text and links that show something else than they are.

Right-to-left controls, invisible characters and letters of another alphabet can make a false agency's name or
address look like a true one, and turn a file name around. Here they are found and made visible; nothing is repaired
silently, and the caller words the problem for its reader. After Unicode TR 36, TR 39 and TR 9 (control characters).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINK_SCHEMES = frozenset({"https", "http", "mailto", "tel", "sms", "geo"})
LINK_LENGTH = 2000  # longest link in characters: what every browser and phone still opens
_MARKS_IN_A_ROW = 4  # Vietnamese needs two, Hebrew and Arabic with vowels three

# Letters and signs that show nothing, though Unicode does not call them controls.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNLIKE = "?"
_JOINERS = frozenset("\u200c\u200d")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
# Small letters of Cyrillic and Greek that most fonts draw like Latin ones.
_LATIN_LOOKALIKES = frozenset("асеорхуіјѕԁһԛԝӏвкмнтгпьν" + "αορικυχηωτ")


@dataclass(frozen=True)
class Problem:
    """One finding: `code` (listed at the function that gives it), `at` (index in the text) and `found` (the part)."""

    code: str
    at: int
    found: str


def find_bidi_controls(text: str) -> list[Problem]:
    """Every character that steers writing direction, code `bidi-control`. The marks U+200E, U+200F, U+061C count."""
    if BIDI_CONTROLS.isdisjoint(text):
        return []
    return [Problem("bidi-control", at, char) for at, char in enumerate(text) if char in BIDI_CONTROLS]


def is_mixed_script(word: str) -> bool:
    """Whether one word mixes alphabets that look alike (Latin, Cyrillic, Greek, Armenian, Cherokee, Coptic)."""
    return len({_alphabet(char) for char in word} - {""}) > 1


def visible(text: str, *, keep_lines: bool = False) -> str:
    """`text` with each control, invisible or unassigned character shown as [U+202E].

    `keep_lines` leaves line breaks and tabs as they are, for text of several lines.
    """
    kept = "\n\t" if keep_lines else ""
    return "".join(f"[U+{ord(c):04X}]" if _is_invisible(c) and c not in kept else c for c in text)


def problems_in_name(text: str) -> list[Problem]:
    """What makes a name (of a person, an agency, a file) other than it looks, in order of position.

    Codes: `bidi-control`; `control` (line breaks and tabs too); `invisible` (zero width or blank; joiners between
    letters of scripts that need them are fine); `not-a-character` (unassigned, private or half a pair);
    `marks-piled` (more than four marks on one letter); `mixed-script` (found is the word).
    """
    if text.isascii() and text.isprintable():
        return []  # most names of most directories
    kinds = {_kind(char) for char in set(text)} - {""}
    if _UNLIKE not in kinds and len(kinds) <= 1:
        return []  # and most of the others
    problems = [problem for at, char in enumerate(text) if (problem := _problem_of_char(text, at, char))]
    for match in re.finditer(r"[^\W_]+", text):
        if is_mixed_script(match.group()):
            problems.append(Problem("mixed-script", match.start(), match.group()))
    run = 0
    for at, char in enumerate(text):
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run == _MARKS_IN_A_ROW + 1:
            problems.append(Problem("marks-piled", at, char))
    return sorted(problems, key=lambda problem: problem.at)


def problems_in_link(url: str, *, extra_schemes: Collection[str] = ()) -> list[Problem]:
    """Why a link must not be offered; an empty list means it may.

    Allowed are absolute https, http, mailto, tel, sms and geo links, and `extra_schemes` (such as guide) whose rest
    is plain path characters. Codes: `link-empty`; `link-long`; `link-control` (white space, control, invisible or
    escaped line break); `link-backslash`; `link-no-scheme` (relative); `link-host-unsaid` (//host); `link-scheme`;
    `link-malformed` (the rest does not fit the scheme); `link-userinfo` (name@host); `link-host-missing`;
    `link-host-malformed`; `link-host-address` (a bare number instead of a name); `link-host-punycode`;
    `link-host-mixed-script`; `link-host-lookalike` (a whole label of letters that look
    Latin, under a Latin top-level domain).
    """
    if not url:
        return [Problem("link-empty", 0, "")]
    if len(url) > LINK_LENGTH:
        return [Problem("link-long", LINK_LENGTH, url[LINK_LENGTH : LINK_LENGTH + 20])]
    for at, char in enumerate(url):
        if char.isspace() or _is_invisible(char):
            return [Problem("link-control", at, char)]
    if escaped := re.search(r"%0[0ad]", url, re.IGNORECASE):
        return [Problem("link-control", escaped.start(), escaped.group())]
    if "\\" in url:
        return [Problem("link-backslash", url.index("\\"), "\\")]
    if url.startswith("//"):
        return [Problem("link-host-unsaid", 0, "//")]
    named = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    if not named:
        return [Problem("link-no-scheme", 0, url)]
    scheme, rest = named.group(1).lower(), url[named.end() :]
    if scheme in extra_schemes:
        fits = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*(#[A-Za-z0-9_-]+)?", rest)
        return [] if fits and ".." not in rest else [Problem("link-malformed", named.end(), rest)]
    if scheme not in LINK_SCHEMES:
        return [Problem("link-scheme", 0, named.group(1))]
    if scheme in ("http", "https"):
        return _problems_in_authority(url, named.end())
    return [] if _REST[scheme].fullmatch(rest) else [Problem("link-malformed", named.end(), rest)]


# tel and sms admit no * and #: dialled as a code they redirect calls or cost money.
_NUMBER = r"\+?[0-9][0-9().-]*(;(ext=[0-9]+|phone-context=[A-Za-z0-9.+-]+))*"
_REST = {
    "mailto": re.compile(r"[^@?&,;<>\"]+@[^@?&,;<>\"]+\.[^@?&,;<>\"]+(\?subject=[^&]*)?"),
    "tel": re.compile(_NUMBER),
    "sms": re.compile(_NUMBER + r"(\?(body=)?[^&]*)?"),
    "geo": re.compile(r"-?[0-9]+(\.[0-9]+)?,-?[0-9]+(\.[0-9]+)?(,-?[0-9.]+)?(;[a-z]+=[A-Za-z0-9.]+)*(\?q=[^&]*)?"),
}


def _problems_in_authority(url: str, start: int) -> list[Problem]:
    """Problems of `//host:port` in a web link whose scheme ends before `start`."""
    if not url.startswith("//", start):
        return [Problem("link-host-missing", start, url[start:])]
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return [Problem("link-host-malformed", start, url[start:])]
    at = start + 2
    if "@" in parts.netloc:
        return [Problem("link-userinfo", at, parts.netloc)]
    if not host:
        return [Problem("link-host-missing", at, parts.netloc)]
    if ":" in host or re.search(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", host):
        return [Problem("link-host-address", at, host)]
    # A host that changes under NFKC (full-width letters and dots, ligatures) is read differently by each program.
    if unquote(host) != host or unicodedata.normalize("NFKC", host) != host or not _is_host(host):
        return [Problem("link-host-malformed", at, host)]
    labels = host.removesuffix(".").split(".")
    # Under a top-level domain of its own alphabet a name of look-alike letters is honest (укр); under .com it is not.
    pretends = labels[-1].isascii()
    return [problem for label in labels if (problem := _problem_of_label(label, at, pretends))]


def _is_host(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    return len(host) <= 253 and all(
        0 < len(label) <= 63 and label.strip("-") == label and all(c in "-_" or _in_host(c) for c in label)
        for label in labels
    )


def _in_host(char: str) -> bool:
    return unicodedata.category(char) in ("Ll", "Lo", "Lm", "Mn", "Mc", "Nd")


def _problem_of_label(label: str, at: int, pretends: bool) -> Problem | None:
    if label.startswith("xn--"):
        return Problem("link-host-punycode", at, label)
    if is_mixed_script(label):
        return Problem("link-host-mixed-script", at, label)
    letters = [char for char in label if char.isalpha()]
    if pretends and letters and all(char in _LATIN_LOOKALIKES for char in letters):
        return Problem("link-host-lookalike", at, label)
    return None


def _problem_of_char(text: str, at: int, char: str) -> Problem | None:
    category = unicodedata.category(char)
    if char in BIDI_CONTROLS:
        return Problem("bidi-control", at, char)
    if category in ("Cc", "Zl", "Zp"):
        return Problem("control", at, char)
    if category in ("Cn", "Co", "Cs"):
        return Problem("not-a-character", at, char)
    if char in _JOINERS and _joins(text, at):
        return None
    return Problem("invisible", at, char) if category == "Cf" or char in _BLANK else None


@cache
def _kind(char: str) -> str:
    """The alphabet of a letter; nothing for what is no letter or of no such alphabet; _UNLIKE for what may be wrong
    in a name, alone or with what stands beside it."""
    if _problem_of_char(char, 0, char) or unicodedata.category(char) in ("Mn", "Me"):
        return _UNLIKE
    return _alphabet(char)


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands after a letter or mark of a script that is written with joiners (Arabic, Indic)."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return all(char and unicodedata.category(char) in ("Lo", "Mn", "Mc") for char in (before, after))


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn") or char in _BLANK


@cache
def _alphabet(char: str) -> str:
    if not char.isalpha():
        return ""
    words = unicodedata.name(char, "").split()
    return next((word for word in words[:2] if word in _ALPHABETS), "")
