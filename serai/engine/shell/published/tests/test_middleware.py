"""What becomes a file, what never does, and the race between a rendering and a change."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.db import transaction
from django.test import Client

from serai.engine.shell.published import middleware, trouble
from serai.engine.shell.published.folder import Folder
from serai.engine.shell.published.following import follow_touches
from serai.engine.shell.published.generation import folder
from serai.engine.shell.published.stamp import expiry_of
from serai.kernel.ledger.actions import touch

from .pages import BODY


@pytest.fixture
def house(settings: Any, tmp_path: Path, transactional_db: None, public: Client) -> Client:
    settings.ROOT_URLCONF = "serai.engine.shell.published.tests.pages"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("PermissionRows")]
    settings.SERAI_PUBLISH = True
    settings.SERAI_PUBLISHED = tmp_path / "published"
    trouble._told.clear()
    return public


def kept_files() -> list[str]:
    where = folder()
    return sorted(str(file.relative_to(where.pages)) for file in where.pages.rglob("*.html"))


def change(*keys: str) -> None:
    with transaction.atomic():
        touch(keys)


def test_a_page_with_keys_becomes_a_file(house: Client) -> None:
    answer = house.get("/en/kept/", headers={"accept-encoding": "br"})
    assert kept_files() == ["en/kept/index.html"]
    assert brotli.decompress(answer.content).decode() == BODY
    assert (folder().pages / "en/kept/index.html.br").read_bytes() == answer.content
    assert answer.headers["ETag"]
    again = house.get("/en/kept/", headers={"accept-encoding": "br", "if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["cookie/", "nostore/", "vary/", "header/", "csp/", "type/", "gone/", "keyless/", "past/", "stream/", "kept/?q=1"],
)
def test_any_other_answer_does_not(house: Client, path: str) -> None:
    house.get(f"/en/{path}")
    house.head("/en/kept/")
    house.post("/en/kept/")
    assert kept_files() == []


def test_nothing_of_the_desk_becomes_a_file(house: Client, settings: Any) -> None:
    settings.SERAI_DESK_URLCONF = settings.ROOT_URLCONF
    assert Client(HTTP_HOST=settings.SERAI_DESK_HOST).get("/en/kept/").status_code == 200
    assert kept_files() == []


def test_the_end_of_a_page_is_written_into_its_files(house: Client) -> None:
    house.get("/en/ends/")
    minutes = {expiry_of(file.stat()) for file in (folder().pages / "en/ends").iterdir()}
    assert len(minutes) == 1
    assert folder().take_expired(now=minutes.pop() * 60) == 1
    assert kept_files() == []


def test_a_change_takes_the_file_away_on_commit_and_not_before(house: Client) -> None:
    house.get("/en/kept/")
    with transaction.atomic():
        touch(["thing:1"])
        assert kept_files() == ["en/kept/index.html"]
    assert kept_files() == []
    house.get("/en/kept/")
    with transaction.atomic():
        touch(["thing:1"])
        transaction.set_rollback(True)
    assert kept_files() == ["en/kept/index.html"]
    change("thing:2")
    assert kept_files() == ["en/kept/index.html"]


def during(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Does something after the page was rendered and before it is kept."""
    real = middleware.variants
    monkeypatch.setattr(middleware, "variants", lambda content: (act(), real(content))[1])


def test_a_page_goes_when_the_words_of_the_interface_in_its_language_change(house: Client) -> None:
    for tag in ("uk", "ru", "prs", "en"):
        house.get(f"/{tag}/kept/")
    assert len(kept_files()) == 4
    change("words:uk", "words:fa")
    assert kept_files() == ["en/kept/index.html", "ru/kept/index.html"], "Dari speaks in the words of Farsi"


def test_a_page_that_changed_while_it_was_rendered_is_not_kept(house: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    during(monkeypatch, lambda: change("thing:1"))
    assert house.get("/en/kept/").status_code == 200
    assert kept_files() == []
    monkeypatch.undo()
    house.get("/en/kept/")
    assert kept_files() == ["en/kept/index.html"]


def test_a_change_of_something_else_meanwhile_does_no_harm(house: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    during(monkeypatch, lambda: change("thing:2"))
    house.get("/en/kept/")
    assert kept_files() == ["en/kept/index.html"]


def test_a_full_disk_is_told_once_and_the_page_is_answered(
    house: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Folder, "_write_half", full)
    with caplog.at_level(logging.WARNING, "serai.published"):
        for _ in range(3):
            answer = house.get("/en/kept/", headers={"accept-encoding": "gzip"})
            assert answer.status_code == 200
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers.get("ETag", "W/").startswith("W/"), "no strong tag for bytes that come only once"
    assert [record.message.count("No space left") for record in caplog.records] == [1]
    assert kept_files() == []


def test_search_and_errors_come_compressed_too(house: Client) -> None:
    answer = house.get("/en/kept/?q=1", headers={"accept-encoding": "br"})
    assert brotli.decompress(answer.content).decode() == BODY
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in house.get("/en/kept/?q=1").headers


def test_public_views_hold_no_transaction(house: Client) -> None:
    """On SQLite it would be the one lock for writers: a visitor would wait for every import."""
    assert house.get("/en/atomic").content == b"False"


# --- following ------------------------------------------------------------------------------------------------------
def cursor() -> Path:
    return folder().root / "cursor.json"


def test_the_follower_takes_away_what_others_changed(house: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    follow_touches()
    house.get("/en/kept/")
    monkeypatch.setattr("serai.engine.shell.published.folder.Folder.take_away", lambda *args, **more: 0)
    change("thing:1")  # as if this process had died, or another server had made the change
    monkeypatch.undo()
    assert kept_files() == ["en/kept/index.html"]
    assert follow_touches() == 1
    assert kept_files() == []
    house.get("/en/kept/")
    assert follow_touches() == 0, "once is enough"
    assert kept_files() == ["en/kept/index.html"]


def test_a_page_made_after_the_change_stays_when_the_change_is_followed(house: Client) -> None:
    follow_touches()
    change("thing:1")
    house.get("/en/kept/")
    assert follow_touches() == 0
    assert kept_files() == ["en/kept/index.html"]


@pytest.mark.parametrize("damage", ["gone", "torn", "old", "foreign", "ahead"])
def test_without_a_cursor_to_trust_all_pages_are_dropped(house: Client, damage: str) -> None:
    import json

    follow_touches()
    house.get("/en/kept/")
    row = json.loads(cursor().read_text())
    match damage:
        case "gone":
            cursor().unlink()
        case "torn":
            cursor().write_text(cursor().read_text()[:20])
        case "old":
            cursor().write_text(json.dumps({**row, "at": "2020-01-01T00:00:00+00:00"}))
        case "foreign":
            cursor().write_text(json.dumps({**row, "database": "another"}))
        case "ahead":
            cursor().write_text(json.dumps({**row, "mark": row["mark"] + 10_000_000}))
    follow_touches()
    assert kept_files() == []
    house.get("/en/kept/")
    follow_touches()
    assert kept_files() == ["en/kept/index.html"]


def test_pages_that_cannot_be_taken_away_are_tried_again(house: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    follow_touches()
    house.get("/en/kept/")

    def read_only(*args: object, **more: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Folder, "take_away", read_only)
    change("thing:1")  # the action itself does not fail
    for _ in range(2):
        with pytest.raises(OSError, match="Read-only"):
            follow_touches()
    monkeypatch.undo()
    assert follow_touches() == 1
    assert kept_files() == []


def test_old_changes_are_pruned(house: Client, settings: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from serai.engine.shell.published.touches import prune_touches
    from serai.kernel.ledger.models import Touch

    change("thing:1", "thing:2")
    Touch.objects.filter(key="thing:1").update(at=timezone.now() - timedelta(days=settings.SERAI_TOUCH_DAYS, minutes=1))
    assert prune_touches() == 1
    assert list(Touch.objects.values_list("key", flat=True)) == ["thing:2"]
