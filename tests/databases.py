"""The test database is migrated once and copied: a file for SQLite, a template database for PostgreSQL.

The real PostgreSQL of the machine is started on a private port in .cache/, as an unprivileged user when we are root
(initdb refuses root), and stopped at the end of the run.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"


def migrations_digest() -> str:
    """Changes when any migration of ours, or a pinned library, changes."""
    digest = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for path in sorted(ROOT.glob("serai/**/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process at a time."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    """Runs the migrations in a process of their own."""
    environment = {**os.environ, "SERAI_DATABASE_URL": url, "SERAI_DATA": str(CACHE / "migrate-data")}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v", "0"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"migrations failed:\n{done.stdout}\n{done.stderr}")


def sqlite_copy(folder: Path) -> Path:
    """A fresh migrated SQLite database in the folder."""
    with locked("sqlite"):
        template = CACHE / f"template-{migrations_digest()}.sqlite3"
        if not template.exists():
            for old in CACHE.glob("template-*.sqlite3*"):
                old.unlink()
            half = template.with_suffix(".half")
            half.unlink(missing_ok=True)
            migrate(f"sqlite://{half}")
            subprocess.run([sys.executable, "-c", SETTLE, str(half)], check=True)
            half.rename(template)
    copy = folder / "serai.sqlite3"
    shutil.copyfile(template, copy)
    return copy


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def _as_postgres(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


def _cluster() -> Path:
    """Where the private cluster lives: outside the checkout, which its unprivileged user may not be able to read."""
    name = f"serai-test-postgres-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    return Path(os.environ.get("SERAI_TEST_POSTGRES") or Path(tempfile.gettempdir()) / name)


SETTLE = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
database.execute("PRAGMA journal_mode=DELETE")
"""


def _programs_run(program: str, *arguments: str, check: bool = True) -> int:
    """Runs a program of PostgreSQL as its unprivileged user; its words go nowhere, or the server would hold them."""
    command = _as_postgres([str(_programs() / program), *arguments])
    return subprocess.run(
        command, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
    ).returncode


def postgres_server() -> str:
    """Starts the cluster if it does not run; returns the URL of its maintenance database."""
    with locked("postgres"):
        base = _cluster()
        data, port_file = str(base / "data"), base / "port"
        if not (base / "data" / "PG_VERSION").exists():
            shutil.rmtree(base, ignore_errors=True)
            base.mkdir(mode=0o755)
            if os.geteuid() == 0:
                shutil.chown(base, "postgres", "postgres")
            _programs_run("initdb", "-D", data, "-U", "serai", "--locale=C.UTF-8", "-E", "UTF8", "-A", "trust")
        if _programs_run("pg_ctl", "-D", data, "status", check=False):
            port = _free_port()
            settings = {
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": str(base),
                "fsync": "off",
                "full_page_writes": "off",
                "synchronous_commit": "off",
            }
            options = " ".join([f"-p {port}", *(f"-c {name}={value}" for name, value in settings.items())])
            _programs_run("pg_ctl", "-D", data, "-w", "-o", options, "-l", str(base / "log"), "start")
            port_file.write_text(str(port))
        return f"postgresql://serai@127.0.0.1:{port_file.read_text().strip()}/postgres"


def postgres_copy(name: str) -> str:
    """A fresh migrated PostgreSQL database; returns its URL."""
    import psycopg

    server = postgres_server()
    template = f"template_{migrations_digest()}"
    base = server.rsplit("/", 1)[0]
    with locked("postgres-template"), psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            connection.execute(f'DROP DATABASE IF EXISTS "{template}_half"')
            connection.execute(f'CREATE DATABASE "{template}_half"')
            migrate(f"{base}/{template}_half")
            connection.execute(f'ALTER DATABASE "{template}_half" RENAME TO "{template}"')
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{base}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop_postgres() -> None:
    """Stops the private cluster, if it runs."""
    data = _cluster() / "data"
    if (data / "postmaster.pid").exists():
        _programs_run("pg_ctl", "-D", str(data), "-m", "immediate", "stop", check=False)


if __name__ == "__main__" and sys.argv[1:] == ["stop"]:
    stop_postgres()
