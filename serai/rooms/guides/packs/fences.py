"""Special blocks of a guide in Markdown: fences whose word is the kind and whose inside is YAML (docs/packs.md).

Each kind has one table of its keys; reading, checking and writing follow that table, so that what is written is what
is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from serai.kernel.languages.registry import known
from serai.lib.direction import problems_in_link, visible
from serai.lib.money import MoneyRefused, parse_money

UNITS = ("days", "working_days", "weeks", "months", "years")


@dataclass(frozen=True)
class Wrong:
    """Something wrong in a guide's text, before the file's name is known."""

    line: int
    code: str
    says: str
    cure: str


@dataclass(frozen=True)
class Key:
    """One key of a fence: its name in the block, whether it must be there, what it may hold."""

    name: str
    needed: bool = False
    kind: str = "text"


KINDS: dict[str, dict[str, Key]] = {
    "steps": {"title": Key("title"), "items": Key("steps", True, "steps")},
    "warning": {"title": Key("title", True), "text": Key("text", True)},
    "contact": {
        "name": Key("name", True),
        "phone": Key("phone"),
        "email": Key("email"),
        "url": Key("url", kind="url"),
        "address": Key("address"),
        "hours": Key("hours"),
        "languages": Key("languages", kind="languages"),
        "note": Key("note"),
    },
    "fee": {
        "for": Key("what", True),
        "amount": Key("amount", True, "amount"),
        "currency": Key("currency", True),
        "payee": Key("payee", True),
        "source_name": Key("source_name", True),
        "source_url": Key("source_url", True, "url"),
        "note": Key("note"),
    },
    "deadline": {
        "what": Key("what", True),
        "number": Key("number", True, "number"),
        "unit": Key("unit", True, "unit"),
        "from": Key("from_event", True),
        "source_name": Key("source_name", True),
        "source_url": Key("source_url", True, "url"),
        "note": Key("note"),
    },
    "documents": {"title": Key("title"), "items": Key("items", True, "papers")},
    "service": {"name": Key("name", True), "what": Key("what", True), "ref": Key("ref"), "url": Key("url", kind="url")},
    "picture": {"file": Key("image", True, "file"), "alt": Key("alt", True), "caption": Key("caption")},
    "audio": {"file": Key("file", True, "file"), "title": Key("title", True), "transcript": Key("transcript", True)},
    "video": {
        "url": Key("url", True, "url"),
        "title": Key("title", True),
        "minutes": Key("minutes", True, "number"),
        "size_mb": Key("size_mb", True, "number"),
    },
}
FILE_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$")
PAPER = {"name", "note", "optional"}


def read_fence(
    kind: str, inside: Any, line: int, lines: Mapping[Any, int]
) -> tuple[dict[str, Any] | None, list[Wrong]]:
    """The block's value (a picture's or recording's file as its name), and all that is wrong.

    inside: what the fence holds, as plain data; line: where the fence begins; lines: those of its keys.
    """
    if kind not in KINDS:
        says = _("There is no block “%(kind)s”.") % {"kind": visible(kind)[:40]}
        cure = _("Write one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)}
        return None, [Wrong(line, "block-unknown", says, cure)]
    rows = {"items": inside} if kind == "steps" and isinstance(inside, list) else inside
    if not isinstance(rows, dict):
        says = _("The block “%(kind)s” holds keys and values.") % {"kind": kind}
        return None, [Wrong(line, "block-shape", says, _cure_of(kind))]
    wrong = list(_keys_wrong(kind, rows, line, lines))
    value = {key.name: _empty(key.kind) for key in KINDS[kind].values()}
    for name, key in KINDS[kind].items():
        if rows.get(name) in (None, ""):
            continue
        try:
            value[key.name] = READERS[key.kind](rows[name])
        except Refused as refused:
            wrong.append(Wrong(lines.get(name, line), refused.code, refused.says, refused.cure))
    wrong += _as_a_whole(kind, value, line)
    return (None if wrong else value), wrong


def write_fence(kind: str, value: Mapping[str, Any]) -> Any:
    """What the fence holds in its normal form, as plain data; a picture's or recording's file is given as its name."""
    rows = {}
    for name, key in KINDS[kind].items():
        if value.get(key.name) not in (None, "", []):
            rows[name] = WRITERS.get(key.kind, str)(value[key.name])
    return rows["items"] if kind == "steps" and set(rows) == {"items"} else rows


class Refused(ValueError):
    """One value is not what its key holds."""

    def __init__(self, code: str, says: str, cure: str) -> None:
        super().__init__(says)
        self.code, self.says, self.cure = code, says, cure


def _keys_wrong(kind: str, rows: Mapping[str, Any], line: int, lines: Mapping[Any, int]) -> Iterator[Wrong]:
    for name in rows:
        if name not in KINDS[kind]:
            says = _("The block “%(kind)s” has no key “%(key)s”.") % {"kind": kind, "key": visible(str(name))[:40]}
            yield Wrong(lines.get(name, line), "key-unknown", says, _cure_of(kind))
    for name, key in KINDS[kind].items():
        if key.needed and rows.get(name) in (None, "", []):
            values = {"kind": kind, "key": name}
            says = _("The block “%(kind)s” needs the key “%(key)s”.") % values
            code = "fee-without-source" if name.startswith("source_") else "key-missing"
            cure = _("Add it. A fee or a deadline without its source is not shown to anybody.")
            yield Wrong(line, code, says, cure if name.startswith("source_") else _("Add it with its text."))


def _as_a_whole(kind: str, value: Mapping[str, Any], line: int) -> Iterator[Wrong]:
    if kind == "contact" and not any(value[name] for name in ("phone", "email", "url", "address")):
        says = _("Nobody can reach this contact.")
        yield Wrong(line, "contact-empty", says, _("Give at least one of phone, email, url and address."))
    if kind == "fee" and value["amount"] and value["currency"]:
        try:
            parse_money(value["amount"], value["currency"])
        except MoneyRefused as refused:
            says = _("“%(amount)s %(currency)s” is not an amount of money.")
            cure = _("Write digits with a point before decimals, and the currency's code of ISO 4217: '12.50' and EUR.")
            values = {"amount": value["amount"], "currency": value["currency"]}
            yield Wrong(line, f"money-{refused.code}", says % values, cure)


def _cure_of(kind: str) -> str:
    return _("Its keys are: %(keys)s.") % {"keys": ", ".join(KINDS[kind])}


def _empty(kind: str) -> Any:
    return [] if kind in {"steps", "papers"} else None if kind in {"number", "amount", "file"} else ""


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused("value-text", _("This must be text."), _("Write words, in quotes if they contain a colon."))
    return str(value).strip()


def _url(value: Any) -> str:
    text = _text(value)
    if problems_in_link(text) or not text.startswith(("https://", "http://")):
        says = _("The link “%(url)s” is refused.") % {"url": visible(text)[:120]}
        raise Refused("link-refused", says, _("Use an address that begins with https:// and has a plain host name."))
    return text


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
        raise Refused("value-number", _("This must be a whole number."), _("Write digits only, such as 14."))
    return value


def _amount(value: Any) -> str:
    text = _text(value)
    if not re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,3})?", text):
        says = _("“%(text)s” is not an amount.") % {"text": visible(text)[:40]}
        raise Refused("value-amount", says, _("Write digits with a point before decimals, in quotes: '12.50'."))
    return plain_amount(text)


def plain_amount(amount: Any) -> str:
    """An amount in its one form: 12.50 and 12.500 are 12.5, as the house stores them."""
    return format(Decimal(str(amount)).normalize(), "f")


def _unit(value: Any) -> str:
    if value not in UNITS:
        says = _("“%(unit)s” is not a unit of time here.") % {"unit": visible(str(value))[:40]}
        raise Refused("value-unit", says, _("Write one of: %(units)s.") % {"units": ", ".join(UNITS)})
    return str(value)


def _languages(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(tag, str) and known(tag) for tag in value):
        says = _("“languages” is a list of languages that the house knows.")
        raise Refused("language-unknown", says, _("Write their BCP 47 tags: [en, ar]"))
    return " ".join(value)


def _steps(value: Any) -> list[dict[str, str]]:
    cure = _("Write a list: each step on its own line, with “- ” before it.")
    if not isinstance(value, list):
        raise Refused("steps-shape", _("Steps are a list."), cure)
    found = []
    for item in value:
        if isinstance(item, Mapping):
            if set(item) - {"title", "text"} or not item.get("text"):
                raise Refused("steps-shape", _("A step has “text” and may have “title”."), cure)
            found.append({"title": _text(item.get("title") or ""), "text": _text(item["text"])})
        else:
            found.append({"title": "", "text": _text(item)})
    if not all(step["text"] for step in found):
        raise Refused("steps-shape", _("A step is empty."), cure)
    return found


def _papers(value: Any) -> list[dict[str, Any]]:
    cure = _("Write a list; each item is a name, or has “name” and may have “note” and “optional: true”.")
    if not isinstance(value, list):
        raise Refused("documents-shape", _("Documents are a list."), cure)
    found = []
    for item in value:
        row = item if isinstance(item, Mapping) else {"name": item}
        if set(row) - PAPER or not row.get("name") or not isinstance(row.get("optional", False), bool):
            raise Refused("documents-shape", _("An item of the documents is not written as it should be."), cure)
        found.append(
            {"name": _text(row["name"]), "note": _text(row.get("note") or ""), "optional": row.get("optional", False)}
        )
    return found


def _file(value: Any) -> str:
    text = _text(value)
    if not FILE_NAME.match(text):
        says = _("“%(name)s” is not the name of a file in guides/media/.") % {"name": visible(text)[:100]}
        raise Refused("file-name", says, _("Use letters without accents, digits, - and _, and no folder."))
    return text


def _write_steps(steps: list[Mapping[str, Any]]) -> list[Any]:
    return [{"title": row["title"], "text": row["text"]} if row.get("title") else row["text"] for row in steps]


def _write_papers(papers: list[Mapping[str, Any]]) -> list[Any]:
    found: list[Any] = []
    for row in papers:
        rest = {"note": row["note"]} if row.get("note") else {}
        rest |= {"optional": True} if row.get("optional") else {}
        found.append({"name": row["name"], **rest})
    return [row if len(row) > 1 else row["name"] for row in found]


READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "url": _url,
    "number": _number,
    "amount": _amount,
    "unit": _unit,
    "languages": _languages,
    "steps": _steps,
    "papers": _papers,
    "file": _file,
}
WRITERS: dict[str, Callable[[Any], Any]] = {
    "amount": plain_amount,
    "number": int,
    "languages": lambda text: text.split(),
    "steps": _write_steps,
    "papers": _write_papers,
}
