"""How heavy pages are for a phone: bytes over the wire and requests for the first view."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .figures import Figure
from .house import House, wait_until

LIMIT = 14 * 1024
MOST = 150
MORE_REQUESTS = re.compile(
    rb"<(?:img|script|iframe|audio|video|source|embed|object)\b[^>]*\ssrc=[^>]*>|<link[^>]+rel=\"?style"
)
LATER = re.compile(rb"loading=\"lazy\"|preload=\"none\"")
"""What is fetched when somebody scrolls to it or plays it, not for the first view."""

NOT_PAGES = (".txt", ".svg", ".pdf", ".png")


def pages(house: House) -> list[str]:
    """Public pages that can be reached from the first ones, at most MOST."""
    found = ["/", "/en/", "/ar/", "/ti/", "/bn/"]
    for path in found:
        if len(found) >= MOST:
            break
        for link in house.links(path):
            if link not in found and link.startswith(("/en/", "/ar/")) and not link.endswith(NOT_PAGES):
                found.append(link)
    return found[:MOST]


def squeezed(house: House) -> None:
    """Waits until the clock has given all pages their best compression."""
    waiting = house.folder.glob("published/*/light")
    folders = list(waiting)
    wait_until(lambda: not any(any(folder.iterdir()) for folder in folders), 90, "pages are squeezed")


def measure(house: House) -> Iterator[Figure]:
    """The named pages, then the heaviest of all."""
    paths = [path for path in pages(house) if house.get(path).status == 200]
    squeezed(house)
    weights = {path: first_view(house, path) for path in paths}
    rich = sum(bool(LATER.search(house.get(path, encoding="identity").body)) for path in paths)
    for name, path in named(paths).items():
        size, requests = weights[path]
        yield Figure(
            f"{name} `{path}`",
            f"{size:,} bytes, {requests} request{'s' if requests > 1 else ''}",
            "14 KB, 1 request",
            size <= LIMIT and requests == 1,
        )
    heaviest = max(weights, key=lambda path: weights[path][0])
    most = max(requests for _, requests in weights.values())
    yield Figure(
        f"heaviest of {len(weights)} pages, `{heaviest}`",
        f"{weights[heaviest][0]:,} bytes; at most {most} request{'s' if most > 1 else ''}",
        "14 KB, 1 request",
        weights[heaviest][0] <= LIMIT and most == 1,
        f"{rich} pages also have a picture or a recording, fetched when scrolled to or played",
    )


def first_view(house: House, path: str) -> tuple[int, int]:
    """Bytes of head and body as brotli, and how many requests the page makes by itself for its first view."""
    answer = house.get(path)
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    more = MORE_REQUESTS.findall(house.get(path, encoding="identity").body)
    return len(answer.body) + head, 1 + sum(not LATER.search(tag) for tag in more)


def named(paths: list[str]) -> dict[str, str]:
    """The pages a person meets: the first page, home in four scripts, a subject, a guide in two directions."""
    found = {"first page": "/", "home": "/en/", "home in Arabic": "/ar/"}
    found |= {"home in Tigrinya": "/ti/", "home in Bengali": "/bn/"}
    found |= {"a subject": next((path for path in paths if path.startswith("/en/topics/")), "/en/")}
    found |= {"a guide": guide(paths, "en"), "the same in Arabic": guide(paths, "ar")}
    return {name: path for name, path in found.items() if path in paths}


def guide(paths: list[str], language: str) -> str:
    """The first guide page found, deeper than a publisher's home."""
    start = f"/{language}/guide/"
    return next((path for path in paths if path.startswith(start) and path.count("/") >= 5), f"/{language}/")
