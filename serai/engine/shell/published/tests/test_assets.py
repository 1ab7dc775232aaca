"""Static files and media: types, ranges, and nothing outside the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from serai.engine.shell.published.assets import CHUNK, Assets, Shelf

HOST = "www.example.org"


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    media, static = tmp_path / "media", tmp_path / "static"
    (media / "sub").mkdir(parents=True)
    static.mkdir()
    (tmp_path / "secret_key").write_text("secret")
    (media / "a.png").write_bytes(b"\x89PNG")
    (media / "a.svg").write_text("<svg onload='alert(1)'/>")
    (media / "a.html").write_text("<script>")
    (media / "leaflet.pdf").write_bytes(b"%PDF-1.7 words")
    (media / "long.mp3").write_bytes(bytes(range(256)) * 1000)
    (media / ".hidden.png").write_bytes(b"x")
    (static / "core.0123456789ab.css").write_text("p{}")
    (static / "plain.css").write_text("p{}")
    shelves = [Shelf("/media/", media, True), Shelf("/static/", static, False)]
    seen: dict[str, Any] = {}

    def django(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("299 Passed on", [])
        return [b"passed on"]

    application = Assets(django, shelves=shelves, hosts=frozenset({HOST}))

    def request(path: str, method: str = "GET", host: str = HOST, **headers: str) -> tuple[int, dict[str, str], bytes]:
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path.encode().decode("latin-1"), "HTTP_HOST": host}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = application(environ, lambda status, given: seen.update(status=int(status[:3]), headers=dict(given)))
        return seen["status"], seen["headers"], b"".join(body)

    return request


def test_pictures_open_and_can_do_nothing(ask: Any) -> None:
    status, headers, body = ask("/media/a.png")
    assert (status, body, headers["Content-Type"]) == (200, b"\x89PNG", "image/png")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "Content-Disposition" not in headers


def test_documents_are_downloaded(ask: Any) -> None:
    assert ask("/media/leaflet.pdf")[1]["Content-Disposition"] == "attachment"


@pytest.mark.parametrize(
    "path", ["/media/a.svg", "/media/a.html", "/media/sub", "/media/sub/", "/media/", "/media/none.png"]
)
def test_nothing_else_is_served(ask: Any, path: str) -> None:
    assert ask(path)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/media/../secret_key", "/media/../media/a.png", "/media/sub/../a.png", "/media//a.png", "/media/./a.png"),
        *("/media/.hidden.png", "/static/../secret_key", "/media/" + "a" * 300 + ".png", "/media/a\\..\\b.png"),
    ],
)
def test_nothing_outside_is_served(ask: Any, path: str) -> None:
    assert ask(path)[0] == 404


def test_recordings_come_in_pieces(ask: Any) -> None:
    whole = bytes(range(256)) * 1000
    assert len(whole) > CHUNK
    assert ask("/media/long.mp3")[2] == whole
    status, headers, body = ask("/media/long.mp3", range="bytes=100-199")
    assert (status, body, headers["Content-Range"]) == (206, whole[100:200], f"bytes 100-199/{len(whole)}")
    assert ask("/media/long.mp3", range="bytes=-5")[2] == whole[-5:]
    assert ask("/media/long.mp3", range=f"bytes={len(whole) - 70000}-")[2] == whole[-70000:]
    assert ask("/media/long.mp3", range="bytes=999999999-")[0] == 416
    assert ask("/media/long.mp3", range="bytes=1-2,4-5")[0] == 200
    assert ask("/media/long.mp3", range="bytes=0-9", if_range='"older"')[2] == whole


def test_who_has_a_file_gets_304_and_head_has_no_body(ask: Any) -> None:
    tag = ask("/media/a.png")[1]["ETag"]
    assert ask("/media/a.png", if_none_match=tag)[0] == 304
    status, headers, body = ask("/media/a.png", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "4", b"")


def test_names_with_a_digest_may_be_kept_for_ever(ask: Any) -> None:
    assert "immutable" in ask("/static/core.0123456789ab.css")[1]["Cache-Control"]
    assert ask("/static/plain.css")[1]["Cache-Control"] == "no-cache"


def test_other_hosts_methods_and_paths_go_on(ask: Any) -> None:
    assert ask("/media/a.png", host="elsewhere.example")[0] == 299
    assert ask("/en/")[0] == 299
    assert ask("/media/a.png", method="POST")[0] == 405
