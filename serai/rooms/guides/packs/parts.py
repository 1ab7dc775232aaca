"""The parts of a pack that this room understands, as kernel/packs wants them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from serai.kernel.places.pack_table import PackTable
from serai.kernel.register.ports import PackPart, PackProblem, PackReport

from .checking_guides import check_guides
from .installing_guides import install_guides
from .installing_tables import AlertsInstall, ContactsInstall, TableInstall, TopicsInstall
from .reading import path_of, read_guides
from .tables import ALERTS, CONTACTS, TOPICS, check_table

INSTALLS: tuple[type[TableInstall], ...] = (TopicsInstall, ContactsInstall, AlertsInstall)


@dataclass(frozen=True)
class GuidesPart:
    """guides/*.md and guides/media/*."""

    order: int = 50

    def owns(self, path: str) -> bool:
        """Everything in guides/; a wrong name is told by the check."""
        return path.startswith("guides/")

    def check(self, pack: dict[str, Any], files: dict[str, bytes]) -> list[PackProblem]:
        """See checking_guides.py."""
        return check_guides(pack, files)

    def install(self, pack: dict[str, Any], files: dict[str, bytes], *, by: Any) -> PackReport:
        """See installing_guides.py."""
        return install_guides(pack, files, by=by)


@dataclass(frozen=True)
class TablePart:
    """One table of this room."""

    table: PackTable
    order: int

    def owns(self, path: str) -> bool:
        """Its file."""
        return path == self.table.path

    def check(self, pack: dict[str, Any], files: dict[str, bytes]) -> list[PackProblem]:
        """See tables.py."""
        return check_table(self.table, pack, files)

    def install(self, pack: dict[str, Any], files: dict[str, bytes], *, by: Any) -> PackReport:
        """See installing_tables.py."""
        install = next(each for each in INSTALLS if each.table is self.table)
        return install(pack, files, by).run()


PARTS: dict[str, PackPart] = {
    "topics": TablePart(TOPICS, 30),
    "guides": GuidesPart(),
    "contacts": TablePart(CONTACTS, 60),
    "alerts": TablePart(ALERTS, 70),
}


def stamp_guides(pack: dict[str, Any], files: dict[str, bytes], again: frozenset[str]) -> dict[str, bytes]:
    """Translations that do not yet say from which original they were made (or are in `again`), with their stamp."""
    changed: dict[str, bytes] = {}
    for slug, versions in read_guides(pack, files).items():
        if versions.original is None or versions.original.wrong:
            continue
        digest = versions.original.digest()
        for language, guide in versions.translations.items():
            path = path_of(slug, language)
            stamp = guide.said("original")
            if guide.wrong or (stamp and path not in again) or stamp == digest:
                continue
            changed[path] = _with_stamp(files[path], digest)
    return changed


def _with_stamp(data: bytes, digest: str) -> bytes:
    """The file with its stamp as the last row of the front matter; everything else stays as it was written."""
    head, _dashes, body = data.decode().removeprefix("---").partition("\n---")
    rows = [row for row in head.split("\n") if not row.startswith("original:")]
    return "\n".join(["---" + rows[0], *rows[1:], f"original: {digest}", f"---{body}"]).encode()
