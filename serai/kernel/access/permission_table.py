"""The permission table as people can read it: which pages there are, and who may come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from serai.kernel.register.house import manifests, roles
from serai.kernel.register.manifest import ANYONE, SIGNED_IN, Permission

from .routes import routes_of


@dataclass(frozen=True)
class Line:
    """One row. address: path on its host; who: in words, sorted."""

    address: str
    host: str
    who: tuple[str, ...]
    why: str
    before_second_factor: bool


@dataclass(frozen=True)
class Section:
    """The rows of one part of the house."""

    title: Any
    lines: tuple[Line, ...]


def permission_table() -> list[Section]:
    """All rows of the house, by part."""
    addresses: dict[tuple[str, str], list[str]] = {}
    for host, urlconf in (("public", settings.ROOT_URLCONF), ("desk", settings.SERAI_DESK_URLCONF)):
        for route in routes_of(host, urlconf):  # type: ignore[arg-type]
            addresses.setdefault((route.host, route.name), []).append(route.pattern)
    sections = []
    for manifest in manifests():
        lines = [_line(row, addresses.get((row.host, row.route), [row.route])) for row in manifest.permissions]
        if lines:
            ordered = sorted(lines, key=lambda line: (line.host, line.address))
            sections.append(Section(manifest.title, tuple(ordered)))
    return sections


def _line(row: Permission, addresses: list[str]) -> Line:
    return Line(" ".join(addresses), row.host, tuple(sorted(_words(row.roles))), str(row.why), row.before_second_factor)


def _words(keys: frozenset[str]) -> list[str]:
    said = {ANYONE: _("Everybody, without an account"), SIGNED_IN: _("All staff")}
    if not keys:
        return [_("Nobody: this part is closed")]
    return [said.get(key) or str(roles()[key].title if key in roles() else key) for key in keys]
