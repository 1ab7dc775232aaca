"""Backups of a house and their rehearsal: one archive with database, media and a manifest of digests.

SQLite is copied by its own online backup, PostgreSQL by pg_dump; both while the house is open. Restoring goes into an
empty data folder or an empty database, never over a living one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import click
from django.conf import settings
from django.db import connection

from .proofs import code_digest, keep_proof

COUNTED = ("access_organisation", "guides_guidepage", "facts_fact", "ledger_ledgerrow", "packs_packversion")
"""Tables whose rows are counted before and after: a restore that lost some is not one."""


BESIDE = ("ledger_verifiers",)
"""Files of the data folder that go along: public keys, by which what was signed before stays verifiable. No secret
does: whoever finds a backup must not be able to sign for the house or open what it seals."""

SECRETS_SAID = (
    "No secret is in a backup. Put the old secret_key into the new folder, or give it by SERAI_SECRET_KEY: without it "
    "nobody's codes can be opened and everybody needs a new link (serai staff link). The ledger makes itself a new key."
)


class BackupRefused(click.ClickException):
    """Something makes the backup or restore impossible; says what."""

    exit_code = 1


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump_database(folder: Path) -> Path:
    if connection.vendor == "sqlite":
        target = folder / "database.sqlite3"
        with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        return target
    target = folder / "database.dump"
    _postgres(
        ["pg_dump", "--format=custom", "--no-owner", "--file", str(target)], postgres_url(settings.DATABASES["default"])
    )
    return target


def postgres_url(database: dict[str, Any]) -> str:
    """The address of a PostgreSQL database as its own programs take it."""
    password = f":{quote(database['PASSWORD'], safe='')}" if database.get("PASSWORD") else ""
    user = quote(database["USER"], safe="")
    return f"postgresql://{user}{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def _postgres(command: list[str], url: str) -> None:
    """Runs a program of PostgreSQL. Its arguments can be read by everybody on the machine: no password among them."""
    parts = urlsplit(url)
    if parts.password:
        url = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1)))
    secret = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    subprocess.run([command[0], "--dbname", url, *command[1:]], check=True, env={**os.environ, **secret})


def table_counts() -> dict[str, int]:
    """Rows in the counted tables that exist."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        counts = {}
        for table in COUNTED:
            if table in present:
                cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - names from our own list
                counts[table] = cursor.fetchone()[0]
    return counts


def make_backup(target: Path) -> dict[str, Any]:
    """Writes the archive, readable by its owner only; nothing is left of it when the disk is full."""
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        folder = Path(scratch)
        dump = _dump_database(folder)
        media = Path(settings.MEDIA_ROOT)
        files = [path for path in sorted(media.rglob("*")) if path.is_file()] if media.exists() else []
        beside = [path for name in BESIDE if (path := Path(settings.SERAI_DATA) / name).is_file()]
        manifest = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "code": code_digest(),
            "counts": table_counts(),
            "files": {
                dump.name: _digest(dump),
                **{path.name: _digest(path) for path in beside},
                **{f"media/{path.relative_to(media)}": _digest(path) for path in files},
            },
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        half = folder / "archive.half"
        with tarfile.open(half, "w:gz") as archive:
            archive.add(folder / "manifest.json", "manifest.json")
            for path in (dump, *beside):
                archive.add(path, path.name)
            for path in files:
                archive.add(path, f"media/{path.relative_to(media)}")
        os.chmod(half, 0o600)
        half.replace(target)
    return manifest


def unpack_backup(archive: Path, folder: Path) -> dict[str, Any]:
    """Unpacks into an empty folder and holds every file against its digest. Raises BackupRefused."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty: a backup is never restored over a living house")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tarfile.open(archive, "r:gz") as opened:
            opened.extractall(folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupRefused(f"{archive.name} cannot be read: {error}") from error
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise BackupRefused(f"{archive.name} is damaged: {name} is not what was backed up")
    return manifest


def restore_into(archive: Path, folder: Path, database_url: str = "") -> dict[str, Any]:
    """Restores into an empty data folder; for a PostgreSQL backup also give the URL of an empty database."""
    manifest = unpack_backup(archive, folder)
    if (folder / "database.sqlite3").exists():
        shutil.move(folder / "database.sqlite3", folder / "serai.sqlite3")
    else:
        if not database_url:
            raise BackupRefused("this backup is of PostgreSQL: give --database-url of an empty database")
        dump = str(folder / "database.dump")
        _postgres(["pg_restore", "--no-owner", "--exit-on-error", dump], database_url)
    return manifest


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Writes database and media into one archive TARGET (.tar.gz); keep it encrypted and elsewhere."""
    manifest = make_backup(target.resolve())
    keep_proof(Path(settings.SERAI_DATA), "backup", file=target.name, digest=_digest(target), counts=manifest["counts"])
    click.echo(f"{target}: {len(manifest['files'])} files, {target.stat().st_size // 1024} KB")


@click.command()
@click.argument("archive", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--database-url", default="", help="An empty PostgreSQL database, for a backup of PostgreSQL.")
def restore(archive: Path, folder: Path, database_url: str) -> None:
    """Restores ARCHIVE into the empty data FOLDER; start the house with SERAI_DATA set to it."""
    manifest = restore_into(archive, folder, database_url)
    click.echo(f"Restored {len(manifest['files'])} files made {manifest['made']} into {folder}")
    click.echo(SECRETS_SAID)
