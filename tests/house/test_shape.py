"""The shape of the house: small files, small functions, honest names, nothing looking upward."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .walk import OURS, ROOT, functions, height, name, python_files, templates

pytestmark = pytest.mark.once

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "managers", "service", "misc"}
TEXTS = {".py", ".html", ".css", ".js", ".md", ".txt", ".in", ".toml", ".yaml", ".yml", ".json", ".sh", ".conf", ".svg"}


def tracked() -> list[Path]:
    """Files under version control or about to be."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_file_has_more_than_400_lines() -> None:
    code = [*python_files(), *templates(), *OURS.rglob("*.css"), *OURS.rglob("*.js")]
    long = {name(path): lines for path in code if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def test_no_function_has_more_than_40_lines() -> None:
    long = {
        f"{name(path)}:{function.name}": function.end_lineno - function.lineno + 1
        for path in python_files(tests=False)
        for function in functions(path)
        if function.end_lineno and function.end_lineno - function.lineno + 1 > 40
    }
    assert long == {}


def test_every_folder_with_python_is_a_package() -> None:
    folders = {path.parent for path in python_files(migrations=True) if path.is_relative_to(OURS)}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_name_says_nothing() -> None:
    named = [*python_files(), *(path for path in OURS.rglob("*") if path.is_dir())]
    assert [name(path) for path in named if path.stem in EMPTY_NAMES] == []


def test_every_module_says_why_it_exists() -> None:
    silent = [
        name(path)
        for path in python_files()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_public_function_and_class_of_the_house_has_a_docstring() -> None:
    silent = []
    for path in python_files(tests=False):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                silent.append(f"{name(path)}:{node.name}")
    assert silent == []


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", ".importlinter", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_import_contracts_have_no_exception() -> None:
    assert "ignore_imports" not in (ROOT / ".importlinter").read_text(encoding="utf-8")


def _owner(template: str) -> Path | None:
    for path in templates():
        if str(path).endswith(f"/templates/{template}"):
            return path
    return None


@pytest.mark.parametrize("template", templates(), ids=name)
def test_no_template_looks_upward(template: Path) -> None:
    used = re.findall(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']", template.read_text(encoding="utf-8"))
    for other in used:
        owner = _owner(other)
        if owner is not None:
            assert height(owner) <= height(template), f"{name(template)} uses {name(owner)}"
            rooms = {path.relative_to(OURS).parts[1] for path in (owner, template) if "rooms" in path.parts}
            assert len(rooms) < 2, f"{name(template)} uses another room's {name(owner)}"


def test_rooms_do_not_point_at_each_other_by_strings() -> None:
    rooms = [folder.name for folder in (OURS / "rooms").iterdir() if (folder / "room.py").exists()]
    for room in rooms:
        for path in [*(OURS / "rooms" / room).rglob("*.py"), *(OURS / "rooms" / room).rglob("*.html")]:
            text = path.read_text(encoding="utf-8")
            for other in rooms:
                if other != room:
                    assert not re.search(rf"[\"']{other}[.:]\w+[\"']", text), f"{name(path)} points at {other}"


def test_nothing_below_the_rooms_names_a_room() -> None:
    rooms = [folder.name for folder in (OURS / "rooms").iterdir() if (folder / "room.py").exists()]
    lower = [
        path
        for floor in ("lib", "kernel", "engine")
        for path in (OURS / floor).rglob("*")
        if path.suffix in {".py", ".html"}
    ]
    for path in lower:
        if "tests" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        for room in rooms:
            assert not re.search(rf"[\"']{room}[.:]\w+[\"']|serai\.rooms\.{room}", text), f"{name(path)} names {room}"


def test_get_model_by_string_is_not_used() -> None:
    users = [
        name(path)
        for path in python_files(tests=False)
        if re.search(r"\bget_model\(", path.read_text(encoding="utf-8"))
    ]
    assert users == []


def test_every_part_has_a_readme_and_an_app_of_its_own_name() -> None:
    parts = [*(OURS / "kernel").iterdir(), *(OURS / "engine").iterdir(), *(OURS / "rooms").iterdir()]
    for part in parts:
        if (part / "apps.py").exists():
            assert (part / "README.md").exists(), f"{name(part)} has no README.md"
            assert f'label = "{part.name}"' in (part / "apps.py").read_text(encoding="utf-8")


def test_the_locks_name_no_index_and_pin_with_hashes() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=") >= text.count("==")
    assert '"resolved"' not in (ROOT / "tests/browser/package-lock.json").read_text(encoding="utf-8")


FORBIDDEN = {
    "a registry's host": r"files\.python" + r"hosted|py" + r"pi\.org|registry\.npm" + r"js|deb\.deb" + r"ian\.org",
    "unfinished work": r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        name(path)
        for path in tracked()
        if path.suffix in TEXTS
        and "packs" not in path.parts
        and re.search(FORBIDDEN[what], path.read_text(encoding="utf-8"))
    ]
    assert found == []
