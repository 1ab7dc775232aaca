"""pack.yaml: what a pack says of itself. Unknown keys are refused: a misspelt key must not be lost silently."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from serai.kernel.languages.registry import known
from serai.kernel.languages.registry import language as language_of
from serai.kernel.register.ports import PackProblem

from .yaml_text import Lined, read_yaml

FILE = "pack.yaml"
NAME = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$")
VERSION = re.compile(r"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$")
LICENCE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.+-]{1,60}$")
NEEDED = ("pack", "version", "publisher", "languages", "countries", "licence")
OPTIONAL = ("fictional", "requires")


@dataclass(frozen=True)
class Head:
    """A pack.yaml that is right. languages[0] is the original; requires maps a pack to the least version."""

    pack: str
    version: str
    publisher: str
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    licence: str
    fictional: bool = False
    requires: dict[str, str] = field(default_factory=dict)

    def mapping(self) -> dict[str, Any]:
        """The same as plain data, as PACK_PARTS get it."""
        return {
            "pack": self.pack,
            "version": self.version,
            "publisher": self.publisher,
            "languages": list(self.languages),
            "countries": list(self.countries),
            "licence": self.licence,
            "fictional": self.fictional,
            "requires": dict(self.requires),
        }

    def text(self) -> str:
        """The same as pack.yaml in its normal form."""
        lines = [
            f"pack: {self.pack}",
            f"version: {self.version}",
            f"publisher: {self.publisher}",
            f"languages: [{', '.join(self.languages)}]",
            f"countries: [{', '.join(self.countries)}]",
            f"licence: {self.licence}",
        ]
        if self.fictional:
            lines.append("fictional: true")
        if self.requires:
            rows = ", ".join(f"{pack}: {version}" for pack, version in self.requires.items())
            lines.append(f"requires: {{{rows}}}")
        return "\n".join(lines) + "\n"


def version_key(version: str) -> tuple[int, int, int]:
    """For comparing versions: 1.10.0 is newer than 1.9.0."""
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, and XA to XZ, which are free for invented places."""
    not_countries = {"EU", "EZ", "UN", "ZZ", "QO"}
    real: set[str] = {code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)}
    return frozenset((real - not_countries) | {f"X{chr(letter)}" for letter in range(ord("A"), ord("Z") + 1)})


def read_head(text: bytes | None) -> tuple[Head | None, list[PackProblem]]:
    """The head, or None when something is wrong with it; and all that is wrong."""
    if text is None:
        cure = _("Make a file pack.yaml in the pack's folder; docs/packs.md shows one.")
        return None, [PackProblem(FILE, 0, "head-missing", _("There is no pack.yaml: this is not a pack."), cure)]
    try:
        lined = read_yaml(text.decode("utf-8"))
    except UnicodeDecodeError:
        return None, [PackProblem(FILE, 0, "not-utf8", _("This file is not UTF-8 text."), _("Save it as UTF-8."))]
    if lined.wrong:
        return None, lined.problems(FILE)
    if not isinstance(lined.value, dict):
        cure = _("Write one “key: value” on each line; docs/packs.md lists the keys.")
        return None, [PackProblem(FILE, 1, "head-shape", _("pack.yaml is a list of keys and values."), cure)]
    return _checked(lined)


def _checked(lined: Lined) -> tuple[Head | None, list[PackProblem]]:
    found = [*_keys(lined)]
    for name, check in CHECKS.items():
        if name in lined.value:
            found += check(lined, name)
    found.sort(key=lambda problem: problem.line)
    if found:
        return None, found
    rows = lined.value
    spelt = tuple(language_of(tag).tag for tag in rows["languages"])
    return Head(
        rows["pack"],
        rows["version"],
        rows["publisher"],
        spelt,
        tuple(rows["countries"]),
        rows["licence"],
        rows.get("fictional", False),
        dict(rows.get("requires") or {}),
    ), []


def _keys(lined: Lined) -> list[PackProblem]:
    found = []
    for key in lined.value:
        if key not in (*NEEDED, *OPTIONAL):
            says = _("pack.yaml has no key “%(key)s”.") % {"key": key}
            cure = _("Take it out, or write one of: %(keys)s.") % {"keys": ", ".join((*NEEDED, *OPTIONAL))}
            found.append(PackProblem(FILE, lined.line(key), "key-unknown", says, cure))
    for key in NEEDED:
        if key not in lined.value:
            says = _("The key “%(key)s” is missing.") % {"key": key}
            found.append(PackProblem(FILE, 1, "key-missing", says, _("Add it; docs/packs.md says what it holds.")))
    return found


def _problem(lined: Lined, code: str, says: str, cure: str, *where: str | int) -> PackProblem:
    return PackProblem(FILE, lined.line(*where), code, says, cure)


def _name(lined: Lined, key: str) -> list[PackProblem]:
    value = lined.value[key]
    if isinstance(value, str) and NAME.match(value):
        return []
    says = _("“%(value)s” cannot be the name of a pack or publisher.") % {"value": value}
    return [_problem(lined, "name-wrong", says, _("Use a to z, 0 to 9 and -, at most 80 characters."), key)]


def _version(lined: Lined, key: str) -> list[PackProblem]:
    value = lined.value[key]
    if isinstance(value, str) and VERSION.match(value):
        return []
    says = _("“%(value)s” is not a version.") % {"value": value}
    return [_problem(lined, "version-wrong", says, _("Write three numbers with points between them: 1.0.0"), key)]


def _languages(lined: Lined, key: str) -> list[PackProblem]:
    rows = lined.value[key]
    if not isinstance(rows, list) or not rows:
        says = _("A pack says in which languages it is written.")
        return [_problem(lined, "languages-wrong", says, _("Write a list, the original first: [en, ar]"), key)]
    found = []
    for index, tag in enumerate(rows):
        if not isinstance(tag, str) or not known(tag):
            says = _("The house does not know the language “%(tag)s”.") % {"tag": tag}
            cure = _("Write its BCP 47 tag. A new language is a row in kernel/languages/languages.yaml.")
            found.append(_problem(lined, "language-unknown", says, cure, key, index))
        elif tag.lower() in [str(other).lower() for other in rows[:index]]:
            says = _("The language “%(tag)s” stands here twice.") % {"tag": tag}
            found.append(_problem(lined, "language-twice", says, _("Keep one of the two."), key, index))
    return found


def _countries(lined: Lined, key: str) -> list[PackProblem]:
    rows = lined.value[key]
    if not isinstance(rows, list):
        says = _("“countries” is a list; it may be empty.")
        return [_problem(lined, "countries-wrong", says, _("Write for example [KE, UG] or []."), key)]
    return [
        _problem(
            lined,
            "country-unknown",
            _("“%(code)s” is not a country of ISO 3166-1.") % {"code": code},
            _("Write two capital letters, such as KE; XA to XZ are free for invented places."),
            key,
            index,
        )
        for index, code in enumerate(rows)
        if code not in countries()
    ]


def _licence(lined: Lined, key: str) -> list[PackProblem]:
    value = lined.value[key]
    if isinstance(value, str) and LICENCE.match(value):
        return []
    says = _("“%(value)s” is not the short name of a licence.") % {"value": value}
    return [_problem(lined, "licence-wrong", says, _("Write its SPDX name, such as CC-BY-4.0."), key)]


def _fictional(lined: Lined, key: str) -> list[PackProblem]:
    if isinstance(lined.value[key], bool):
        return []
    return [_problem(lined, "fictional-wrong", _("“fictional” is true or false."), _("Write true or false."), key)]


def _requires(lined: Lined, key: str) -> list[PackProblem]:
    rows = lined.value[key]
    cure = _("Write the pack and the least version: {topics: 1.0.0}")
    if not isinstance(rows, dict):
        return [_problem(lined, "requires-wrong", _("“requires” names packs and versions."), cure, key)]
    found = []
    for pack, version in rows.items():
        if not NAME.match(pack) or not isinstance(version, str) or not VERSION.match(version):
            says = _("“%(pack)s: %(version)s” is not a pack and a version.") % {"pack": pack, "version": version}
            found.append(_problem(lined, "requires-wrong", says, cure, key, pack))
        elif pack == lined.value.get("pack"):
            found.append(_problem(lined, "requires-itself", _("A pack cannot require itself."), _("Take it out."), key))
    return found


CHECKS: dict[str, Callable[[Lined, str], list[PackProblem]]] = {
    "pack": _name,
    "version": _version,
    "publisher": _name,
    "languages": _languages,
    "countries": _countries,
    "licence": _licence,
    "fictional": _fictional,
    "requires": _requires,
}
