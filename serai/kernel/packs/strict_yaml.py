"""YAML as packs need it: every value with its line, and none of YAML's traps.

Refused: a key twice, anchors and aliases (a few lines of them can fill the memory), tags, more than 20 levels. Words
stay words: `no` is Norwegian, `10:30` an hour and `1.10` a version; only `true`, `false`, whole numbers and nothing
are more than text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

DEEPEST = 20
Where = tuple[str | int, ...]


class YamlRefused(ValueError):
    """The text is not YAML that a pack may hold. line counts from 1."""

    def __init__(self, line: int, code: str, says: str, cure: str) -> None:
        super().__init__(says)
        self.line, self.code, self.says, self.cure = line, code, says, cure


@dataclass(frozen=True)
class Lined:
    """A value and the line of each of its parts: lines[("places", 0)] is the line of the first place."""

    value: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line(self, *where: str | int) -> int:
        """The line of a part, or of the nearest part around it that has one."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.lines:
                return self.lines[where[:end]]
        return 1


class _Loader(yaml.SafeLoader):
    """Composes nodes without anchors, aliases, tags or great depth."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """One node; refuses what would make the text mean more than it shows."""
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            says, cure = (
                _("“&” and “*” (anchors) are not used in packs."),
                _("Write the text in full, or put it in quotes."),
            )
            raise YamlRefused(line, "yaml-alias", says, cure)
        if getattr(event, "tag", None):
            raise YamlRefused(line, "yaml-tag", _("“!” (a type) is not used in packs."), _("Put the text in quotes."))
        self.depth += 1
        if self.depth > DEEPEST:
            says, cure = _("This is nested too deeply."), _("Use the keys that docs/packs.md lists.")
            raise YamlRefused(line, "yaml-deep", says, cure)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


def read_yaml(text: str, *, first_line: int = 1) -> Lined:
    """Reads one document. first_line: the line of the file on which the text begins. Raises YamlRefused."""
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:  # a character that no text holds
        raise _syntax(error, first_line + text[: getattr(error, "position", 0)].count("\n")) from None
    try:
        node = loader.get_single_node()
        lines: dict[Where, int] = {}
        value = _value(node, (), lines, first_line) if node else None
    except YamlRefused as refused:
        refused.line += first_line - 1
        raise
    except yaml.YAMLError as error:
        raise _syntax(error, first_line) from None
    finally:
        loader.dispose()
    return Lined(value, lines)


def _syntax(error: yaml.YAMLError, first_line: int) -> YamlRefused:
    mark = getattr(error, "problem_mark", None)
    line = (mark.line if mark else 0) + first_line
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or ""
    says = _("This is not valid YAML: %(what)s.") % {"what": what}
    cure = _("Check the spaces at the start of the line and the quotes around text with a colon.")
    return YamlRefused(line, "yaml-syntax", says, cure)


def _value(node: Any, where: Where, lines: dict[Where, int], first_line: int) -> Any:
    lines[where] = node.start_mark.line + first_line
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, where, lines, first_line)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*where, index), lines, first_line) for index, child in enumerate(node.value)]
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "bool":
        return node.value == "true"
    if kind == "int":
        return int(node.value)
    return None if kind == "null" else node.value


def _mapping(node: yaml.MappingNode, where: Where, lines: dict[Where, int], first_line: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise YamlRefused(line, "yaml-key", _("A key must be a word."), _("Write “key: value”."))
        key = str(key_node.value)
        if key in found:
            says = _("The key “%(key)s” stands here twice.") % {"key": key}
            raise YamlRefused(line, "yaml-duplicate", says, _("Keep one of the two."))
        found[key] = _value(value_node, (*where, key), lines, first_line)
        lines[(*where, key)] = line + first_line - 1
    return found


class _Dumper(yaml.SafeDumper):
    """Writes what read_yaml reads back as the same; what others read as more than text is in quotes, days are not."""

    yaml_implicit_resolvers = {
        first: [row for row in rows if row[0] != "tag:yaml.org,2002:timestamp"]
        for first, rows in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented under their key."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    multiline = "\n" in text and not re.search(r"[ \t]\n|^\s|\t", text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if multiline else None)


_Dumper.add_representer(str, _text)


def write_yaml(value: Any, *, flow: bool = False) -> str:
    """The value as YAML in its normal form: keys in the order given, no line is folded."""
    written = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9, default_flow_style=flow
    )
    return str(written).removesuffix("...\n")
