"""The demo house is packs: everything in settings.SERAI_PACKS, in the order in which packs need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .actions import Installed, PackRefused, install_pack
from .folder import read_pack
from .head import FILE, Head, read_head

ORDER = 100
TITLE = _("Packs")


class DemoRefused(RuntimeError):
    """A pack of the demo house cannot be installed."""


def install_demo_packs(report: Callable[[str], None]) -> None:
    """Installs each pack once; packs whose guides link to a pack that came later are gone through again."""
    again: list[dict[str, bytes]] = []
    for head, files in in_order_of_need(settings.SERAI_PACKS):
        done = _install(head, files, again=False)
        if done is None or not done.changed:
            report(f"{head.pack} {head.version}: nothing new")
            continue
        report(f"{head.pack} {head.version}: {len(done.report.created)} new, {len(done.report.updated)} changed")
        if any(note.code == "link-nowhere" for note in done.notes):
            again.append(files)
    for files in again:
        read, _problems = read_head(files[FILE])
        if read is not None:
            _install(read, files, again=True)
            report(f"{read.pack} {read.version}: links joined")


def in_order_of_need(folder: Path) -> Iterator[tuple[Head, dict[str, bytes]]]:
    """Packs of a folder, those that others require first."""
    found: dict[str, tuple[Head, dict[str, bytes]]] = {}
    for path in sorted(folder.glob(f"*/{FILE}")):
        files = read_pack(path.parent).files
        head, problems = read_head(files.get(FILE))
        if head is None:
            raise DemoRefused(f"{path}: {problems[0].says}")
        found[head.pack] = (head, files)
    done: set[str] = set()

    def visit(name: str) -> Iterator[tuple[Head, dict[str, bytes]]]:
        if name in done or name not in found:
            return
        done.add(name)
        for other in found[name][0].requires:
            yield from visit(other)
        yield found[name]

    for name in found:
        yield from visit(name)


def _install(head: Head, files: dict[str, bytes], *, again: bool) -> Installed | None:
    """None when this version is here with other content: somebody is still writing it, and the demo house waits."""
    try:
        return install_pack(by=None, files=files, again=again)
    except PackRefused as refused:
        codes = {problem.code for problem in refused.problems if problem.refuses}
        if codes <= {"version-changed", "version-older"}:
            return None
        first = next(problem for problem in refused.problems if problem.refuses)
        raise DemoRefused(f"{head.pack}/{first.file}:{first.line}: {first.says} {first.cure}") from refused
