"""YAML as people mean it: text, whole numbers, yes/no as true/false, days, lists and mappings, and nothing else.

YAML 1.1 reads `no` as false (Norway), `09:30` as 570 and `1.10` as 1.1, and an alias can unfold into gigabytes. Packs
come from strangers and are edited by people who are no programmers, so only what cannot surprise is read; anything
else is text, or refused with its line. Decimals stay text: no fee ever passes through a float.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import yaml

Value: TypeAlias = "str | int | bool | date | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 12


@dataclass(frozen=True)
class SourceError:
    """One thing wrong in a file: its `line` (from 1), a `code` (listed where it is given), a word from the file."""

    line: int
    code: str
    detail: str = ""


def load(text: str, first_line: int = 1) -> tuple[Value, list[SourceError], dict[str, int]]:
    """The value of one YAML document, what is wrong with it (then the value is None), and the line of each top key.

    Codes: `yaml` (not YAML; detail is the parser's word for it, or a sign that is no character), `yaml-alias` (anchors
    and aliases), `yaml-tag`, `yaml-deep`, `yaml-documents` (more than one), `yaml-duplicate` (detail is the key),
    `yaml-key` (a key that is not text), `yaml-day` (a day that does not exist).
    """
    try:
        errors, node = _read(text, first_line)
    except yaml.MarkedYAMLError as error:
        # What is never closed is noticed at the end; people look for where it begins.
        unclosed = error.context_mark if "end of stream" in (error.problem or "") else None
        mark = unclosed or error.problem_mark
        return None, [SourceError(first_line + (mark.line if mark else 0), "yaml", error.problem or "")], {}
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position)
        return None, [SourceError(first_line + line, "yaml", f"U+{ord(str(error.character)[:1] or chr(0)):04X}")], {}
    if node is None or errors:
        return None, errors, {}
    built = _Build(first_line)
    value = built.value(node)
    lines = {}
    if isinstance(node, yaml.MappingNode):
        lines = {str(key.value): first_line + key.start_mark.line for key, _ in node.value}
    return (None if built.errors else value), built.errors, lines


def lines_of(text: str, first_line: int = 1) -> dict[tuple[str | int, ...], int]:
    """The line of each part of a document that `load` took without errors: `("places", 0)` is the first place's."""
    found: dict[tuple[str | int, ...], int] = {}

    def walk(node: yaml.Node, where: tuple[str | int, ...]) -> None:
        found.setdefault(where, first_line + node.start_mark.line)
        if isinstance(node, yaml.MappingNode):
            for key, part in node.value:
                found[(*where, str(key.value))] = first_line + key.start_mark.line
                walk(part, (*where, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for number, part in enumerate(node.value):
                walk(part, (*where, number))

    node = _read(text, first_line)[1]
    if node is not None:
        walk(node, ())
    return found


def dump(value: Value) -> str:
    """YAML that `load` reads back to the same value, in block style, keys in their order. TypeError for other types."""
    _check(value, MAX_DEPTH)
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=False
    )


class _Exact(yaml.SafeLoader):
    """Says best what is wrong and where; ten times slower than the other."""

    yaml_implicit_resolvers: dict[str, Any] = {}


class _Fast(yaml.CSafeLoader):
    """Reads what is right to the same value."""

    yaml_implicit_resolvers: dict[str, Any] = _Exact.yaml_implicit_resolvers


_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
"""What an escape ("\\ud800") can bring into a text and no database or page can hold."""

_DIFFERS = re.compile("[\t\ufeff]")
"""Signs of which the two disagree whether they may stand somewhere."""

for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", list("tf")),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    # 007 and +49 are numbers that are written, not counted: text.
    ("int", r"^(?:0|-?[1-9][0-9]{0,17})$", list("-0123456789")),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", list("0123456789")),
):
    for _first_sign in _first:
        _Exact.yaml_implicit_resolvers.setdefault(_first_sign, []).append(
            (f"tag:yaml.org,2002:{_tag}", re.compile(_pattern))
        )


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Lines of text as lines, where YAML can hold them so without losing a space at an end.
    literal = "\n" in text and not re.search(r"[ \t]\n|^\s|[^\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff]|[ \t]$", text)
    # Other line ends would be read back as spaces unless they are escaped, which only double quotes do.
    quoted = re.search(r"[\r\x85\u2028\u2029]", text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if literal else '"' if quoted else None)


_Dumper.add_representer(str, _text)


def _read(text: str, first_line: int) -> tuple[list[SourceError], yaml.Node | None]:
    """What is refused, or the document. Raises yaml.YAMLError when it is not YAML."""
    if not _DIFFERS.search(text):
        with suppress(yaml.YAMLError):  # the exact one says it again, better
            return _read_with(_Fast, text, first_line)
    return _read_with(_Exact, text, first_line)


def _read_with(
    loader: type[_Fast] | type[_Exact], text: str, first_line: int
) -> tuple[list[SourceError], yaml.Node | None]:
    errors = _forbidden(loader, text, first_line)
    return errors, None if errors else loader(text).get_single_node()


def _forbidden(loader: type[_Fast] | type[_Exact], text: str, first_line: int) -> list[SourceError]:
    """What is refused before anything is built. Reads events one by one, so that depth cannot exhaust the stack."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                return [SourceError(line, "yaml-documents")]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return [SourceError(line, "yaml-alias", str(getattr(event, "anchor", "")))]
        if getattr(event, "tag", None):
            return [SourceError(line, "yaml-tag", str(getattr(event, "tag", "")))]
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return [SourceError(line, "yaml-deep")]
    return []


class _Build:
    """Plain values from nodes, with every error kept."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.errors: list[SourceError] = []

    def value(self, node: yaml.Node) -> Value:
        if isinstance(node, yaml.ScalarNode) and (sign := _NO_CHARACTER.search(node.value)):
            self._refuse(node, "yaml", f"U+{ord(sign.group()):04X}")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(part) for part in node.value]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Value]:
        built: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key: Hashable = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            value = self.value(value_node)
            if not isinstance(key, str) or key_node.tag == "tag:yaml.org,2002:null":
                self._refuse(key_node, "yaml-key", str(key or ""))
            elif sign := _NO_CHARACTER.search(key):
                self._refuse(key_node, "yaml", f"U+{ord(sign.group()):04X}")
            elif key in built:
                self._refuse(key_node, "yaml-duplicate", key)
            else:
                built[key] = value
        return built

    def _scalar(self, node: yaml.Node) -> Value:
        text = str(node.value)
        kind = node.tag.rpartition(":")[2]
        if kind == "bool":
            return text == "true"
        if kind == "null":
            return None
        if kind == "int":
            return int(text)
        if kind == "timestamp":
            try:
                return date.fromisoformat(text)
            except ValueError:
                self._refuse(node, "yaml-day", text)
        return text

    def _refuse(self, node: yaml.Node, code: str, detail: str) -> None:
        self.errors.append(SourceError(self.first_line + node.start_mark.line, code, detail))


def _check(value: object, depth: int) -> None:
    if depth < 0:
        raise TypeError("too deep to be written")
    if isinstance(value, list):
        for part in value:
            _check(part, depth - 1)
    elif isinstance(value, dict):
        for key, part in value.items():
            if type(key) is not str:
                raise TypeError(f"a key is text: {key!r}")
            _check(part, depth - 1)
    elif value is not None and type(value) not in (str, int, bool, date):
        raise TypeError(f"not a value for a pack: {type(value).__name__}")
    elif type(value) is int and abs(value) >= 10**18:
        raise TypeError("a number of more than 18 digits")
