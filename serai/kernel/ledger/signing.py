"""The files of the ledger in the data folder: its key, the keys it trusts, the last checkpoint it signed.

They lie outside the database on purpose. Whoever can change every row still cannot sign; and whoever puts an older
database back is found out by the last checkpoint, which is not in it.
"""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from serai.lib.note import NoteRefused, Signer, Verifier

OWNER_ONLY = 0o600


class KeyRefused(ValueError):
    """The key file cannot be used; the message says why and what to do."""


def key_path() -> Path:
    """The private key of the ledger."""
    return Path(settings.SERAI_DATA) / "ledger_key"


def verifiers_path() -> Path:
    """Public keys, one a line: this ledger's own and, after a move or a restore, those it had before."""
    return Path(settings.SERAI_DATA) / "ledger_verifiers"


def anchor_path() -> Path:
    """The last checkpoint that this house signed."""
    return Path(settings.SERAI_DATA) / "ledger_checkpoint"


def ledger_signer() -> Signer:
    """The ledger's key, made at the first use and named after the public host. Raises KeyRefused."""
    path = key_path()
    if not path.exists():
        _make_key(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        says = _("Others can read %(path)s. Run: chmod 600 %(path)s. If others had it, make a new key.")
        raise KeyRefused(says % {"path": path})
    try:
        signer = Signer.parse(path.read_text(encoding="utf-8"))
    except (NoteRefused, UnicodeDecodeError):
        says = _("%(path)s is not a key of a ledger. Put the right file back, or move it away to begin with a new key.")
        raise KeyRefused(says % {"path": path}) from None
    trust_verifier(signer.verifier)
    return signer


def trusted_verifiers() -> list[Verifier]:
    """The public keys whose checkpoints this house believes. Raises KeyRefused for a line that is none."""
    path = verifiers_path()
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                found.append(Verifier.parse(line))
            except NoteRefused:
                says = _("Line %(line)s of %(path)s is not a public key. Take the line out or write it again.")
                raise KeyRefused(says % {"line": number, "path": path}) from None
    return found


def trust_verifier(verifier: Verifier) -> None:
    """Adds a public key, once."""
    trusted = trusted_verifiers()
    if verifier not in trusted:
        write_whole(verifiers_path(), "".join(f"{row}\n" for row in [*trusted, verifier]))


def write_whole(path: Path, text: str) -> None:
    """Replaces a file in one step: after a crash or on a full disk the old one is still whole."""
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except OSError:
        Path(half).unlink(missing_ok=True)
        raise


def _make_key(path: Path) -> None:
    """Two processes may try at once: the first link wins, and nobody ever reads half a key.

    A new key is a new log with a name of its own: after a restore the same name must not sign two histories.
    """
    name = f"{settings.SERAI_PUBLIC_HOST}/ledger/{secrets.token_hex(4)}"
    signer = Signer(name, Ed25519PrivateKey.generate())
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".ledger_key-")  # mkstemp: 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{signer.secret_text()}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(half, path)
    except FileExistsError:
        return
    finally:
        Path(half).unlink(missing_ok=True)
