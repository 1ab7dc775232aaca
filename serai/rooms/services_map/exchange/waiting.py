"""An upload that was checked and waits for the second press: one for each editor, sealed, for an hour at most.

A directory may hold the addresses of shelters: in the data folder nobody can read it without the house's key, no
backup takes it along, and it goes as soon as it was brought in.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone

from serai.kernel.access.models import Organisation, User
from serai.kernel.access.sealed import CannotOpen, seal, unseal
from serai.lib.atomic import write_atomically

from .uploading import Upload

KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """What waits: of which publisher, and until when."""

    publisher_id: UUID
    upload: Upload
    until: datetime


def keep_waiting(*, by: User, publisher: Organisation, upload: Upload) -> None:
    """Keeps what `by` has checked; what waited before is gone."""
    said = {
        "publisher": str(publisher.pk),
        "until": (timezone.now() + KEPT).isoformat(),
        "file": _written(upload.file),
        "mapping": _written(upload.mapping) if upload.mapping else None,
        "others": {tag: _written(file) for tag, file in upload.others.items()},
        "options": {"tag": upload.tag, "places": upload.places, "theirs": upload.theirs},
    }
    path = _path(by)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_atomically(path, seal(json.dumps(said)).encode(), mode=0o600)


def waiting_for(by: User) -> Waiting | None:
    """What an editor has checked within the last hour and not brought in yet."""
    path = _path(by)
    if not path.is_file():
        return None
    try:
        said = json.loads(unseal(path.read_text()))
    except CannotOpen:
        path.unlink(missing_ok=True)  # sealed under an old key: nobody will ever open it
        return None
    until = datetime.fromisoformat(said["until"])
    if until <= timezone.now():
        forget_waiting(by)
        return None
    mapping = _read(said["mapping"]) if said["mapping"] else None
    others = {tag: _read(file) for tag, file in said["others"].items()}
    upload = Upload(_read(said["file"]), mapping, others=others, **said["options"])
    return Waiting(UUID(said["publisher"]), upload, until)


def forget_waiting(by: User) -> None:
    """Nothing of it waits any more."""
    _path(by).unlink(missing_ok=True)


def forget_old() -> None:
    """Takes away what nobody came back for; a sweep of the house."""
    oldest = (timezone.now() - KEPT).timestamp()
    for path in _folder().glob("*"):
        if path.stat().st_mtime <= oldest:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.SERAI_DATA) / "waiting"


def _path(by: User) -> Path:
    return _folder() / f"{by.pk}.sealed"


def _written(file: UploadedFile) -> dict[str, str]:
    data = b"".join(file.chunks())
    return {"name": file.name or "", "data": base64.b64encode(data).decode()}


def _read(said: dict[str, Any]) -> UploadedFile:
    return SimpleUploadedFile(said["name"], base64.b64decode(said["data"]))
