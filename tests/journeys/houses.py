"""A living house for journeys: opened and served by the same commands an operator uses, in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.databases import sqlite_copy
from tests.inside import Inside

ROOT = Path(__file__).resolve().parents[2]
SERAI = Path(sys.executable).parent / "serai"


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LivingHouse:
    """One house: its data folder, its port, its commands."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.public = f"http://127.0.0.1:{self.port}"
        self.desk = f"http://desk.localhost:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        cleared = {key: value for key, value in os.environ.items() if not key.startswith(("SERAI_", "DJANGO_"))}
        self.environment = {
            **cleared,
            "SERAI_DATA": str(folder),
            "PORT": str(self.port),
            "SERAI_CACHE": os.environ.get("SERAI_CACHE", str(ROOT / ".cache" / "serai")),  # towns: one file for all
            "DJANGO_SETTINGS_MODULE": "serai.config.settings",
            # Both directions, a tall script and a machine's draft; all thirteen would only walk the same pages again.
            "SERAI_LANGUAGES": "en,ar,fr,es,ti",
            **environment,
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.inside: Inside | None = None

    def command(self, *arguments: str | Path) -> str:
        """What `serai ...` says in this house. Fails when it refuses."""
        answer = self._inside().serai(*arguments)
        assert answer.code == 0, answer
        return answer.out

    def python(self, code: str) -> str:
        """Runs Python inside the house, as a colleague with a shell would; returns what it prints."""
        return self._inside().run(code)

    def _inside(self) -> Inside:
        self.inside = self.inside or Inside(self.environment)
        return self.inside

    def open(self, *, demo: bool = True) -> LivingHouse:
        """Opens the house, with the invented towns or empty, and serves it; returns when the first page answers.

        Its tables are a copy of those that all tests share; tests/running opens one from nothing.
        """
        sqlite_copy(self.folder)
        self.command("open", *(["--demo"] if demo else []))
        log = (self.folder / "server.log").open("wb")
        command = [str(SERAI), "serve", "--port", str(self.port)]
        self.server = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.public}/", timeout=5) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.3)
        raise AssertionError((self.folder / "server.log").read_text(errors="replace")[-4000:])

    def close(self) -> None:
        """Stops the server and all it started."""
        if self.inside:
            self.inside.close()
        if self.server and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGTERM)
            try:
                self.server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, signal.SIGKILL)

    def account(self, name: str, publisher: str = "lindenbach") -> tuple[str, str]:
        """E-mail and password of a demo account: account("ana") is Ana of Lindenbach, Omar runs the house."""
        text = (self.folder / "demo-accounts.txt").read_text()
        found = re.search(rf"^({re.escape(name)}@(?:{re.escape(publisher)}|house)\.example)\s+(\S+)", text, flags=re.M)
        assert found, f"no demo account {name} of {publisher} in:\n{text}"
        return found.group(1), found.group(2)

    def soon(self, path: str, expected: str, seconds: float = 5.0) -> str:
        """The page as anybody gets it, as soon as it holds the words expected; fails after 5 s (edit to live)."""
        return self._until(path, lambda text: expected in text, f"say {expected!r}", seconds)

    def until_gone(self, path: str, words: str, seconds: float = 5.0) -> str:
        """The page as anybody gets it, as soon as it holds the words no more."""
        return self._until(path, lambda text: words not in text, f"stop saying {words!r}", seconds)

    def _until(self, path: str, right: Callable[[str], bool], what: str, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"{self.public}{path}", timeout=5) as answer:
                text: str = answer.read().decode()
            if right(text):
                return text
            time.sleep(0.2)
        raise AssertionError(f"{path} did not {what} within {seconds} s")

    def guide(self, slug: str, publisher: str = "lindenbach", tag: str = "en") -> tuple[int, str]:
        """Number and public address of a publisher's guide."""
        number, path = self.python(
            "from serai.rooms.guides.models import GuidePage\n"
            f"found = GuidePage.objects.filter(slug={slug!r}, organisation__key={publisher!r})\n"
            f"page = found.get(locale__language_code={tag!r})\n"
            "print(page.pk, page.url_path)"
        ).split()
        return int(number), f"/{tag}/guide/{path.removeprefix(f'/{tag}/')}"

    def code(self, email: str) -> str:
        """The six digits that the member of staff's phone would show now."""
        return self.command("staff", "code", email).split()[-1]
