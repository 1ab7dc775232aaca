"""A large upload has no name on any disk, so that a killed process leaves nothing of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from serai.config import uploads

LARGE = b"7 Hidden Lane\n" * 200_000


@pytest.mark.parametrize("text", [b"small", LARGE], ids=["small", "large"])
def test_an_upload_is_read_whole_and_lies_nowhere_under_a_name(
    text: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(LARGE) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    request: HttpRequest = RequestFactory().post("/", {"file": SimpleUploadedFile("directory.json", text)})
    request.serai_host = "desk"  # type: ignore[attr-defined]
    held: Any = request.FILES["file"]
    assert (held.name, held.size) == ("directory.json", len(text))
    assert b"".join(held.chunks()) == text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("host", "most"), [("desk", 3_000_000), ("public", 100_000_000)])
def test_no_more_is_written_to_the_disk_than_the_host_has_forms_for(
    host: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", most)
    files = {name: SimpleUploadedFile(f"{name}.json", LARGE) for name in ("one", "two")}
    request: HttpRequest = RequestFactory().post("/", {**files, "last": "read"})
    request.serai_host = host  # type: ignore[attr-defined]
    assert list(request.FILES) == (["one"] if host == "desk" else [])
    assert "last" not in request.POST
