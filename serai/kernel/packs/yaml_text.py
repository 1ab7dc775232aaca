"""YAML of a pack: read by lib/plainyaml, with the line of each part, and what is wrong in words with a cure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from serai.kernel.register.ports import PackProblem
from serai.lib import plainyaml
from serai.lib.plainyaml import SourceError

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Lined:
    """A value and the line of each of its parts: lines[("places", 0)] is the line of the first place."""

    value: Any
    lines: dict[Where, int] = field(default_factory=dict)
    wrong: list[SourceError] = field(default_factory=list)

    def line(self, *where: str | int) -> int:
        """The line of a part, or of the nearest part around it that has one."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.lines:
                return self.lines[where[:end]]
        return 1

    def problems(self, file: str) -> list[PackProblem]:
        """What is wrong, in words."""
        return [PackProblem(file, wrong.line, wrong.code, *worded(wrong)) for wrong in self.wrong]


def read_yaml(text: str, *, first_line: int = 1) -> Lined:
    """Reads one document; when anything is wrong with it, value is None. first_line: where the text begins."""
    value, wrong, _top = plainyaml.load(text, first_line)
    if wrong:
        return Lined(None, {}, wrong)
    return Lined(value, plainyaml.lines_of(text, first_line))


def worded(error: SourceError) -> tuple[str, str]:
    """What is wrong and the cure, for all codes of lib/plainyaml and lib/frontmatter."""
    rows = {
        "yaml": (
            _("This is not valid YAML: %(found)s."),
            _("Check the spaces at the start of the line and the quotes around text with a colon."),
        ),
        "yaml-alias": (_("“&” and “*” (anchors) are not used in packs."), _("Write the text in full, or in quotes.")),
        "yaml-tag": (_("“!” (a type) is not used in packs."), _("Put the text in quotes.")),
        "yaml-deep": (_("This is nested too deeply."), _("Use the keys that docs/packs.md lists.")),
        "yaml-documents": (_("A second document begins here."), _("Take the line --- out.")),
        "yaml-duplicate": (_("The key “%(found)s” stands here twice."), _("Keep one of the two.")),
        "yaml-key": (_("A key must be a word."), _("Write “key: value”.")),
        "yaml-day": (_("“%(found)s” is not a day."), _("Write year, month, day: 2026-10-12")),
        "too-large": (_("This file is larger than a guide may be."), _("Split it into several guides.")),
        "front-matter-missing": (
            _("The guide does not begin with its front matter."),
            _("Begin with a line ---, then title, summary and the other keys, then another line ---."),
        ),
        "front-matter-open": (_("The front matter has no end."), _("End it with a line ---.")),
        "front-matter-not-keys": (_("The front matter holds keys and values."), _("Write one “key: value” a line.")),
        "fence-open": (_("This block has no end."), _("End it with a line of three backticks: ```")),
        "fence-kind": (
            _("There is no block “%(found)s”."),
            _("Begin it with three backticks and one of the words of docs/packs.md, such as ```steps."),
        ),
    }
    says, cure = rows[error.code]
    return says % {"found": error.detail[:80]} if "%(" in says else says, cure
