"""What the surroundings say: data folder, hosts, database. Everything has a default that runs on one machine."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


def text(name: str, default: str = "") -> str:
    """An environment variable, stripped."""
    return os.environ.get(name, default).strip()


def words(name: str, default: str) -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def data_folder() -> Path:
    """SERAI_DATA: database, uploads, published files, secrets. Made when it is not there, for its owner only."""
    if "pytest" in sys.modules:  # tests never touch a real house
        scratch = Path(tempfile.mkdtemp(prefix="serai-test-"))
        atexit.register(shutil.rmtree, scratch, ignore_errors=True)
        return scratch
    folder = Path(text("SERAI_DATA") or ROOT / "var").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """SERAI_SECRET_KEY, or one made at the first start and kept in the data folder."""
    given = text("SERAI_SECRET_KEY")
    if given:
        return given
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def database(folder: Path) -> dict[str, Any]:
    """SERAI_DATABASE_URL as Django wants it: postgresql://user:password@host:port/name; or SQLite in the folder."""
    url = text("SERAI_DATABASE_URL")
    if not url:
        return _sqlite(folder / "serai.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SystemExit(f"SERAI_DATABASE_URL must begin with postgresql:// or sqlite://, not {parts.scheme}://")
    options: dict[str, Any] = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
        "ATOMIC_REQUESTS": True,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    """One file; write-ahead log so that readers never wait; writers queue up to 20 seconds; what is
    deleted is overwritten."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,  # opening the file and reading its schema costs more than all that a page asks of it
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            " PRAGMA secure_delete=ON;",
        },
    }
