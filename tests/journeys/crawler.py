"""Walks the public host as a stranger's browser would: every page that a link reaches."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What matters of a page: structure, links, what it loads, what it asks for."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html: dict[str, str | None] = {}
        self.h1: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.styled: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.handlers: list[str] = []
        self._in_label = 0
        self._in_h1 = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.html = values
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if "style" in values:
            self.styled.append(tag)
        self.handlers += [name for name in values if name.startswith("on")]
        self._structure(tag, values)

    def _structure(self, tag: str, values: dict[str, str | None]) -> None:
        if tag == "h1":
            self.h1.append("")
            self._in_h1 = True
        elif tag == "a" and values.get("href"):
            self.links.append(values)
        elif tag == "label":
            self._in_label += 1
            if values.get("for"):
                self.labels.add(str(values["for"]))
        elif tag in {"img", "script", "iframe", "audio", "video", "source", "embed"} and values.get("src"):
            self.loads.append(str(values["src"]))
        elif tag == "link" and values.get("rel") not in {"canonical", "alternate"}:
            self.loads.append(str(values.get("href")))
        if tag in {"input", "select", "textarea"} and values.get("type") not in {"hidden", "submit"}:
            self.fields.append({**values, "_in_label": "yes" if self._in_label else ""})

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label -= 1
        if tag == "h1":
            self._in_h1 = False

    def handle_data(self, data: str) -> None:
        if self._in_h1:
            self.h1[-1] += data

    def unlabelled(self) -> list[str]:
        """Fields that nobody names."""
        return [
            str(row.get("name"))
            for row in self.fields
            if not (
                row["_in_label"] or row.get("id") in self.labels or row.get("aria-label") or row.get("aria-labelledby")
            )
        ]


@dataclass
class Answer:
    """One answer of the server, as it came over the line."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes
    size: int
    came_from: str = ""

    @cached_property
    def page(self) -> Page:
        """What matters of it, read once."""
        return Page(self.body.decode())


@dataclass
class Crawl:
    """All answers of a walk."""

    answers: dict[str, Answer] = field(default_factory=dict)


def fetch(host: str, path: str, encoding: str = "br") -> Answer:
    """One request. Decompresses; size is what travelled."""
    import brotli

    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    raw = response.read()
    headers = {name.lower(): value for name, value in response.getheaders()}
    connection.close()
    body = brotli.decompress(raw) if headers.get("content-encoding") == "br" else raw
    return Answer(path, response.status, headers, body, len(raw))


def crawl(base: str, start: str = "/", limit: int = 2000, within: str = "/") -> Crawl:
    """Follows every link on the same host from `start`, if its path matches `within`; stops at `limit` pages."""
    host = urlsplit(base).netloc
    walk, waiting, seen = Crawl(), [(start, "")], {start}
    while waiting and len(walk.answers) < limit:
        path, came_from = waiting.pop(0)
        answer = fetch(host, path)
        answer.came_from = came_from
        walk.answers[path] = answer
        if "text/html" not in answer.headers.get("content-type", "") or answer.status != 200:
            continue
        for link in answer.page.links:
            target = urlsplit(urldefrag(urljoin(f"{base}{path}", str(link["href"])))[0])
            where = quote(unquote(target.path)) + (f"?{target.query}" if target.query else "")
            if target.netloc == host and where not in seen and re.match(within, where):
                seen.add(where)
                waiting.append((where, path))
    return walk
