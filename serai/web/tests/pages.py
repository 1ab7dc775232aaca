"""Reads a page as a test wants it: language, headings, links, forms and what must not be there."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import Any

import brotli
from bs4 import BeautifulSoup

BUDGET = 14 * 1024


def read(response: Any) -> BeautifulSoup:
    """The page of an answer."""
    return BeautifulSoup(response.content.decode(), "html.parser")


def words(page: Any) -> str:
    """All text, with single spaces."""
    return re.sub(r"\s+", " ", page.get_text(" ")).strip()


def faults(response: Any) -> list[str]:
    """All that is wrong with a public page, whatever it is about."""
    page, html = read(response), response.content.decode()
    style = page.find("style").string
    digest = b64encode(sha256(style.encode()).digest()).decode()
    found = {
        "not one h1": len(page.find_all("h1")) == 1,
        "h1 is empty": bool(words(page.h1)),
        "no lang or dir": bool(page.html.get("lang")) and page.html.get("dir") in {"ltr", "rtl"},
        "no title": bool(page.title.string.split("·")[0].strip()),
        "a cookie": not response.cookies,
        "a script": not page.find_all("script") and not re.search(r"\son\w+=", html),
        "inline style": not page.find_all(style=True) and len(page.find_all("style")) == 1,
        "another file": not page.find_all(["img", "iframe", "object", "embed"])
        and all(link["href"].startswith("data:") for link in page.find_all("link")),
        "style not named by the CSP": f"'sha256-{digest}'" in response.headers["Content-Security-Policy"],
        "too heavy": len(brotli.compress(response.content, quality=9)) < BUDGET,
        "a field without a label": all(
            page.find("label", attrs={"for": field.get("id")}) for field in page.select("input:not([type=hidden])")
        ),
        "an empty link": all(words(link) for link in page.find_all("a")),
        "two things with one id": len(ids := [tag["id"] for tag in page.find_all(id=True)]) == len(set(ids)),
        "a link to nothing on the page": all(page.find(id=link["href"][1:]) for link in page.select('a[href^="#"]')),
        "no way out": len(page.select(".top a.exit[rel=noreferrer]")) == 1,
        "no human at the end": bool(page.select(".foot a.talk")),
        "no human near the top": len(page.select("header a.human")) == 1,
        "a heading is left out": _in_order(page),
    }
    return [fault for fault, fine in found.items() if not fine]


def _in_order(page: BeautifulSoup) -> bool:
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
    return levels[0] == 1 and all(later - earlier <= 1 for earlier, later in pairwise(levels))
