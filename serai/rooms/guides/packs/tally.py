"""What an install of guides and tables did, piece by piece, until it is told as the port wants it."""

from __future__ import annotations

from dataclasses import dataclass, field

from serai.kernel.register.ports import PackProblem, PackReport


@dataclass
class Tally:
    """What was done, by ref."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[PackProblem] = field(default_factory=list)

    def report(self) -> PackReport:
        """As the port wants it."""
        return PackReport(
            tuple(self.created),
            tuple(self.updated),
            tuple(self.removed),
            self.unchanged,
            tuple(dict.fromkeys(self.kept)),
            tuple(self.problems),
        )

    def note(self, file: str, code: str, says: str, cure: str, *, line: int = 0, refuses: bool = False) -> None:
        """Something the operator should know."""
        self.problems.append(PackProblem(file, line, code, says, cure, refuses))
