"""A published page: by the house alone, behind nginx, by nginx with the same bytes, and rendered for each visitor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .figures import Figure, median
from .house import ROOT, House, free_port, nginx
from .load import wrk
from .weight import guide, pages, squeezed

ROUNDS = 5
SECONDS = 3


@dataclass(frozen=True)
class Run:
    """One run of wrk: requests per second, and CPU seconds of the server under test for each."""

    rate: float
    cpu: float


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
    """The plainest nginx there is, giving the same answer: the same files with the same headers."""
    return (
        f"server {{ listen 127.0.0.1:{port}; server_name same; access_log off; charset utf-8; location / {{\n"
        f"include {house.folder}/published/nginx-pages.conf; index index.html; brotli_static on; gzip_static on; }} }}"
    )


def measure(house: House, naive: House) -> Iterator[Figure]:
    """Runs are interleaved, so that a busy moment hits all alike; medians of the runs and of their ratios."""
    path = guide(pages(house), "en")
    house.get(path)
    squeezed(house)
    front, plain = free_port(), free_port()
    with nginx(house.folder, behind(house, front) + same_bytes(house, plain)) as front_cpu:
        bodies = {house.get(path).body, house.get(path, port=front).body}
        if len(bodies) != 1 or not house.get(path, port=front).headers.get("server", "").startswith("nginx"):
            yield Figure("the same page from both", "differs", "the same bytes", False)
            return
        ways = {
            "alone": (house.port, house.name, house.cpu_seconds),
            "behind": (front, house.name, front_cpu),
            "plain": (plain, "same", front_cpu),
            "naive": (naive.port, naive.name, naive.cpu_seconds),
        }
        found: dict[str, list[Run]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, (port, host, cpu) in ways.items():
                found[name].append(_run(f"http://127.0.0.1:{port}{path}", host, cpu))
    yield from _told(found, len(bodies.pop()))


def _run(url: str, host: str, cpu: Callable[[], float]) -> Run:
    before = cpu()
    rate = wrk(url, host=host, seconds=SECONDS)
    return Run(rate, (cpu() - before) / (rate * SECONDS))


def _told(found: dict[str, list[Run]], size: int) -> Iterator[Figure]:
    rate = {name: median([run.rate for run in runs]) for name, runs in found.items()}
    cost = {name: f"{median([run.cpu for run in runs]) * 1e6:,.0f} µs CPU each" for name, runs in found.items()}
    ratio = median([ours.rate / plain.rate for ours, plain in zip(found["behind"], found["plain"], strict=True)])
    yield Figure(
        f"a guide ({size:,} bytes brotli) by the house alone",
        f"{rate['alone']:,.0f} requests/s, {cost['alone']}",
        "8,000 requests/s",
        rate["alone"] >= 8000,
    )
    yield Figure(
        "the same behind nginx (deploy/nginx.conf)",
        f"{rate['behind']:,.0f} requests/s, {cost['behind']}; {ratio:.0%} of plain nginx",
        "90 %",
        ratio >= 0.9,
        "median of the ratios run by run",
    )
    yield Figure(
        "nginx with the same bytes (head and body), nothing else",
        f"{rate['plain']:,.0f} requests/s, {cost['plain']}",
    )
    yield Figure(
        "rendered by Django for each visitor (no files)",
        f"{rate['naive']:,.0f} requests/s, {cost['naive']}",
        note=f"files are {rate['alone'] / rate['naive']:,.0f} times faster",
    )
