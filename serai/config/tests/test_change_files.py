"""What was corrected on the desk comes back to who maintains the software, as a file, and is merged once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from serai.config import words
from serai.kernel.access.viewer import NOBODY
from serai.kernel.languages.catalogues import catalogue_path, catalogues, entries, read
from serai.rooms.wording import actions, queries

pytestmark = pytest.mark.django_db

TALK = ("", "Talk to a person")
BETTER = "Поговоріть з людиною"


@pytest.fixture
def corrected(chen: Any, bilal: Any) -> None:
    """Chen corrected a sentence as its speaker, and Bilal approved."""
    line = queries.line(viewer=NOBODY, tag="uk", number=queries.number_of(TALK))
    assert line is not None
    entry = queries.as_said(line)
    correction = actions.propose_correction(by=chen, language="uk", entry=entry, texts=[BETTER], reviewed=True)
    actions.approve_correction(by=bilal, correction=correction)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Parts with copies of the Ukrainian catalogues, in place of those of the house."""
    copies = []
    for path in catalogues(queries.house_parts(), "uk"):
        part = tmp_path / path.parents[3].name
        catalogue_path(part, "uk").parent.mkdir(parents=True)
        catalogue_path(part, "uk").write_bytes(path.read_bytes())
        copies.append(part)
    monkeypatch.setattr(words, "parts", lambda: copies)
    monkeypatch.setattr(queries, "house_parts", lambda: copies)
    return copies


@pytest.mark.usefixtures("corrected")
def test_the_change_file_merges_into_a_checkout_and_then_nothing_is_left_to_send(
    desk: Any, bilal: Any, checkout: list[Path], tmp_path: Path
) -> None:
    answer = desk(bilal).get("/words/uk/changes/")
    assert 'filename="serai-uk.po"' in answer.headers["Content-Disposition"]
    file = tmp_path / "serai-uk.po"
    written = CliRunner().invoke(words.words, ["corrections", "--lang", "uk", "--out", str(file)])
    assert (written.exit_code, file.read_bytes()) == (0, answer.content), "the same from the command line"
    done = CliRunner().invoke(words.words, ["apply", str(file)])
    assert (done.exit_code, done.output) == (0, "serai-uk.po: 1 sentences applied\n")
    merged = [entry for path in catalogues(checkout, "uk") for entry in entries(read(path)) if entry.key == TALK]
    assert {entry.texts for entry in merged} == {(BETTER,)}
    assert all(entry.reviewed.startswith("Desk of") for entry in merged), "a function, never a name"
    assert queries.changed(tag="uk") == []


@pytest.mark.usefixtures("corrected")
def test_a_house_that_corrected_nothing_in_a_language_writes_an_empty_change_file(tmp_path: Path) -> None:
    file = tmp_path / "serai-ru.po"
    done = CliRunner().invoke(words.words, ["corrections", "--lang", "ru", "--out", str(file)])
    assert done.output.startswith("0 sentences")
    assert words.apply(file).changed == 0
