"""A directory that an editor brings from the desk: held for one request without a name on any disk, then as always."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from serai.kernel.access.models import Organisation, User
from serai.kernel.access.viewer import viewer_for

from ..access import may_edit
from ..actions.placing import MayNotEdit
from .importing import import_tables
from .reading import Mapped, read_directory, read_mapped
from .report import Report

MEGABYTES = 8
"""What one request may carry. Larger ones come in by `serai import`, which needs no browser that waits."""


@dataclass(frozen=True)
class Upload:
    """What was chosen. mapping: says what the properties of a GeoJSON or CSV file mean; none for HSDS. tag: language of
    texts that do not say theirs. others: the same file in other languages, by tag, where a mapping reads it. places,
    theirs: see write_directory."""

    file: UploadedFile
    mapping: UploadedFile | None
    tag: str
    places: str
    theirs: bool
    others: Mapping[str, UploadedFile] = field(default_factory=dict)


def bring_upload(*, by: User, publisher: Organisation, upload: Upload, dry_run: bool) -> Report:
    """Checks, or brings in, what an editor of the publisher has chosen: all of it or nothing. Raises MayNotEdit."""
    if not may_edit(viewer_for(by), publisher.pk):
        raise MayNotEdit(str(publisher.pk))
    found, names = _read(upload)
    # Nothing is locked while a file is read. Of two imports at once the second waits, and sees what the first wrote.
    with transaction.atomic():
        owner = Organisation.objects.select_for_update().get(pk=publisher.pk)
        report = import_tables(
            found.tables, found.problems, by=by, publisher=owner, tag=found.language or upload.tag,
            places=upload.places, theirs=upload.theirs, dry_run=dry_run,
        )  # fmt: skip
    report.note(found.notes)
    report.problems = [replace(each, path=names.get(each.path, each.path)) for each in report.problems]
    return report


def _read(upload: Upload) -> tuple[Mapped, dict[str, str]]:
    """What the files say, and what each file was called by who sent it."""
    with ExitStack() as held:
        path = held.enter_context(_held(upload.file))
        names = {path.name: upload.file.name or ""}
        if upload.mapping is None:
            tables, problems = read_directory(path, MEGABYTES)
            return Mapped(tables, problems=problems), names
        mapping = held.enter_context(_held(upload.mapping))
        others = {tag: held.enter_context(_held(file)) for tag, file in upload.others.items()}
        names |= {mapping.name: upload.mapping.name or ""}
        names |= {others[tag].name: file.name or "" for tag, file in upload.others.items()}
        return read_mapped(path, mapping, others, MEGABYTES), names


@contextmanager
def _held(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a path that only this process can open: a killed process leaves nothing of it behind."""
    with tempfile.TemporaryFile() as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(f"/proc/self/fd/{file.fileno()}")
