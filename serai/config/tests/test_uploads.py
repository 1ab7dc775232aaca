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

LARGE = b"7 Hidden Lane\n" * 200_000


@pytest.mark.parametrize("text", [b"small", LARGE], ids=["small", "large"])
def test_an_upload_is_read_whole_and_lies_nowhere_under_a_name(
    text: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(LARGE) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    request: HttpRequest = RequestFactory().post("/", {"file": SimpleUploadedFile("directory.json", text)})
    held: Any = request.FILES["file"]
    assert (held.name, held.size) == ("directory.json", len(text))
    assert b"".join(held.chunks()) == text
    assert list(tmp_path.iterdir()) == []
