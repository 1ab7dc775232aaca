"""A published page: by the house alone, behind nginx, by nginx with the same bytes, and rendered for each visitor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from .figures import Figure, median
from .house import ROOT, House, free_port, nginx
from .load import wrk
from .weight import guide, pages, squeezed

ROUNDS = 3
SECONDS = 4


def behind(house: House, port: int) -> str:
    """deploy/nginx.conf, filled in, without TLS."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = text[text.index("upstream") : text.rindex("server {")]
    text = re.sub(r"^\s*(ssl_\w+|listen \[::\]).*\n", "", text, flags=re.M)
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};").replace("error_log", "# error_log")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{house.port}").replace("<www.example.org>", house.name)
    text = text.replace("<desk.example.org>", "desk.example.org")
    return text.replace("/var/cache/serai/published", str(house.folder / "published"))


def same_bytes(house: House, port: int) -> str:
    """The plainest nginx there is, on the same files."""
    pages_of = next(house.folder.glob("published/*/pages"))
    return (
        f"server {{ listen 127.0.0.1:{port}; server_name same; access_log off; root {pages_of};\n"
        "location / { index index.html; brotli_static on; gzip_static on; } }"
    )


def measure(house: House, naive: House) -> Iterator[Figure]:
    """Runs are interleaved, so that a busy moment hits all alike; medians of the runs."""
    path = guide(pages(house), "en")
    house.get(path)
    squeezed(house)
    front, plain = free_port(), free_port()
    with ExitStack() as stack:
        stack.enter_context(nginx(house.folder, behind(house, front) + same_bytes(house, plain)))
        bodies = {house.get(path).body, house.get(path, port=front).body}
        if len(bodies) != 1 or not house.get(path, port=front).headers.get("server", "").startswith("nginx"):
            yield Figure("the same page from both", "differs", "the same bytes", False)
            return
        runs: dict[str, Callable[[], float]] = {
            "alone": lambda: wrk(f"http://127.0.0.1:{house.port}{path}", host=house.name, seconds=SECONDS),
            "behind": lambda: wrk(f"http://127.0.0.1:{front}{path}", host=house.name, seconds=SECONDS),
            "plain": lambda: wrk(f"http://127.0.0.1:{plain}{path}", host="same", seconds=SECONDS),
            "naive": lambda: wrk(f"http://127.0.0.1:{naive.port}{path}", host=naive.name, seconds=SECONDS),
        }
        found: dict[str, list[float]] = {name: [] for name in runs}
        cpu: list[float] = []
        for _ in range(ROUNDS):
            for name, run in runs.items():
                before = house.cpu_seconds()
                rate = run()
                found[name].append(rate)
                if name == "alone":
                    cpu.append((house.cpu_seconds() - before) / (rate * SECONDS))
    rates = {name: median(values) for name, values in found.items()}
    yield from _told(rates, median(cpu), len(bodies.pop()))


def _told(rates: dict[str, float], cpu: float, size: int) -> Iterator[Figure]:
    ratio = rates["behind"] / rates["plain"]
    yield Figure(
        f"a guide ({size:,} bytes brotli) by the house alone",
        f"{rates['alone']:,.0f} requests/s, {cpu * 1e6:,.0f} µs CPU each",
        "8,000 requests/s",
        rates["alone"] >= 8000,
        "wrk on the same cores",
    )
    yield Figure(
        "the same behind nginx (deploy/nginx.conf)",
        f"{rates['behind']:,.0f} requests/s, {ratio:.0%} of plain nginx",
        "90 %",
        ratio >= 0.9,
    )
    yield Figure("nginx with the same bytes, nothing else", f"{rates['plain']:,.0f} requests/s")
    yield Figure(
        "rendered by Django for each visitor (no files)",
        f"{rates['naive']:,.0f} requests/s",
        note=f"files are {rates['alone'] / rates['naive']:,.0f} times faster",
    )
