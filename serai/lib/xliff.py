"""XLIFF 2.0, the file in which translators' tools take our words and bring them back.

Only what a translation needs is written: text, note, state. Placeholders travel as protected codes, so that a tool
cannot translate {name}; all other markup is text to it. What comes back is read without trust, with an error for each
unit that does not fit instead of one for the whole file. OASIS XLIFF 2.0 (2014), core only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

State = Literal["initial", "translated", "reviewed", "final"]
STATES: tuple[State, ...] = get_args(State)
MAX_BYTES = 20_000_000

_NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_PLACEHOLDER = re.compile(r"(?<!\{)\{[A-Za-z_][\w.]*\}(?!\})|%%|%\([A-Za-z_]\w*\)[sd]|%[sd]")
_LINK = re.compile(r"<a\s[^<>]*\bhref\s*=", re.IGNORECASE)
# Characters that XML 1.0 cannot hold, and the carriage return that it would turn into a line feed.
_UNHOLDABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Unit:
    """One text: `id` (any text, unique in its file), `target` None while there is no translation."""

    id: str
    source: str
    target: str | None = None
    state: State = "initial"
    note: str = ""


@dataclass(frozen=True)
class Xliff:
    """The units of one file; `original` names where the words come from. Languages are BCP 47 tags."""

    original: str
    source_language: str
    target_language: str
    units: list[Unit] = field(default_factory=list)


@dataclass(frozen=True)
class XliffError:
    """What is wrong with one unit, or with the file if `unit` is empty. The codes are listed at `read`."""

    unit: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class PlaceholderCheck:
    """Placeholders that a translation lacks or has too many, in order, each as often as it is wrong."""

    missing: list[str]
    extra: list[str]

    @property
    def fits(self) -> bool:
        """Whether the translation has what the source has."""
        return not self.missing and not self.extra


def write(document: Xliff) -> bytes:
    """The file as UTF-8 bytes. ValueError for two units of one id, an empty id or an unknown state."""
    ids = [unit.id for unit in document.units]
    if len(set(ids)) != len(ids) or "" in ids or any(unit.state not in STATES for unit in document.units):
        raise ValueError("each unit needs an id of its own and a state of XLIFF")
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xliff xmlns="{_NAMESPACE}" version="2.0" srcLang={_quoted(document.source_language)}'
        f" trgLang={_quoted(document.target_language)}>\n"
        f'<file id="f1" original={_quoted(document.original)} xml:space="preserve">\n'
    )
    units = "".join(_unit(number, unit) for number, unit in enumerate(document.units, 1))
    return f"{head}{units}</file>\n</xliff>\n".encode()


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> tuple[Xliff | None, list[XliffError]]:
    """The document, without the units that do not fit, and what is wrong. None if nothing could be read.

    Codes of the file: `too-large`, `not-xml`, `entities` (refused), `not-xliff` (detail: root or version),
    `not-one-file`, `no-language`. Codes of a unit: `id-missing`, `id-twice`, `source-missing`, `state-unknown`,
    `inline` (a code we did not write; detail: its name), `half-translated` (some segments only).
    """
    if len(data) > max_bytes:
        return None, [XliffError("", "too-large", str(len(data)))]
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        return None, [XliffError("", "entities")]
    except (ParseError, ValueError, LookupError) as error:
        return None, [XliffError("", "not-xml", str(error))]
    if root.tag != _tag("xliff") or not (root.get("version") or "").startswith("2."):
        return None, [XliffError("", "not-xliff", str(root.get("version") or root.tag))]
    files = root.findall(_tag("file"))
    if len(files) != 1:
        return None, [XliffError("", "not-one-file", str(len(files)))]
    languages = root.get("srcLang"), root.get("trgLang")
    if not languages[0] or not languages[1]:
        return None, [XliffError("", "no-language")]
    units, errors = _read_units(files[0])
    return Xliff(files[0].get("original") or "", languages[0], languages[1], units), errors


def check_placeholders(source: str, target: str) -> PlaceholderCheck:
    """Compare {name}, %(name)s, %s and %d, and how many links (`<a href>`) each text has."""
    wanted, given = _placeholders(source), _placeholders(target)
    return PlaceholderCheck(list((wanted - given).elements()), list((given - wanted).elements()))


def _placeholders(text: str) -> Counter[str]:
    found = Counter(match for match in _PLACEHOLDER.findall(text) if match != "%%")
    links = len(_LINK.findall(text))
    return found + Counter({"<a href>": links})


def _unit(number: int, unit: Unit) -> str:
    # An id of XLIFF may hold no slash or space; ours stands in the name, which may hold anything.
    codes: dict[str, str] = {}
    source = _inline(unit.source, codes)
    target = "" if unit.target is None else f"<target>{_inline(unit.target, codes)}</target>"
    note = f"<notes><note>{_plain(unit.note)}</note></notes>\n" if unit.note else ""
    data = "".join(f'<data id="{key}">{_plain(code)}</data>' for code, key in codes.items())
    original = f"<originalData>{data}</originalData>\n" if codes else ""
    return (
        f'<unit id="u{number}" name={_quoted(unit.id)}>\n{note}{original}'
        f'<segment state="{unit.state}"><source>{source}</source>{target}</segment>\n</unit>\n'
    )


def _inline(text: str, codes: dict[str, str]) -> str:
    """Text with each placeholder as a protected code whose content lies in `codes`."""
    parts: list[str] = []
    at = 0
    for number, match in enumerate(_PLACEHOLDER.finditer(text), 1):
        key = codes.setdefault(match.group(), f"d{len(codes) + 1}")
        parts.append(_plain(text[at : match.start()]))
        parts.append(f'<ph id="{number}" dataRef="{key}" disp={_quoted(match.group())}/>')
        at = match.end()
    return "".join(parts) + _plain(text[at:])


def _plain(text: str) -> str:
    return _UNHOLDABLE.sub(lambda match: f'<cp hex="{ord(match.group()):04X}"/>', escape(text))


def _quoted(text: str) -> str:
    """An attribute's value. Line ends are written as numbers, or XML would make spaces of them."""
    if bad := re.search(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text):
        raise ValueError(f"an id or name cannot hold U+{ord(bad.group()):04X}")
    return '"' + escape(text, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}) + '"'


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _read_units(file: Element) -> tuple[list[Unit], list[XliffError]]:
    units: dict[str, Unit] = {}
    errors: list[XliffError] = []
    for element in file.iter(_tag("unit")):
        name = element.get("name") or element.get("id") or ""
        try:
            unit = _read_unit(element, name)
            if name in units:
                raise _Unfit("id-twice")
            units[name] = unit
        except _Unfit as error:
            errors.append(XliffError(name, error.code, error.detail))
    return list(units.values()), errors


class _Unfit(Exception):
    """One unit cannot be read; never leaves this module."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def _read_unit(element: Element, name: str) -> Unit:
    if not name:
        raise _Unfit("id-missing")
    data = {item.get("id") or "": "".join(_texts(item, {})) for item in element.iter(_tag("data"))}
    source: list[str] = []
    target: list[str] = []
    states: list[State] = []
    untranslated = 0
    # Tools may cut a unit into segments with white space (ignorable) between; together they are the unit again.
    parts = [part for part in element if part.tag in (_tag("segment"), _tag("ignorable"))]
    for part in parts:
        words = "".join(_texts(_needed(part), data))
        translated = part.find(_tag("target"))
        source.append(words)
        target.append(words if translated is None else "".join(_texts(translated, data)))
        if part.tag == _tag("segment"):
            states.append(_state(part.get("state") or "initial"))
            untranslated += translated is None
    if not states:
        raise _Unfit("source-missing")
    if 0 < untranslated < len(states):
        raise _Unfit("half-translated", f"{untranslated}/{len(states)}")
    note = "\n".join("".join(_texts(item, {})) for item in element.iter(_tag("note")))
    state = min(states, key=STATES.index)
    return Unit(name, "".join(source), None if untranslated else "".join(target), state, note)


def _needed(part: Element) -> Element:
    source = part.find(_tag("source"))
    if source is None:
        raise _Unfit("source-missing")
    return source


def _state(value: str) -> State:
    for state in STATES:
        if value == state:
            return state
    raise _Unfit("state-unknown", value)


def _texts(element: Element, data: dict[str, str]) -> Iterator[str]:
    """The text of an element; our codes as what they stand for, comments of a reviewer (mrk) as their words."""
    yield element.text or ""
    for child in element:
        name = str(child.tag).removeprefix(f"{{{_NAMESPACE}}}")
        if name == "ph" and child.get("dataRef") in data:
            yield data[child.get("dataRef") or ""]
        elif name == "cp" and re.fullmatch("[0-9A-Fa-f]{1,6}", child.get("hex") or ""):
            code = int(child.get("hex") or "", 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise _Unfit("inline", name)
            yield chr(code)
        elif name == "mrk" and element.tag != child.tag:
            yield from _texts(child, data)
        elif name not in ("sm", "em"):
            raise _Unfit("inline", name)
        yield child.tail or ""
