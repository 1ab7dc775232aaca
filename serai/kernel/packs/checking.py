"""All that is wrong with a pack, at once: each finding names the file, the line and the cure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from serai.kernel.register.ports import PACK_PARTS, PackPart, PackProblem

from .folder import read_pack
from .head import FILE, Head, read_head
from .signature import SIG, SignatureRefused, compare, read_seal
from .words import check_words, is_words

ORGANISATIONS = "tables/organisations.csv"
ALWAYS = frozenset({FILE, SIG, "README.md", "LICENCE", "LICENCE.md", "LICENSE", "LICENSE.md"})


@dataclass(frozen=True)
class Checked:
    """A pack that was read: its head (None when pack.yaml is wrong), its files and all findings, in order."""

    head: Head | None
    files: dict[str, bytes]
    problems: list[PackProblem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether any finding keeps the pack out."""
        return any(problem.refuses for problem in self.problems)


def check_path(path: Path) -> Checked:
    """Reads and checks a pack's folder or ZIP. Packs it requires are looked for beside it and in the house."""
    read = read_pack(path)
    if not read.files:
        return Checked(None, {}, read.problems or [_empty(path.name)])
    beside = packs_beside(path, read.files)
    checked = check_files(read.files, beside=beside)
    return Checked(checked.head, checked.files, in_order([*read.problems, *checked.problems]))


def check_files(files: dict[str, bytes], *, beside: Mapping[str, dict[str, bytes]] | None = None) -> Checked:
    """Checks files that were read. beside: files of the packs that this one requires, by name."""
    head, problems = read_head(files.get(FILE))
    problems += nobodys(files)
    if head is None:
        return Checked(None, files, in_order(problems))
    problems += [*_publisher(head, files), *check_seal(head, files), *check_words(head, files)]
    mapping = {**head.mapping(), "whole": files, "beside": dict(beside or {})}
    for part in parts():
        problems += part.check(mapping, owned(part, files))
    return Checked(head, files, in_order(problems))


def parts() -> list[PackPart]:
    """All parts in the order in which they are installed."""
    return sorted(PACK_PARTS, key=lambda part: part.order)


def owned(part: PackPart, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that a part gets: its own and all words."""
    return {path: data for path, data in files.items() if is_words(path) or part.owns(path)}


def nobodys(files: Iterable[str]) -> list[PackProblem]:
    """Files that no part of the house understands: they would be lost silently, so they are refused."""
    return [
        PackProblem(
            path,
            0,
            "file-unknown",
            _("No part of the house knows what to do with this file."),
            _("Rename it as docs/packs.md says, or take it out of the pack."),
        )
        for path in files
        if path not in ALWAYS and not is_words(path) and not any(part.owns(path) for part in PACK_PARTS)
    ]


def check_seal(head: Head, files: Mapping[str, bytes]) -> list[PackProblem]:
    """What is wrong with pack.sig, when there is one. Whether its key is trusted is for the house to judge."""
    if SIG not in files:
        return []
    try:
        seal = read_seal(files[SIG])
    except SignatureRefused as refused:
        return [_from_seal(refused)]
    said = (seal.pack, seal.version, seal.publisher)
    if said != (head.pack, head.version, head.publisher):
        says = _("pack.sig was made for %(pack)s %(version)s of %(publisher)s.")
        values = {"pack": seal.pack, "version": seal.version, "publisher": seal.publisher}
        return [PackProblem(SIG, 2, "signature-other", says % values, _("Sign this version: `serai pack sign`."))]
    return [_from_seal(refused) for refused in compare(seal, files)]


def packs_beside(path: Path, files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Files of the packs that this one requires, where they lie in the same folder."""
    head, _problems = read_head(files.get(FILE))
    found = {}
    for name in head.requires if head else ():
        for candidate in (path.resolve().parent / name, *sorted(path.resolve().parent.glob(f"{name}-*.zip"))):
            if candidate.exists():
                found[name] = read_pack(candidate).files
                break
    return found


def organisation_keys(files: Mapping[str, bytes]) -> dict[str, int]:
    """Keys of the organisations that a pack describes, with their line."""
    try:
        text = files.get(ORGANISATIONS, b"").decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text))
        return {row["key"]: rows.line_num for row in rows if row.get("key")}
    except (UnicodeDecodeError, csv.Error):
        return {}


def in_order(problems: Iterable[PackProblem]) -> list[PackProblem]:
    """What refuses first, then by file and line; each once."""
    return sorted(dict.fromkeys(problems), key=lambda each: (not each.refuses, each.file, each.line, each.code))


def _publisher(head: Head, files: Mapping[str, bytes]) -> list[PackProblem]:
    if head.publisher in organisation_keys(files):
        return []
    says = _("The publisher “%(key)s” is not a row of tables/organisations.csv.") % {"key": head.publisher}
    cure = _("Add a row with this key: readers see who publishes each page.")
    return [PackProblem(ORGANISATIONS, 0, "publisher-missing", says, cure)]


def _from_seal(refused: SignatureRefused) -> PackProblem:
    return PackProblem(refused.file, refused.line, refused.code, refused.says, refused.cure)


def _empty(name: str) -> PackProblem:
    return PackProblem(name, 0, "pack-empty", _("There is nothing in it."), _("Give the folder or the ZIP of a pack."))
