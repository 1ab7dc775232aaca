"""`serai pack stamp, export, publish, diff`: for those who make packs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from serai.kernel.access.viewer import NOBODY

from .commands import FOLDER, JSON, _answer_problems, _read_key, _refused, _say, _wrong, pack


@pack.command()
@FOLDER
@click.option(
    "--again", multiple=True, help="A translation that was looked at again (guides/x.fr.md); may be repeated."
)
@JSON
def stamp(folder: Path, again: tuple[str, ...], as_json: bool) -> None:
    """Writes into each translation from which original it was made. Translations that have it keep it."""
    from .folder import read_pack, write_files
    from .publishing import stamped

    read = read_pack(folder)
    unknown = [path for path in again if path not in read.files]
    if unknown:
        raise click.UsageError(f"There is no {unknown[0]} in {folder}.")
    if read.problems:
        _refused(read.problems, as_json)
    written = write_files(folder, stamped(read.files, frozenset(again)))
    _say(as_json, f"{len(written)} translations stamped.", stamped=written)


@pack.command()
@click.argument("publisher")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--pack", "name", default="", help="Name of the pack (default: the publisher's key).")
@click.option("--version", default="", help="Version (default: the next one after the last that this house knows).")
@click.option("--languages", default="", help="With commas, the original first (default: as before, or the house's).")
@click.option("--licence", default="", help="SPDX name (default: as before, or CC-BY-4.0).")
@JSON
def export(publisher: str, folder: Path, name: str, version: str, languages: str, licence: str, as_json: bool) -> None:
    """Writes a publisher's content in this house as a pack into a folder, ready to be looked at and published."""
    from .folder import write_files
    from .publishing import NotOnePublisher, exported, head_for

    given = {"version": version, "languages": [tag for tag in languages.split(",") if tag], "licence": licence}
    head, problems = head_for(publisher, name or publisher, {key: value for key, value in given.items() if value})
    if head is None:
        _refused(problems, as_json)
    try:
        export = exported(publisher, head)
    except NotOnePublisher:
        _wrong(f"There is no organisation {publisher!r} in this house.", as_json)
    folder.mkdir(parents=True, exist_ok=True)
    written = write_files(folder, export.files)
    gone = _take_out(folder, export.files)
    answer = {"pack": head.pack, "version": head.version, "files": len(export.files), "written": written, "gone": gone}
    _answer_problems(list(export.problems), as_json, answer)
    if not as_json:
        click.echo(f"{folder}: {head.pack} {head.version}, {len(export.files)} files.")


@pack.command()
@FOLDER
@click.option("--key", "key_file", type=click.Path(path_type=Path), required=True, help="File of the publisher's key.")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=None, help="Folder of the ZIP.")
@JSON
def publish(folder: Path, key_file: Path, to: Path | None, as_json: bool) -> None:
    """Freezes a version: checks it, seals it, writes <pack>-<version>.zip. From then on that version never changes."""
    from serai.lib.atomic import write_atomically

    from .actions import PackRefused, record_published
    from .checking import check_files, packs_beside
    from .folder import read_pack, write_files, zip_bytes
    from .publishing import sealed
    from .signature import SIG, digest_of, digests, read_seal

    read = read_pack(folder)
    files = {path: data for path, data in read.files.items() if path != SIG}
    checked = check_files(files, beside=packs_beside(folder, files))
    problems = [*read.problems, *checked.problems]
    if checked.head is None or any(problem.refuses for problem in problems):
        _refused(problems, as_json)
    head, manifest = checked.head, digests(files)
    signed = sealed(head, files, _read_key(key_file, as_json))
    target = (to or folder.resolve().parent) / f"{head.pack}-{head.version}.zip"
    if target.exists() and digest_of(digests(read_pack(target).files)) != digest_of(manifest):
        _wrong(f"{target} is there with other content. Give the pack a new version in pack.yaml.", as_json)
    try:
        public = read_seal(signed[SIG]).key
        record_published(by=None, head=head, digest=digest_of(manifest), manifest=manifest, signed_by=public)
    except PackRefused as refused:
        _refused(refused.problems, as_json)
    write_files(folder, {SIG: signed[SIG]})
    write_atomically(target, zip_bytes(signed, head.pack))
    text = f"{target} is {head.pack} {head.version}, sealed with {public}."
    _say(as_json, text, file=str(target), pack=head.pack, version=head.version, key=public)


@pack.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path), required=False)
@JSON
def diff(old: Path, new: Path | None, as_json: bool) -> None:
    """What is different between two packs; with one, between it and the version that this house has."""
    from .differing import Difference, between, by_digest
    from .folder import read_pack
    from .head import read_head
    from .queries import installed_manifest
    from .signature import digests

    reads = [read_pack(path) for path in (old, new) if path is not None]
    problems = [problem for read in reads for problem in read.problems]
    if problems:
        _refused(problems, as_json)
    found: list[Difference]
    if len(reads) == 2:
        found = between(reads[0].files, reads[1].files)
    else:
        head, wrong = read_head(reads[0].files.get("pack.yaml"))
        if head is None:
            _refused(wrong, as_json)
        manifest = installed_manifest(head.pack, viewer=NOBODY)
        if manifest is None:
            _wrong(f"The pack {head.pack} is not installed in this house.", as_json)
        found = by_digest(manifest, digests(reads[0].files))
    signs = {"added": "+", "removed": "-", "changed": "~"}
    lines = [
        line for row in found for line in (f"{signs[row.change]} {row.path}", *(f"  {each}" for each in row.lines))
    ]
    rows: list[dict[str, Any]] = [{"path": row.path, "change": row.change, "lines": list(row.lines)} for row in found]
    _say(as_json, "\n".join(lines) or "They are the same.", differences=rows)


def _take_out(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Guides, tables and words that were in the folder and are no longer the publisher's."""
    gone = []
    for kind in ("guides", "tables", "words"):
        for path in sorted((folder / kind).rglob("*")) if (folder / kind).is_dir() else ():
            relative = path.relative_to(folder).as_posix()
            if path.is_file() and relative not in files:
                path.unlink()
                gone.append(relative)
    (folder / "pack.sig").unlink(missing_ok=True)
    return gone
