"""Real houses in folders of their own: each has its database, its files and its own `serai` command in a process."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.databases import sqlite_copy
from tests.inside import Answer, Inside


class House:
    """A house in a folder, with an empty, migrated database. What is run there runs in a process of its own."""

    def __init__(self, folder: Path, **surroundings: str) -> None:
        folder.mkdir()
        sqlite_copy(folder)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"SERAI_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "serai.config.settings"}
        self.surroundings = {**kept, **own, **surroundings}
        self.folder, self.inside = folder, Inside(self.surroundings)

    def pack(self, *arguments: str | Path, before: str = "") -> Answer:
        """`serai pack ... --json` in this house."""
        return self.inside.serai("pack", *arguments, "--json", before=before)

    def ask(self, *codes: str) -> Any:
        """Runs pieces of Python in this house. What each puts in `answer` comes back: one answer, or a list of them."""
        pieces = "\n".join(f"answer = None\n{code}\nanswers.append(answer)" for code in codes)
        done = self.inside.apart(f"import json\nanswers = []\n{pieces}\nprint(json.dumps(answers))")
        assert done.code == 0, done.err
        answers = json.loads(done.out.strip().splitlines()[-1])
        return answers[0] if len(codes) == 1 else answers


def write_pack(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A pack's folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
