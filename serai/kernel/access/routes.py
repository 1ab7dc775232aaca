"""All addresses of a host as they stand in its URL configuration: for the permission table that people can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from serai.kernel.register.manifest import Host


@dataclass(frozen=True)
class Route:
    """One address. name: as permission rows write it; pattern: the address with its parameters."""

    host: Host
    name: str
    pattern: str


def routes_of(host: Host, urlconf: str) -> list[Route]:
    """Every address of one host."""
    return list(_walk(host, get_resolver(urlconf), "/", ()))


def _walk(host: Host, resolver: URLResolver, prefix: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(host, entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield Route(host, ":".join([*spaces, entry.name or entry.lookup_str]), pattern)
