"""The files of deploy/ hold together: what they copy exists, what they set is read, nothing runs as root."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from .house import ROOT

DEPLOY = ROOT / "deploy"
pytestmark = pytest.mark.once


def instructions() -> list[tuple[str, str]]:
    """(instruction, rest) of the Containerfile, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_the_container_is_pinned_unprivileged_and_watched() -> None:
    found = instructions()
    stages = [index for index, (word, _) in enumerate(found) if word == "FROM"]
    last = dict(found[stages[-1] :])
    assert last["USER"] not in {"root", "0"}
    assert "HEALTHCHECK" in last
    assert {rest.split()[0] for word, rest in found if word == "FROM"} == {"docker.io/library/debian:12-slim"}
    assert not [word for word, _ in found if word in {"ADD", "MAINTAINER"}]
    for word in ("CMD", "VOLUME"):
        json.loads(last[word])
    for word, rest in found:
        if word == "RUN" and "apt-get install" in rest:
            assert "--no-install-recommends" in rest
            assert "rm -rf /var/lib/apt/lists/*" in rest
        if word == "RUN" and "-r requirements" in rest:
            assert "--require-hashes" in rest


def test_the_container_copies_what_exists_and_is_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    for word, rest in instructions():
        if word != "COPY" or rest.startswith("--from"):
            continue
        for source in rest.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source in let_in, source


def test_the_health_check_is_a_program_that_works() -> None:
    check = next(rest for word, rest in instructions() if word == "HEALTHCHECK")
    command = json.loads(check[check.index("CMD ") + 4 :])
    done = subprocess.run(
        command, env={"PORT": "1", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ConnectionRefusedError" in done.stderr


def names_read() -> set[str]:
    """Every environment variable that the settings read."""
    text = "".join((ROOT / "serai" / "config" / name).read_text() for name in ("env.py", "settings.py"))
    return set(re.findall(r"(?:text|words)\(\s*\"([A-Z_]+)\"", text))


def test_every_variable_that_is_set_is_read(compose: dict[str, Any]) -> None:
    known = names_read() | {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    container = next(rest for word, rest in instructions() if word == "ENV")
    unit = "\n".join(re.findall(r"^Environment=(.*)$", (DEPLOY / "serai.service").read_text(), re.M))
    example = "\n".join(line for line in (DEPLOY / "environment.example").read_text().splitlines() if line[:1] != "#")
    given = set(re.findall(r"\b([A-Z][A-Z_]+)=", "\n".join([container, unit, example])))
    given |= set(compose["services"]["house"]["environment"])
    assert given - known == set()


def test_compose_pins_images_keeps_secrets_out_and_volumes_named(compose: dict[str, Any]) -> None:
    house, database = compose["services"]["house"], compose["services"]["database"]
    assert re.search(r":\d", database["image"])
    for service in (house, database):
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "URL" in name:
                assert "${POSTGRES_PASSWORD:?}" in value
        assert {volume.split(":")[0] for volume in service["volumes"]} <= set(compose["volumes"])
    assert (DEPLOY / house["build"]["context"] / house["build"]["dockerfile"]).exists()
    assert house["depends_on"]["database"]["condition"] == "service_healthy"
    assert house["read_only"]
    assert house["ports"] == ["127.0.0.1:8000:8000"], "only the machine itself: TLS stands in front"


@pytest.mark.parametrize("unit", ["serai.service", "serai-nginx-reload.service", "serai-nginx-reload.path"])
def test_systemd_understands_the_units(unit: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    for name in ("serai.service", "serai-nginx-reload.service", "serai-nginx-reload.path"):
        text = (DEPLOY / name).read_text()
        (tmp_path / name).write_text(re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", text, flags=re.M))
    done = subprocess.run([program, "verify", str(tmp_path / unit)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if unit in line]
    assert ours == []
