"""What one rendering costs: CPU of the web server for a page that is not a file."""

from __future__ import annotations

from collections.abc import Iterator

from .figures import Figure, median
from .house import House
from .weight import named, pages

TIMES = 40
ROUNDS = 3
AIM = 0.015


def measure(naive: House) -> Iterator[Figure]:
    """naive: a house with SERAI_PUBLISH=0. Compression for the visitor is counted in."""
    for name, path in named(pages(naive)).items():
        for _ in range(8):  # both web processes have loaded what they need
            naive.get(path)
        runs = []
        for _ in range(ROUNDS):
            before = naive.cpu_seconds()
            for _ in range(TIMES):
                naive.get(path)
            runs.append((naive.cpu_seconds() - before) / TIMES)
        cost = median(runs)
        yield Figure(f"{name} `{path}` rendered afresh", f"{cost * 1000:.1f} ms CPU", "15 ms", cost <= AIM)
