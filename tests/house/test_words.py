"""Every sentence of the interface can be translated, and is."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from serai.config import words

from .walk import name, python_files, templates

pytestmark = pytest.mark.once

SPOKEN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description"}
WORD = re.compile(r"[A-Za-z]{2,}")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def without_tags(text: str) -> str:
    """A template without its translated and computed parts: what is left is said in English to everybody."""
    text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", " ", text, flags=re.S)
    text = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", " ", text, flags=re.S)
    return re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)


class Spoken(HTMLParser):
    """Collects text that a person would read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script", "svg", "code", "kbd"}:
            self.silent += 1
        self.found += [value for key, value in attrs if key in SPOKEN_ATTRIBUTES and value and WORD.search(value)]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script", "svg", "code", "kbd"}:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent and WORD.search(data):
            self.found.append(data.strip())


@pytest.mark.parametrize("template", [path for path in templates() if path.suffix in {".html", ".txt"}], ids=name)
def test_every_string_of_a_template_can_be_translated(template: Path) -> None:
    parser = Spoken()
    parser.feed(without_tags(template.read_text(encoding="utf-8")))
    assert parser.found == []


def test_no_translated_sentence_is_glued_together() -> None:
    glued = []
    for path in python_files(tests=False):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
                glued += [
                    f"{name(path)}:{node.lineno}" for part in node.args if isinstance(part, ast.JoinedStr | ast.BinOp)
                ]
    assert glued == []


def test_every_placeholder_of_a_translated_sentence_has_a_name() -> None:
    nameless = []
    for path in python_files(tests=False):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
                for part in node.args:
                    if (
                        isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and re.search(r"%[sd]|{}", part.value)
                    ):
                        nameless.append(f"{name(path)}:{node.lineno}")
    assert nameless == []


def test_every_sentence_of_the_house_is_said_in_every_language_and_none_is_left_over() -> None:
    assert [str(problem) for problem in words.problems()] == []
