"""A real OpenID provider in a process of its own, and a browser that walks there and back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests


class Provider:
    """The provider at an address, as its administrator sees it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def knows(self, identity: str, **claims: Any) -> None:
        """Sets what it says of a person."""
        answer = requests.put(f"{self.address}/users/{identity}", json=claims, timeout=10)
        assert answer.status_code == 204, answer.text

    def consents(self, authorize: str, identity: str) -> str:
        """The person says yes at the provider; returns the address she is sent back to."""
        answer = requests.post(authorize, data={"sub": identity}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Starts the provider on a free port of this machine and stops it again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    environment = {**os.environ, "NO_COLOR": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _ready(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def _ready(process: subprocess.Popen[bytes], address: str) -> Provider:
    for _try in range(200):
        assert process.poll() is None, "the provider did not start"
        try:
            if requests.get(f"{address}/.well-known/openid-configuration", timeout=1).ok:
                return Provider(address)
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the provider does not answer")


def path_of(address: str) -> str:
    """Path and query: what the test browser asks for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
