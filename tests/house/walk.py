"""Finds what the house rules speak of: our Python files, templates, functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "serai"
FLOORS = ["lib", "kernel", "engine", "rooms", "web", "config"]
KERNEL = ["register", "languages", "ledger", "places", "access", "facts", "packs"]
ENGINE = ["shell", "content"]


def python_files(*, migrations: bool = False, tests: bool = True) -> list[Path]:
    """Python files of the project: the house, its tests, the benchmarks."""
    found = [
        *OURS.rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "bench").rglob("*.py"),
        ROOT / "conftest.py",
    ]
    kept = [path for path in found if "node_modules" not in path.parts]
    if not migrations:
        kept = [path for path in kept if "migrations" not in path.parts]
    if not tests:
        kept = [path for path in kept if "tests" not in path.parts and path.name != "conftest.py"]
    return sorted(kept)


def templates() -> list[Path]:
    """All templates."""
    return sorted(path for path in OURS.rglob("templates/**/*") if path.is_file())


def name(path: Path) -> str:
    """Path as people write it."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a file, methods and nested ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def height(path: Path) -> tuple[int, int]:
    """(floor, part within the floor): an import or a template may only look at something lower or in the same part."""
    parts = path.relative_to(OURS).parts
    floor = FLOORS.index(parts[0])
    inner = {"kernel": KERNEL, "engine": ENGINE}.get(parts[0])
    return floor, inner.index(parts[1]) if inner and len(parts) > 1 and parts[1] in inner else 0
