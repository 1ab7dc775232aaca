"""The catalogue checks find what is wrong in catalogues, and our catalogues are right."""

from __future__ import annotations

from pathlib import Path

import pytest
from click import ClickException

from serai.config import words
from serai.kernel.languages.catalogues import Entry, change_file, entries, read
from serai.kernel.languages.sentences import sentences

pytestmark = pytest.mark.once

HEAD = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

""".lstrip()

CODE = """
_("Page")
_("%(name)s says")
_("Says")
"""
RIGHT = {
    "Page": 'msgid "Page"\nmsgstr "Page"\n',
    "%(name)s says": 'msgid "%(name)s says"\nmsgstr "%(name)s dit"\n',
    "Says": 'msgid "Says"\nmsgstr "Dit"\n',
}


def written(**instead: str) -> str:
    """A catalogue in which all is right but for what stands there instead."""
    return "\n".join([HEAD, *{**RIGHT, **instead}.values()])


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One part with one French catalogue, that of the sentences in its code."""
    path = tmp_path / "part" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    (tmp_path / "part" / "said.py").write_text(CODE, encoding="utf-8")
    monkeypatch.setattr(words, "parts", lambda: [tmp_path / "part"])
    monkeypatch.setattr(words, "TRANSLATED", ("fr",))
    monkeypatch.setattr(words.env, "ROOT", tmp_path)
    return path


@pytest.mark.parametrize(
    ("sentence", "entry", "code"),
    [
        ("Page", 'msgid "Page"\nmsgstr ""\n', "missing"),
        ("Page", "", "not collected"),
        ("Page", '#, fuzzy\nmsgid "Page"\nmsgstr "Page"\n', "uncertain"),
        ("Old", '#~ msgid "Old"\n#~ msgstr "Vieux"\n', "stale"),
        ("Old", 'msgid "Old"\nmsgstr "Vieux"\n', "stale"),
        ("%(name)s says", 'msgid "%(name)s says"\nmsgstr "dit"\n', "placeholder"),
        ("Says", 'msgid "Says"\nmsgstr "%(name)s dit"\n', "placeholder"),
    ],
)
def test_a_wrong_entry_is_found(catalogue: Path, sentence: str, entry: str, code: str) -> None:
    catalogue.write_text(written(**{sentence: entry}), encoding="utf-8")
    assert [problem.code for problem in words.problems()] == [code]


def test_a_right_catalogue_has_no_problem_and_compiles(catalogue: Path) -> None:
    catalogue.write_text(written(), encoding="utf-8")
    assert words.problems() == []
    assert words.compile_all() == 1
    assert catalogue.with_suffix(".mo").read_bytes()
    assert words.compile_all() == 0


def test_a_part_that_speaks_has_a_catalogue_in_every_language(catalogue: Path) -> None:
    assert {problem.code for problem in words.problems()} == {"not collected"}
    assert {problem.sentence for problem in words.problems()} == set(RIGHT)


TEMPLATE = """{% load i18n %}<p>{% translate "One" %}</p>{# {% translate "no" %} #}
{% blocktranslate trimmed count counter=many %}
    one  of
    {{ counter }}
{% plural %}{{ counter }} of them{% endblocktranslate %}{% translate "Leave" context "danger" %}"""


def test_sentences_of_templates_and_code_are_those_that_xgettext_would_find(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(TEMPLATE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text('_("in a test")')
    (tmp_path / "a.py").write_text('pgettext_lazy("consent", "Yes")\nngettext("a", "b", 2)\n_("c" "d")\n_(unknown)')
    assert sentences(tmp_path).keys() == {
        ("", "One"), ("", "one  of %(counter)s"), ("danger", "Leave"), ("consent", "Yes"), ("", "a"), ("", "cd")
    }  # fmt: skip


CHANGE = HEAD.replace("UTF-8", 'UTF-8\\n"\n"Language: fr')


def change(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "change.po"
    path.write_text(CHANGE + text, encoding="utf-8")
    return path


def test_a_change_file_is_merged_with_its_review_and_the_rest_stays(catalogue: Path, tmp_path: Path) -> None:
    catalogue.write_text(written(), encoding="utf-8")
    review = "# reviewed: Desk of Lindenbach, 2026-11-22\n"
    done = words.apply(change(tmp_path, f'{review}msgid "Says"\nmsgstr "Parle"\n\nmsgid "Gone"\nmsgstr "Parti"\n'))
    assert (done.changed, done.unknown, done.wrong) == (1, ("Gone",), ())
    text = catalogue.read_text(encoding="utf-8")
    assert f'{review}msgid "Says"\nmsgstr "Parle"\n' in text
    assert RIGHT["%(name)s says"] in text
    assert words.problems() == []


def test_a_change_file_with_one_wrong_sentence_changes_nothing(catalogue: Path, tmp_path: Path) -> None:
    catalogue.write_text(written(), encoding="utf-8")
    before = catalogue.read_bytes()
    said = 'msgid "Page"\nmsgstr "Feuille"\n\nmsgid "%(name)s says"\nmsgstr "%(nom)s dit"\n'
    done = words.apply(change(tmp_path, said))
    assert [problem.code for problem in done.wrong] == ["placeholder"]
    assert catalogue.read_bytes() == before


@pytest.mark.parametrize("text", ["not a catalogue at all {", HEAD.replace("UTF-8", 'UTF-8\\n"\n"Language: xx')])
def test_a_file_that_is_no_change_of_a_language_of_the_house_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "change.po"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClickException):
        words.apply(path)


def test_what_is_written_as_a_change_file_is_read_as_one(catalogue: Path, tmp_path: Path) -> None:
    catalogue.write_text(written(), encoding="utf-8")
    path = tmp_path / "change.po"
    entry = Entry("", "Says", "", ("Il dit : «\\» \n fin",), "Desk, 2026-11-22")
    path.write_text(change_file("fr", [entry]), encoding="utf-8")
    assert words.apply(path).changed == 1
    assert entry in entries(read(catalogue))


def test_collecting_drops_what_was_only_guessed(catalogue: Path) -> None:
    guessed = '# | msgid "Pages"\n#, fuzzy\nmsgid "Page"\nmsgstr "Page"\n'
    catalogue.write_text(written(Page=guessed), encoding="utf-8")
    words._settle(catalogue)
    assert [(problem.code, problem.sentence) for problem in words.problems()] == [("missing", "Page")]
