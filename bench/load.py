"""Requests per second with wrk."""

from __future__ import annotations

import re
import shutil
import subprocess

from .house import CannotMeasure


def wrk(url: str, *, host: str, seconds: int = 4, connections: int = 32, encoding: str = "br") -> float:
    """Requests per second of one run. Raises CannotMeasure when wrk is missing or answers fail."""
    program = shutil.which("wrk")
    if program is None:
        raise CannotMeasure("wrk is not installed")
    command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "-H", f"Host: {host}"]
    done = subprocess.run(
        [*command, "-H", f"Accept-Encoding: {encoding}", url], capture_output=True, text=True, check=False
    )
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    if rate is None or bad:
        raise CannotMeasure(f"wrk on {url}: {(done.stdout + done.stderr)[-300:]}")
    return float(rate[1])
