"""What was measured on: without it a figure says nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("Django", "wagtail", "granian", "psycopg", "brotli")


def described() -> list[str]:
    """Lines for the report."""
    lines = [f"{_processor()}, {os.cpu_count()} cores, {_memory()} GB memory, {platform.system()} {platform.release()}"]
    lines.append(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    programs = [said for said in (_said("nginx", "-v"), _said("wrk", "-v"), _postgres()) if said]
    lines.append(", ".join(programs) or "neither nginx, wrk nor PostgreSQL installed")
    busy = os.getloadavg()[0]
    lines.append(f"Load before the measurement: {busy:.1f}" + (" (busy: figures are too low)" if busy > 1 else ""))
    return lines


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _said(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    line = (done.stdout + done.stderr).strip().splitlines()[0]
    return line.removeprefix("nginx version: ").split(" Copyright")[0].split(" [")[0]


def _postgres() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return _said(str(found[-1]), "--version") if found else ""
