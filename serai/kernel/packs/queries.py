"""Reads about packs: what is installed and from whom, which keys are trusted, which updates wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from serai.kernel.access.viewer import Viewer

from .head import FILE, read_head, version_key
from .models import InstalledPack, PackVersion, PublisherKey


@dataclass(frozen=True)
class PackRow:
    """One pack in this house. signed: its seal's key is trusted today; update: a newer version in the packs folder."""

    pack: str
    version: str
    publisher: str
    languages: tuple[str, ...]
    licence: str
    fictional: bool
    since: datetime
    signed_by: str
    signed: bool
    update: str
    digest: str

    @property
    def seal(self) -> str:
        """`known`: a key that the operator confirmed signed it; `unknown`: another key; `none`: not signed."""
        return "known" if self.signed else "unknown" if self.signed_by else "none"


@dataclass(frozen=True)
class KeyRow:
    """One publisher's key that the operator confirmed."""

    publisher: str
    key: str
    added: datetime
    withdrawn: datetime | None


def installed_packs(*, viewer: Viewer) -> list[PackRow]:
    """Every pack in the house. Which packs a house has is public knowledge: any viewer may read it. Two queries."""
    good = set(PublisherKey.objects.filter(withdrawn=None).values_list("publisher", "key"))
    waiting = _versions_in_folder(settings.SERAI_PACKS)
    rows = InstalledPack.objects.select_related("now")
    return [_row(row, good, waiting.get(row.pack, "")) for row in rows]


def trusted_keys(*, viewer: Viewer) -> list[KeyRow]:
    """All keys that were ever confirmed; public keys are no secret."""
    return [KeyRow(row.publisher, row.key, row.added, row.withdrawn) for row in PublisherKey.objects.all()]


def installed_manifest(pack: str, *, viewer: Viewer) -> dict[str, str] | None:
    """Path to SHA-256 of the version that is installed, or None."""
    row = InstalledPack.objects.filter(pack=pack).select_related("now").first()
    return dict(row.now.manifest) if row else None


def last_head(pack: str, *, viewer: Viewer) -> dict[str, object] | None:
    """pack.yaml, as a mapping, of the newest version that was installed or given out here; None when there is none."""
    rows = list(PackVersion.objects.filter(pack=pack))
    return max(rows, key=lambda row: version_key(row.version)).head if rows else None


def house_is_there() -> bool:
    """Whether there is a database with our tables: `serai pack check` also works before there is a house."""
    try:
        InstalledPack.objects.exists()
    except DatabaseError:
        return False
    return True


def _row(row: InstalledPack, good: set[tuple[str, str]], waiting: str) -> PackRow:
    now = row.now
    newer = waiting if waiting and version_key(waiting) > version_key(now.version) else ""
    return PackRow(
        row.pack,
        now.version,
        now.publisher,
        tuple(now.head.get("languages", ())),
        str(now.head.get("licence", "")),
        bool(now.head.get("fictional")),
        row.since,
        now.signed_by,
        (now.publisher, now.signed_by) in good,
        newer,
        now.digest,
    )


def _versions_in_folder(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.glob(f"*/{FILE}")):
        head, _problems = read_head(path.read_bytes()[:100_000])
        if head is not None:
            found[head.pack] = head.version
    return found
