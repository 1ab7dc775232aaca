"""The publisher's own key on the publisher's own disk: made once, readable by its owner only, never in the house."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext as _

from .signature import public_text

OWNER_ONLY = 0o600


class KeyRefused(ValueError):
    """The key file cannot be made or used; the message says why and what to do."""


class KeyIsLocked(KeyRefused):
    """The key file is protected by a passphrase, and none or a wrong one was given."""


def make_key(path: Path, passphrase: str = "") -> str:
    """Makes a new key file (PEM, PKCS 8) that nobody else may read; returns the public key. Raises KeyRefused."""
    key = Ed25519PrivateKey.generate()
    locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        locked = serialization.BestAvailableEncryption(passphrase.encode())
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        says = _("%(path)s is there already. A key is never written over: choose another name.")
        raise KeyRefused(says % {"path": path}) from None
    except OSError as error:
        says = _("%(path)s cannot be written: %(why)s. Choose another folder.")
        raise KeyRefused(says % {"path": path, "why": error.strerror}) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        says = _("%(path)s cannot be written: %(why)s. Choose another folder.")
        raise KeyRefused(says % {"path": path, "why": error.strerror}) from None
    return public_text(key.public_key())


def read_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """The key of a file. Raises KeyRefused, KeyIsLocked."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(10_000)
    except OSError as error:
        says = _("The key file %(path)s cannot be read: %(why)s.")
        raise KeyRefused(says % {"path": path, "why": error.strerror}) from None
    if mode & 0o077:
        says = _("Others can read the key file %(path)s. Run: chmod 600 %(path)s. If others had it, make a new key.")
        raise KeyRefused(says % {"path": path})
    try:
        key = serialization.load_pem_private_key(text, passphrase.encode() or None)
    except TypeError:
        raise KeyIsLocked(_("The key file %(path)s needs its passphrase.") % {"path": path}) from None
    except (ValueError, UnsupportedAlgorithm):
        says = _("The key file %(path)s is not a key made by `serai pack key`, or the passphrase is wrong.")
        kind = KeyIsLocked if b"ENCRYPTED" in text else KeyRefused
        raise kind(says % {"path": path}) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(_("%(path)s is another kind of key. Make one with `serai pack key`.") % {"path": path})
    return key
