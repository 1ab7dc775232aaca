"""Real houses in folders of their own: each has its database, its files and its own `serai` command in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.databases import ROOT, sqlite_copy

SERAI = "import sys; from serai.config.cli import main; main()"
START = (
    "import os, json\nos.environ['DJANGO_SETTINGS_MODULE'] = 'serai.config.settings'\nimport django\ndjango.setup()\n"
)


@dataclass(frozen=True)
class Answer:
    """What a command said, and with which code it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer of a command with --json."""
        assert self.out, self
        return json.loads(self.out)

    def codes(self) -> set[str]:
        """Codes of what was refused."""
        return {each["code"] for each in self.json["problems"] if each["refuses"]}


@dataclass
class House:
    """A house in a folder."""

    folder: Path
    surroundings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path, **surroundings: str) -> House:
        """A new house with an empty, migrated database."""
        folder.mkdir()
        sqlite_copy(folder)
        return cls(folder, surroundings)

    def pack(self, *arguments: str | Path, **more: Any) -> Answer:
        """`serai pack ... --json` in this house."""
        return self._run([sys.executable, "-c", SERAI, "pack", *map(str, arguments), "--json"], **more)

    def ask(self, *codes: str, values: Mapping[str, Any] | None = None) -> Any:
        """Runs pieces of Python in this house, in one process.

        `values` is there under that name; what the pieces put in `answer` comes back: one answer, or a list of them.
        """
        given = f"values, answers = json.loads({json.dumps(values or {})!r}), []\n"
        pieces = "\n".join(f"answer = None\n{code}\nanswers.append(answer)" for code in codes)
        done = self._run([sys.executable, "-c", f"{START}{given}{pieces}\nprint(json.dumps(answers))"])
        assert done.code == 0, done.err
        answers = json.loads(done.out.strip().splitlines()[-1])
        return answers[0] if len(codes) == 1 else answers

    def run(self, code: str, **more: Any) -> Answer:
        """Runs Python in this house, whatever becomes of it."""
        return self._run([sys.executable, "-c", START + code], **more)

    def _run(self, command: list[str], **more: Any) -> Answer:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = {**kept, "SERAI_DATA": str(self.folder), **self.surroundings}
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300, **more
        )
        return Answer(done.returncode, done.stdout, done.stderr)


def write_pack(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A pack's folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
