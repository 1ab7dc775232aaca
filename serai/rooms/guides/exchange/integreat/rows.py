"""What passes between the steps of an import: pages as read, what is wrong, what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing to know. refuses: nothing at all is imported because of it; else it could only not be kept.

    code is one of those in docs/formats.md; says is what was found, cure is what to do.
    """

    file: str
    page_id: str
    path: str
    code: str
    says: str
    cure: str
    refuses: bool = False

    def as_row(self) -> dict[str, Any]:
        """For the report."""
        return dict(self.__dict__)


@dataclass
class RawPage:
    """One page as its file gives it: characters mended, language found, nothing yet said about its place.

    id and parent_id: as text, "" when missing. others: id by language tag, as the page itself lists them. listed: all
    ids of its languages, also of those that the house does not know.
    """

    file: str
    id: str
    language: str
    region: str
    path: str
    title: str
    content: str
    excerpt: str
    order: int
    parent_id: str
    parent_path: str
    others: dict[str, str]
    listed: tuple[str, ...]
    updated: datetime | None
    url: str
    has_thumbnail: bool

    def problem(self, code: str, says: str, cure: str, *, refuses: bool = False) -> Problem:
        """Something about this page."""
        return Problem(self.file, self.id, self.path, code, says, cure, refuses)


@dataclass
class Report:
    """What an import did, or would do, or why it was refused. Numbers count pages in one language each."""

    region: str = ""
    publisher: str = ""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    removed_upstream: int = 0
    pages: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    dry_run: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether nothing was imported."""
        return any(problem.refuses for problem in self.problems)

    def add(self, problems: Iterable[Problem]) -> None:
        """More to know."""
        self.problems.extend(problems)

    def as_json(self) -> dict[str, Any]:
        """The report of `--json`."""
        return {
            "done": not self.is_refused and not self.dry_run,
            "dry_run": self.dry_run,
            "region": self.region,
            "publisher": self.publisher,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "kept": self.kept,
            "removed_upstream": self.removed_upstream,
            "languages": list(self.pages),
            "pages": self.pages,
            "problems": [problem.as_row() for problem in self.problems],
            "dropped": dict(sorted(self.dropped.items())),
        }
