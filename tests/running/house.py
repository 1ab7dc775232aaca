"""Real processes for tests: a server on a private port, a change made by another process, an HTTP client."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.inside import Inside

ROOT = Path(__file__).resolve().parents[2]
TOWNS = {"SERAI_CACHE": os.environ.get("SERAI_CACHE", str(ROOT / ".cache" / "serai"))}
"""Towns of the world are one file for all houses: each clock would spend seconds on making it again."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until something became true; fails when it does not in time."""
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - start


@dataclass
class Answer:
    """What a server said. headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class House:
    """One server with its own data folder, and the environment that its processes share."""

    def __init__(self, folder: Path, url: str = "", settings: str = "tests.running.settings") -> None:
        self.folder = folder
        self.port = free_port()
        self.name = ""
        self.url = url
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        self.inside: Inside | None = None
        self.more: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the test run itself: neither its settings nor its database."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SERAI_", "DJANGO_"))}
        own = {"SERAI_DATA": str(self.folder), "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": self.settings}
        return {**kept, **TOWNS, **own, **({"SERAI_DATABASE_URL": self.url} if self.url else {}), **self.more}

    def serve(self, *options: str) -> House:
        """`serai serve`, until the first page answers."""
        start = [sys.executable, "-c", "from serai.config.cli import main; main()"]
        command = [*start, "serve", "--workers", "1", *options]
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_until(self._answers, 60, f"the house answers ({(self.folder / 'serve.log').read_text()[-2000:]})")
        return self

    def _answers(self) -> bool:
        if self.process and self.process.poll() is not None:
            raise AssertionError((self.folder / "serve.log").read_text())
        try:
            return self.get("/").status < 500
        except OSError:
            return False

    def run(self, code: str) -> None:
        """Runs a few lines in a process of this house that stays (Django is set up once); fails when they fail."""
        self.inside = self.inside or Inside(self.environment)
        self.inside.run(code)

    def run_apart(self, code: str) -> int:
        """Runs a few lines in a process of their own; returns its exit code."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=False).returncode

    def call(self, key: str, called: str, before_commit: str = "", after: str = "") -> str:
        """Code that gives an organisation a name and touches its key in one transaction."""
        return f"""
from django.db import transaction
from serai.kernel.access.models import Organisation
from serai.kernel.ledger.actions import touch
{after}
with transaction.atomic():
    Organisation.objects.update_or_create(key={key!r}, defaults={{"names": {{"en": {called!r}}}}})
    touch([f"organisation:{key}"])
    {before_commit or "pass"}
"""

    def get(self, path: str, method: str = "GET", host: str = "", **headers: str) -> Answer:
        """One request; header names with _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or self.name or f"127.0.0.1:{self.port}")
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def files(self) -> list[str]:
        """Pages that are published now, uncompressed ones only."""
        found = (self.folder / "published").glob("*/pages/**/*")
        return sorted("/".join(path.parts[path.parts.index("pages") + 1 :]) for path in found if path.suffix == ".html")

    def stop(self, kill: bool = False) -> None:
        """SIGTERM, or SIGKILL as a power cut would."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            self.process.wait(40)
        self.process = None

    def close(self) -> None:
        """Stops everything of this house."""
        self.stop()
        if self.inside:
            self.inside.close()
