"""What an import found wrong, row by row, and what it did: one shape for every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from serai.lib.hsds.problems import Problem as Found

from .words import cure_of, says_of

# What is told and does no harm. Everything else refuses the whole import.
MILD = frozenset(
    {
        "column-unknown",
        "table-unknown",
        "key-unknown",
        "uuid",
        "phone",
        "far-from-country",
        "names-left-out",
        "not-kept",
        "over-midnight",
    }
)
# Links without which a row has no place in the directory.
CORE_LINKS = frozenset({
    ("service", "organization_id"), ("service_at_location", "service_id"), ("service_at_location", "location_id"),
})  # fmt: skip
_OPEN = frozenset({"reference-missing", "reference-table-missing"})


@dataclass(frozen=True)
class Problem:
    """One line of the report. row as a spreadsheet counts, 0 for a whole table; refuses: nothing was imported."""

    table: str
    row: int
    field: str
    path: str
    code: str
    value: str
    says: str
    cure: str
    refuses: bool


@dataclass
class Report:
    """What an import did or would do. counts: HSDS table -> created, updated, unchanged, kept."""

    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    publisher: str = ""
    dry_run: bool = False
    expired: int = 0
    is_written: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether nothing was imported."""
        return any(problem.refuses for problem in self.problems)

    def mark_written(self) -> None:
        """What was imported stands in the database, whatever happens now."""
        self.is_written = True

    def add(self, found: Iterable[Found]) -> None:
        """Takes what a library found, in words."""
        self.problems += [told(problem) for problem in found]

    def note(self, found: Iterable[Found]) -> None:
        """Takes what is worth knowing and refuses nothing."""
        self.problems += [replace(told(problem), refuses=False) for problem in found]

    def count(self, table: str, what: str, number: int = 1) -> None:
        """Adds to one of the counts."""
        row = self.counts.setdefault(table, {"created": 0, "updated": 0, "unchanged": 0, "kept": 0})
        row[what] += number

    def total(self, what: str) -> int:
        """One of the counts over all tables."""
        return sum(row[what] for row in self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "refused": self.is_refused,
            "dry_run": self.dry_run,
            "publisher": self.publisher,
            "created": self.total("created"),
            "updated": self.total("updated"),
            "unchanged": self.total("unchanged"),
            "kept": self.total("kept"),
            "expired": self.expired,
            "tables": self.counts,
            "problems": [asdict(problem) for problem in self.problems],
        }


def told(found: Found) -> Problem:
    """A finding of lib/hsds as a line of the report."""
    return Problem(
        found.table, found.row, found.field, found.path, found.code, found.value, says_of(found), cure_of(found),
        refuses(found),
    )  # fmt: skip


def refuses(found: Found) -> bool:
    """Whether a finding refuses the import: links to rows that lie elsewhere do so only where a row hangs on them."""
    if found.code in _OPEN:
        return (found.table, found.field) in CORE_LINKS
    return found.code not in MILD and (found.table, found.code) != ("attribute", "enum")
