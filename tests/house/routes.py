"""All addresses of both hosts, walked from the URL configurations themselves, each with an example address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RegexPattern, RoutePattern

EXAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "987654",
    "slug": "no-such-thing",
    "str": "no-such-thing",
    "path": "no/such/thing",
    "lang": "en",
}
URLCONFS = {"public": settings.ROOT_URLCONF, "desk": settings.SERAI_DESK_URLCONF}


@dataclass(frozen=True)
class Walked:
    """One address. example resolves to the very pattern, or to one that stands before it and hides it."""

    host: str
    name: str
    example: str
    has_arguments: bool
    callback: Any

    @property
    def match(self) -> ResolverMatch:
        """What the example really leads to."""
        return resolve(self.example, URLCONFS[self.host])


@lru_cache(maxsize=2)
def walked(host: str) -> tuple[Walked, ...]:
    """Every address of a host."""
    return tuple(_walk(host, get_resolver(URLCONFS[host]), "/", (), False))


def every_address() -> list[Walked]:
    """Every address of both hosts."""
    return [*walked("public"), *walked("desk")]


def _walk(host: str, resolver: URLResolver, prefix: str, spaces: tuple[str, ...], arguments: bool) -> Iterator[Walked]:
    for entry in resolver.url_patterns:
        example, filled = _example(entry.pattern, by_number=prefix.startswith("/editor/"))
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(host, entry, prefix + example, inner, arguments or filled)
        elif isinstance(entry, URLPattern):
            name = ":".join([*spaces, entry.name or entry.lookup_str])
            yield Walked(host, name, prefix + example, arguments or filled, entry.callback)


def _example(pattern: Any, by_number: bool) -> tuple[str, bool]:
    """by_number: Wagtail writes `str` where its own models have numbers, and stumbles over a word there."""
    examples = {**EXAMPLES, "str": EXAMPLES["int"]} if by_number else EXAMPLES
    if isinstance(pattern, RoutePattern):
        text = str(pattern)
        filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: examples[found[1] or "str"], text)
        return filled, filled != text
    assert isinstance(pattern, RegexPattern), pattern
    text = str(pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
    filled = re.sub(r"\(\?P<\w+>((?:[^()]|\([^()]*\))*)\)", lambda found: _of_regex(found[1]), text)
    return filled.replace("\\", ""), filled != text


def _of_regex(inside: str) -> str:
    """An example for one group: the numbers and words that Wagtail's patterns ask for."""
    for candidate in ("987654", "live", "no-such-thing", "x"):
        if re.fullmatch(inside, candidate):
            return candidate
    raise AssertionError(f"no example for the pattern {inside}")
