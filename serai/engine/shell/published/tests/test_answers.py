"""Answers to other programs: kept like pages, found by no address, and never older than what they show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from serai.engine.shell.published.addresses import address_of
from serai.engine.shell.published.answers import Answer, kept_answer
from serai.engine.shell.published.folder import Folder
from serai.engine.shell.published.generation import folder
from serai.kernel.ledger.actions import touch

KEYS = frozenset({"thing:1"})


@pytest.fixture
def ask(settings: Any, tmp_path: Path, transactional_db: None) -> Callable[..., HttpResponse]:
    settings.SERAI_PUBLISH, settings.SERAI_PUBLISHED = True, tmp_path / "published"

    def run(make: Callable[[], Answer], question: str = "things?page=1", **headers: str) -> HttpResponse:
        return kept_answer(RequestFactory().get("/", headers=headers), question, make)

    return run


def say(text: str, keys: frozenset[str] = KEYS) -> Callable[[], Answer]:
    return lambda: Answer(text.encode(), keys)


def change(*keys: str) -> None:
    with transaction.atomic():
        touch(keys)


def test_an_answer_stays_until_what_it_shows_changes(ask: Any) -> None:
    assert ask(say("old")).content == b"old"
    assert ask(say("new")).content == b"old"
    change("thing:2")
    assert ask(say("new")).content == b"old"
    change("thing:1")
    assert ask(say("new")).content == b"new"
    assert ask(say("other"), question="things?page=2").content == b"other"


def test_an_answer_without_keys_is_made_each_time(ask: Any) -> None:
    assert ask(say("old", frozenset())).content == b"old"
    assert ask(say("new", frozenset())).content == b"new"


def test_an_answer_that_changed_while_it_was_made_is_not_kept(ask: Any) -> None:
    assert ask(lambda: (change("thing:1"), Answer(b"old", KEYS))[1]).content == b"old"
    assert ask(say("new")).content == b"new"


def test_the_same_bytes_have_the_same_tag_kept_or_not(ask: Any) -> None:
    first, kept, loose = ask(say("same")), ask(say("never asked")), ask(say("same", frozenset()), question="else")
    assert len({answer.headers["ETag"] for answer in (first, kept, loose)}) == 1
    assert ask(say("x"), **{"if-none-match": first.headers["ETag"]}).status_code == 304


def test_no_address_leads_to_a_kept_answer(ask: Any) -> None:
    ask(say("old"))
    (file,) = (path.relative_to(folder().pages) for path in folder().pages.rglob("*.json"))
    address = address_of(f"/{file}")
    assert address is None or address.file != str(file)


def test_a_full_disk_makes_answers_and_no_errors(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Folder, "_write_half", full)
    assert (ask(say("old")).content, ask(say("new")).content) == (b"old", b"new")
