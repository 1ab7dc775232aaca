"""Scratch houses that really run, with the demo content, and what answers in front of them."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERAI = [sys.executable, "-c", "from serai.config.cli import main; main()"]
BROTLI_MODULE = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
LINK = re.compile(rb'href="(/[^"#?]*)"')


class CannotMeasure(RuntimeError):
    """Something that a section needs is not there; says what."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until something became true. Raises CannotMeasure."""
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > seconds:
            raise CannotMeasure(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.01)
    return time.monotonic() - start


@dataclass(frozen=True)
class Answer:
    """Status, headers in lower case, bytes as they came."""

    status: int
    headers: dict[str, str]
    body: bytes


class House:
    """A data folder, a port, and the processes in between. more: further environment."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.more = more
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """The public host."""
        return self.more.get("SERAI_PUBLIC_HOST", f"127.0.0.1:{self.port}")

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the house that runs on this machine."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SERAI_", "DJANGO_", "PORT"))}
        own = {"SERAI_DATA": str(self.folder), "PORT": str(self.port)}
        return {"DJANGO_SETTINGS_MODULE": "serai.config.settings", **kept, **own, **self.more}

    def run(self, *arguments: str, seconds: float = 600) -> subprocess.CompletedProcess[str]:
        """A `serai` command. Raises CannotMeasure with what it said."""
        return self._run([*SERAI, *arguments], seconds)

    def python(self, code: str, seconds: float = 120) -> str:
        """A few lines with Django set up; returns what they print."""
        return self._run([sys.executable, "-c", f"import django; django.setup()\n{code}"], seconds).stdout

    def _run(self, command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        if done.returncode:
            raise CannotMeasure(f"{command[-1][:60]}: {(done.stderr or done.stdout).strip()[-300:]}")
        return done

    @contextmanager
    def serving(self, workers: int = 2) -> Iterator[House]:
        """The running house."""
        log = (self.folder / "serve.log").open("ab")
        command = [*SERAI, "serve", "--workers", str(workers)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        try:
            wait_until(self.answers, 90, "the house answers")
            yield self
        finally:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)

    def answers(self) -> bool:
        """Whether the first page comes."""
        try:
            return self.get("/").status == 200
        except OSError:
            return False

    def get(self, path: str, encoding: str = "br", port: int = 0) -> Answer:
        """One request."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", self.name)
        connection.putheader("Accept-Encoding", encoding)
        connection.endheaders()
        response = connection.getresponse()
        found = Answer(response.status, {name.lower(): text for name, text in response.getheaders()}, response.read())
        connection.close()
        return found

    def links(self, path: str) -> list[str]:
        """Addresses of this house that a page leads to, in order."""
        found = LINK.findall(self.get(path, encoding="identity").body)
        return list(dict.fromkeys(link.decode() for link in found))

    def cpu_seconds(self) -> float:
        """CPU that the web server's processes have used so far (user and system)."""
        return sum(_cpu(pid) for pid in _tree(self.process.pid) if _is_web(pid)) if self.process else 0.0


def _tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    below = children.read_text().split() if children.exists() else []
    return [pid, *(found for child in below for found in _tree(int(child)))]


def _is_web(pid: int) -> bool:
    return Path(f"/proc/{pid}/comm").read_text().strip() == "serai-web"


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def scratch(prefix: str) -> Iterator[Path]:
    """A folder that is gone afterwards; readable by all, so that a web server in front may read pages."""
    folder = Path(tempfile.mkdtemp(prefix=f"serai-bench-{prefix}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def nginx(folder: Path, servers: str) -> Iterator[Callable[[], float]]:
    """nginx with the given http-level configuration, two workers, nothing logged; gives its CPU seconds so far."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists() or not BROTLI_MODULE.exists():
        raise CannotMeasure("nginx with its brotli module is not installed")
    user = "user root;\n" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"load_module {BROTLI_MODULE};\n{user}worker_processes 2;\npid {folder}/nginx.pid;\ndaemon off;\n"
        f"error_log {folder}/nginx.log crit;\nevents {{ worker_connections 1024; }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\nsendfile on;\ntcp_nopush on;\n{servers}\n}}\n"
    )
    process = subprocess.Popen([program, "-c", str(file)], stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        if process.poll() is not None:
            raise CannotMeasure(f"nginx does not start: {(folder / 'nginx.log').read_text()[-300:]}")
        yield lambda: sum(_cpu(pid) for pid in _tree(process.pid))
    finally:
        process.terminate()
        process.wait(20)
