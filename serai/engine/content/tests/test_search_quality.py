"""People of all scripts find what they mean, also when they misspell it: 300 questions, on both databases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from serai.engine.content.search import find, reindex
from serai.engine.content.tests.quality import CLASSES, documents, pairs, recall
from serai.kernel.register.ports import SEARCH_DOCUMENTS

pytestmark = pytest.mark.django_db
OWN = {"small", "packs"}


def measured(monkeypatch: Any, shared: Path, collections: set[str]) -> tuple[dict[str, float], list[Any]]:
    """Each collection is a house of its own."""
    offered = documents(shared)
    asked = [pair for pair in pairs() if pair.collection in collections]
    missed: list[Any] = []
    for name in sorted(collections):
        monkeypatch.setattr(SEARCH_DOCUMENTS, "_offers", {"test": lambda name=name: offered[name]})
        reindex()
        missed += recall(lambda text, tag: find(text, tag, 5), [pair for pair in asked if pair.collection == name])[1]
    whole, lost = Counter(pair.kind for pair in asked), Counter(pair.kind for pair in missed)
    return {kind: 1 - lost[kind] / whole[kind] for kind in whole}, missed


def test_the_file_holds_enough_of_each_script_and_class() -> None:
    every = pairs()
    assert len(every) >= 220
    assert len({(pair.collection, pair.language, pair.question) for pair in every}) == len(every)
    assert set(CLASSES) == {pair.kind for pair in every}
    scripts = {"en", "fr", "es", "fil", "sw", "ar", "fa", "uk", "ru", "ti", "am", "bn", "ne", "my"}
    for kind in CLASSES:
        asked = Counter(pair.language for pair in every if pair.kind == kind)
        assert scripts - {language for language, many in asked.items() if many >= 2} == set()


def test_own_texts_are_found_in_every_script(monkeypatch: Any, tmp_path: Path) -> None:
    shares, missed = measured(monkeypatch, tmp_path / "nowhere", OWN)
    assert {kind for kind, share in shares.items() if share < CLASSES[kind]} == set(), missed


@pytest.mark.shared_data
@pytest.mark.once  # minutes on PostgreSQL, where `make bench` measures the same
def test_real_texts_are_found_in_every_script(monkeypatch: Any, shared_data: Path) -> None:
    shares, missed = measured(monkeypatch, shared_data, {pair.collection for pair in pairs()} - OWN)
    assert {kind for kind, share in shares.items() if share < CLASSES[kind]} == set(), missed
