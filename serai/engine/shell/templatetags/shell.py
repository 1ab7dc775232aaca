"""The components of a page as tags: pictograms, facts line, notes on a text, form rows, pager, the foot of a sheet.

Each writes small plain HTML whose classes are listed at the top of css/components.css. Sentences are whole, so that a
translator sees all of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, Textarea
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from serai.engine.shell import icons
from serai.kernel.access.viewer import NOBODY
from serai.kernel.facts.models import FactLine, State
from serai.kernel.languages.registry import Language, known, language
from serai.kernel.register.house import doors
from serai.kernel.register.manifest import Door
from serai.lib.dates import format_date
from serai.lib.locales import babel_locale

register = template.Library()

STATES: Mapping[State, str] = {
    State.CHECKED: "checked",
    State.STALE: "ask",
    State.UNCHECKED: "ask",
    State.HIDDEN: "out",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The pictogram of a name, written into the page. Always beside words, so screen readers pass over it."""
    return mark_safe(icons.svg(name))  # noqa: S308 - our own files


@register.filter
def day(value: date) -> str:
    """A day with the month's name, in the language that is speaking; of a moment, the day it is here."""
    here = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_date(here, _speaking()) if here else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A day with the month's name, and the time it is here, as "12 October 2026, 15:30"."""
    return f"{day(value)}, {timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def language_name(tag: str) -> str:
    """What a language is called in the language that is speaking, or its own name where nobody has said."""
    if not known(tag):
        return tag
    row = language(tag)
    return babel_locale(_speaking()).languages.get(tag.replace("-", "_")) or row.name


@register.filter
def own_name(tag: str) -> str:
    """What the speakers of a language call it."""
    return language(tag).name if known(tag) else tag


@register.filter
def digits_to_dial(phone: str) -> str:
    """A telephone number as a tel: link wants it: digits, with the plus in front."""
    digits = "".join(sign for sign in phone if sign in "0123456789")
    return f"+{digits}" if phone.strip().startswith("+") else digits


def _speaking() -> str:
    return get_language() or "en"


# --- which language a part of the page is in -----------------------------------------------------------------------
def _page_language(context: Mapping[str, Any]) -> Language:
    found: Language = context.get("content_lang") or context["ui"]
    return found


def _in(row: Language) -> SafeString:
    """Attributes of an element whose text is in a language."""
    tall = mark_safe(' class="tall"') if row.is_tall else ""
    return format_html(' lang="{}" dir="{}"{}', row.tag, row.direction, tall)


@register.simple_tag(takes_context=True)
def speaks(context: Mapping[str, Any], tag: str, around: str = "page") -> SafeString:
    """`lang` and `dir` for text that is in another language than the text around it; nothing when it is the same.

    Use it inside main: `<a href="..."{% speaks card.language %}>`. around: "house" where the text around it is in the
    house's own words (see house_words), and outside main.
    """
    near: Language = context["ui"] if around == "house" else _page_language(context)
    if not tag or not known(tag) or language(tag) == near:
        return SafeString("")
    return format_html(' lang="{}" dir="{}"', language(tag).tag, language(tag).direction)


@register.simple_tag(takes_context=True)
def content_words(context: Mapping[str, Any]) -> SafeString:
    """Attributes of main: its language, when a view says that its text is in another than the interface."""
    row = _page_language(context)
    return _in(row) if row != context["ui"] else SafeString("")


@register.simple_tag(takes_context=True)
def house_words(context: Mapping[str, Any]) -> SafeString:
    """Attributes of a part of main that is in the house's own words while main is in another language."""
    row: Language = context["ui"]
    return (
        format_html(' lang="{}" dir="{}"', row.tag, row.direction) if row != _page_language(context) else SafeString("")
    )


# --- components --------------------------------------------------------------------------------------------------
@register.inclusion_tag("shell/parts/facts.html", takes_context=True)
def facts(context: Mapping[str, Any], line: FactLine, shown: bool = False) -> dict[str, Any]:
    """The facts line: who says this, when it was last checked, until when it holds. shown: the details stand on the
    page even when they are out of date."""
    return {
        "line": line,
        "shown": shown,
        "state": line.state.value,
        "shape": STATES[line.state],
        "around": house_words(context),
        "who": _name(context, line.checked_by, line.checker_language),
        "source": _name(context, line.source_name or line.source_url, line.source_language),
    }


def _name(context: Mapping[str, Any], name: str, tag: str) -> SafeString:
    """A name among the house's own words, marked with its language where that is known and another one."""
    attributes = speaks(context, tag, "house")
    return format_html("<span{}>{}</span>", attributes, name) if attributes else format_html("{}", name)


@register.inclusion_tag("shell/parts/text_note.html", takes_context=True)
def text_note(context: Mapping[str, Any], kind: str, **said: Any) -> dict[str, Any]:
    """A plain note about a text. kind and what it needs:

    `fallback` language= (tag the text is in); `machine` and `older` original= (tag), url= (of the original);
    `urgent` until= (moment by which a second person looks at it); `invented` (place and offices do not exist).
    """
    return {"kind": kind, "asked": context["lang"], "around": house_words(context), **said}


@register.inclusion_tag("shell/parts/status.html")
def status(kind: str, words: str) -> dict[str, str]:
    """A status tag: kind is `checked`, `ask`, `out` or `plain`; the shape says the same as the colour."""
    return {"kind": kind, "words": words}


@register.inclusion_tag("shell/parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One row of a form: label, hint, error and the field, tied together for those who listen."""
    named = {"hint": f"{bound.auto_id}_hint", "error": f"{bound.auto_id}_error"}
    told = [named["hint"]] * bool(bound.help_text) + [named["error"]] * bool(bound.errors)
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(told)} if told else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "")
    if (
        kind in {"text", "search"} or isinstance(bound.field.widget, Textarea)
    ) and "dir" not in bound.field.widget.attrs:
        attributes["dir"] = "auto"  # what is typed may be of another direction than the page: "9 Mill Lane" in Arabic
    many = bool(getattr(bound.field.widget, "use_fieldset", False))
    widget = bound.as_widget(attrs=attributes)
    return {"bound": bound, "widget": widget, "named": named, "many": many, "tick": kind == "checkbox" and not many}


@register.inclusion_tag("shell/parts/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """All that is wrong in a form, above it, each a link to the field."""
    wrong = [(_first_id(form[name]), errors) for name, errors in form.errors.items() if name != "__all__"]
    return {"whole": form.non_field_errors(), "wrong": wrong, "any": bool(form.errors)}


def _first_id(bound: BoundField) -> str:
    """Where a link to a field leads: to the field, or to the first of several boxes."""
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.inclusion_tag("shell/parts/pager.html", takes_context=True)
def pager(context: Mapping[str, Any], page: Any) -> dict[str, Any]:
    """Earlier and later pages of a list, with where one is. page is Django's; nothing for a list of one page."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("shell/parts/desk_nav.html", takes_context=True)
def desk_nav(context: Mapping[str, Any]) -> dict[str, Any]:
    """The doors on the desk that this viewer may open."""
    mine = _desk_doors(context)
    return {"doors": mine, "here": _behind(context, mine), "path": context.get("page_path", "")}


@register.simple_tag(takes_context=True)
def desk_place(context: Mapping[str, Any]) -> str:
    """What the door is called behind which this page of the desk lies; nothing on the first page."""
    door = _behind(context, _desk_doors(context))
    return str(door.title) if door else ""


def _desk_doors(context: Mapping[str, Any]) -> list[tuple[Door, str]]:
    viewer = context.get("viewer") or NOBODY
    mine = [door for door in doors("desk") if viewer.user_id and (not door.roles or viewer.passes(door.roles))]
    return [(door, reverse(door.route, urlconf=settings.SERAI_DESK_URLCONF)) for door in mine]


def _behind(context: Mapping[str, Any], mine: list[tuple[Door, str]]) -> Door | None:
    """Of the doors whose address begins this page's address, the one that says most."""
    path = context.get("page_path", "")
    fitting = [(len(address), door) for door, address in mine if path.startswith(address)]
    return max(fitting, key=lambda found: found[0])[1] if fitting else None


@register.inclusion_tag("shell/parts/sheet_foot.html", takes_context=True)
def sheet_foot(
    context: Mapping[str, Any], publisher: str = "", line: FactLine | None = None, tag: str = "", path: str = ""
) -> dict[str, Any]:
    """What stands at the foot of each printed sheet: publisher (whose name is in the language `tag`), date checked,
    address, and the address as a QR code. path: the address with the question in it, where the page is an answer."""
    address = f"{context['public_base']}{path or context['page_path']}"
    return {
        "publisher": _name(context, publisher or context["house_name"], tag),
        "line": line,
        "address": address,
        "qr": qr(address),
    }


LONGEST_QR = 500
"""Bytes. No telephone reads more from a corner of a sheet, and no code at all holds more than 2,953."""


@lru_cache(maxsize=256)
def qr(text: str) -> SafeString:
    """A text as a QR code, an svg element; nothing for a text that is too long for one."""
    if len(text.encode()) > LONGEST_QR:
        return mark_safe("")
    drawn = segno.make_qr(text, error="l").svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2)
    return mark_safe(drawn)  # noqa: S308 - segno writes numbers only
