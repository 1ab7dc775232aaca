"""Rehearsals that leave a proof: a restore that works, an upgrade of a copy of the living data.

Each runs the real programs on a copy in a scratch place and compares what comes out with the living house.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import connection

from .backup import BackupRefused, make_backup, postgres_url, restore_into
from .proofs import code_digest, keep_proof

PROBE = """
import json, sys, django
django.setup()
from django.core.management import call_command
for command in sys.argv[1:]:
    call_command(command, verbosity=0)
from serai.config.backup import table_counts
from django.test import Client
from django.conf import settings
client = Client(HTTP_HOST=settings.SERAI_PUBLIC_HOST)
paths = ["/"] + [f"/{tag}/" for tag in settings.SERAI_LANGUAGES]
print(json.dumps({"counts": table_counts(), "pages": {path: client.get(path).status_code for path in paths}}))
"""


@contextmanager
def scratch_database() -> Iterator[str]:
    """URL of an empty database beside the living one, dropped afterwards; empty string on SQLite."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = f"rehearsal_{uuid.uuid4().hex[:12]}"
    import psycopg

    living = postgres_url(settings.DATABASES["default"])
    with psycopg.connect(living, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{living.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(living, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _probe(folder: Path, url: str, *commands: str) -> dict[str, Any]:
    """What a process on the copy sees after these commands of Django. Raises BackupRefused when it fails."""
    environment = {
        **os.environ,
        "SERAI_DATA": str(folder),
        "SERAI_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "serai.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *commands],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{' '.join([*commands, 'opening pages'])} failed on the copy:\n{done.stderr[-2000:]}")
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def rehearse_on_copy(*, migrate: bool) -> dict[str, Any]:
    """Backs up, restores elsewhere, migrates if asked, opens pages there and compares counts. Raises BackupRefused."""
    with tempfile.TemporaryDirectory() as scratch, scratch_database() as url:
        archive, folder = Path(scratch) / "house.tar.gz", Path(scratch) / "restored"
        manifest = make_backup(archive)
        restore_into(archive, folder, url)
        seen = _probe(folder, url, *(["migrate"] if migrate else []))
    lost = {table: count for table, count in manifest["counts"].items() if seen["counts"].get(table) != count}
    if lost:
        raise BackupRefused(f"the copy does not hold what the house holds: {lost} became {seen['counts']}")
    broken = {path: status for path, status in seen["pages"].items() if status != 200}
    if broken:
        raise BackupRefused(f"pages of the copy do not open: {broken}")
    return {"counts": seen["counts"], "pages": len(seen["pages"])}


@click.command()
@click.argument("what", type=click.Choice(["restore", "upgrade"]))
def rehearse(what: str) -> None:
    """Proves that a backup can be restored, or that this code can take over a copy of the living data."""
    detail = rehearse_on_copy(migrate=what == "upgrade")
    keep_proof(Path(settings.SERAI_DATA), what, **detail)
    click.echo(f"{what}: {detail['pages']} pages opened on the copy, rows as in the house: {detail['counts']}")


@click.command()
@click.option("--by", required=True, help="Name and function of who signs.")
@click.option("--file", "path", required=True, type=click.Path(exists=True, path_type=Path), help="The assessment.")
def dpia(by: str, path: Path) -> None:
    """Writes down that the data protection impact assessment of this house was signed."""
    import hashlib

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    keep_proof(Path(settings.SERAI_DATA), "dpia", by=by, file=path.name, digest=digest, code=code_digest())
    click.echo(f"Signed by {by}: {path.name} {digest[:16]}")
