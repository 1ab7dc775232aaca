"""The catalogue checks find what is wrong in catalogues, and our catalogues are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from serai.config import words

pytestmark = pytest.mark.once

HEAD = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

""".lstrip()


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One part with one French catalogue."""
    path = tmp_path / "part" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    monkeypatch.setattr(words, "parts", lambda: [tmp_path / "part"])
    monkeypatch.setattr(words.env, "ROOT", tmp_path)
    return path


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ('msgid "Page"\nmsgstr ""\n', "missing"),
        ('#, fuzzy\nmsgid "Page"\nmsgstr "Page"\n', "uncertain"),
        ('#~ msgid "Old"\n#~ msgstr "Vieux"\n', "stale"),
        ('msgid "%(name)s says"\nmsgstr "dit"\n', "placeholder"),
        ('msgid "Says"\nmsgstr "%(name)s dit"\n', "placeholder"),
    ],
)
def test_a_wrong_entry_is_found(catalogue: Path, entry: str, code: str) -> None:
    catalogue.write_text(HEAD + entry, encoding="utf-8")
    assert [problem.code for problem in words.problems()] == [code]


def test_a_right_catalogue_has_no_problem_and_compiles(catalogue: Path) -> None:
    catalogue.write_text(HEAD + 'msgid "%(name)s says"\nmsgstr "%(name)s dit"\n', encoding="utf-8")
    assert words.problems() == []
    assert words.compile_all() == 1
    assert catalogue.with_suffix(".mo").read_bytes()
    assert words.compile_all() == 0


def test_a_critical_sentence_needs_a_speakers_review(catalogue: Path) -> None:
    entry = 'msgctxt "danger"\nmsgid "Leave"\nmsgstr "Partir"\n'
    catalogue.write_text(HEAD + entry, encoding="utf-8")
    assert len(words.unreviewed_critical(["fr"])) == 1
    catalogue.write_text(HEAD + "# reviewed: Marie Dupont, 2026-11-01\n" + entry, encoding="utf-8")
    assert words.unreviewed_critical(["fr"]) == []
