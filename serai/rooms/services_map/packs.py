"""services/*.csv of a pack: a directory of services in HSDS 3, installed and exported like everything else in it.

A pack is written, reviewed and installed by people, so what it says of how exactly a place may be known counts; what it
does not say stays contact only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from serai.kernel.access.models import Organisation
from serai.kernel.register.ports import PackExport, PackProblem, PackReport
from serai.lib.hsds.check import check_rows
from serai.lib.hsds.ours import check_extras
from serai.lib.hsds.problems import Problem as Found
from serai.lib.hsds.schema import FILES
from serai.lib.hsds.tabular import Directory, read_files, write_files

from .exchange.columns import AS_SAID
from .exchange.importing import import_tables
from .exchange.leaving import tables_of
from .exchange.report import Problem, told
from .models import Service

FOLDER = "services/"


@dataclass(frozen=True)
class ServicesPart:
    """Understands services/*.csv, after the publisher's organisation and places are there."""

    order: int = 55

    def owns(self, path: str) -> bool:
        """Everything in services/; a wrong name is told by the check."""
        return path.startswith(FOLDER)

    def check(self, pack: dict[str, Any], files: dict[str, bytes]) -> list[PackProblem]:
        """All that is wrong; writes nothing."""
        found = _directory(files)
        return [_problem(told(one)) for one in _wrong(found)]

    def install(self, pack: dict[str, Any], files: dict[str, bytes], *, by: Any) -> PackReport:
        """Writes the directory for the pack's publisher. Runs inside the transaction of the whole install."""
        found = _directory(files)
        if not found.tables:
            return PackReport()
        publisher = Organisation.objects.get(key=pack["publisher"])
        report = import_tables(
            found.tables, _wrong(found), by=by, publisher=publisher, tag=pack["languages"][0], places=AS_SAID
        )
        problems = tuple(_problem(one) for one in report.problems if one.refuses)
        return PackReport(
            created=_refs(report.counts, "created"), updated=_refs(report.counts, "updated"),
            unchanged=report.total("unchanged"), kept=_refs(report.counts, "kept"), problems=problems,
        )  # fmt: skip


def export_services(publisher: str, pack: dict[str, Any]) -> PackExport:
    """The services of a publisher. Of places that are not public a pack does not say where they are."""
    rows = Service.objects.filter(publisher__key=publisher)
    if not rows.exists():
        return PackExport({})
    written = write_files(tables_of(rows, kept=True))
    return PackExport({f"{FOLDER}{name}": data for name, data in written.items()})


def _directory(files: dict[str, bytes]) -> Directory:
    return read_files([(path.removeprefix(FOLDER), data) for path, data in files.items() if path.startswith(FOLDER)])


def _wrong(found: Directory) -> list[Found]:
    return [*found.problems, *check_rows(found.tables), *check_extras(found.tables)]


def _problem(one: Problem) -> PackProblem:
    file = f"{FOLDER}{FILES.get(one.table, one.table)}"
    return PackProblem(file, one.row, f"services-{one.code}", one.says, one.cure, one.refuses)


def _refs(counts: dict[str, dict[str, int]], what: str) -> tuple[str, ...]:
    """One line for each row that was written, as other parts tell them."""
    return tuple(f"services/{table}" for table, row in counts.items() for _ in range(row[what]))
