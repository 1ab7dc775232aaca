"""axe-core in the page: what keeps somebody out who hears, magnifies or types instead of pointing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

FILE = Path(__file__).parents[1] / "browser" / "node_modules" / "axe-core" / "axe.min.js"
RUN = "() => axe.run(document, {resultTypes: ['violations']})"
HREFS = "links => links.map(link => link.getAttribute('href'))"


@cache
def _program() -> str:
    return FILE.read_text()


def with_axe(page: Any) -> Any:
    """The same page; axe comes along to each address that it opens from now on."""
    page.context.add_init_script(path=FILE)
    return page


def obstacles(page: Any) -> list[str]:
    """Every rule of axe that the page breaks, with the first place; and whether it scrolls sideways.

    The page is `with_axe`; where it brings an axe of its own, as Wagtail's editor does, ours is put back.
    """
    if "/editor/" in page.url:
        page.wait_for_load_state("networkidle")  # what a program builds is judged when it stands
        page.evaluate(_program())
    found = [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in page.evaluate(RUN)["violations"]]
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [*found, f"scrolls sideways: {wide} > {window}"] if wide > window else found


@dataclass
class Walk:
    """Pages of one host, so many of each kind: the kind is the address with numbers and names of things taken out."""

    base: str
    passed_by: re.Pattern[str] | None = None
    """Addresses that are no pages: files to take home, the way out."""
    names: re.Pattern[str] | None = None
    """Parts of an address that name one of many alike."""
    often: int = 1
    """How many of one kind are opened."""
    kinds: Counter[str] = field(default_factory=Counter)

    def pages(self, page: Any, starts: list[str]) -> Iterator[str]:
        """Opens one page after the other and gives its path; follows every link of the same host."""
        waiting, seen = list(starts), set(starts)
        while waiting:
            path = waiting.pop(0)
            if path not in starts and self._known(path):
                continue
            answer = page.goto(self.base + path)
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            yield path
            for href in page.eval_on_selector_all("a[href]:not([download])", HREFS):
                target = urlsplit(urldefrag(urljoin(self.base + path, href))[0])
                where = target.path + (f"?{target.query}" if target.query else "")
                if f"{target.scheme}://{target.netloc}" == self.base and where not in seen:
                    seen.add(where)
                    waiting.append(where)

    def _known(self, path: str) -> bool:
        if self.passed_by and self.passed_by.search(path):
            return True
        kind = kind_of(self.names.sub("/~/", path) if self.names else path)  # "#" would begin a fragment
        self.kinds[kind] += 1
        return self.kinds[kind] > self.often


def kind_of(path: str) -> str:
    """`/guides/17/?page=2` is of the kind `/guides/#/?page`."""
    parts = urlsplit(path)
    names = "&".join(sorted(parse_qs(parts.query, keep_blank_values=True)))
    return re.sub(r"/(?:\d+|[0-9a-f-]{32,36})(?=/)", "/#", parts.path) + (f"?{names}" if names else "")
