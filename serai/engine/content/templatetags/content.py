"""The body of a guide as HTML: each block by its template, headings in order, amounts and spans in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from wagtail.blocks import StreamValue

from serai.engine.content.rendering import host_of_link, render_text
from serai.lib.direction import problems_in_link
from serai.lib.money import Money, MoneyRefused, format_money

register = template.Library()


@register.simple_tag(takes_context=True)
def guide_body(context: template.Context, body: StreamValue, links: Mapping[int, Any]) -> SafeString:
    """All blocks. A block's own heading is an h2, or an h3 when it stands below an h2 of the text."""
    around = {**context.flatten(), "links": links, "level": 2}
    parts = []
    for child in body:
        if child.block_type == "text" and "<h2" in child.value.source:
            around["level"] = 3
        parts.append((child.render(context=around),))
    return format_html_join("\n", "{}", parts)


@register.simple_tag(takes_context=True)
def rich_text(context: template.Context, value: Any) -> SafeString:
    """A rich text of a block, its links resolved from the context's `links`."""
    return render_text(value.source, context.get("links") or {})


@register.filter
def amount(value: Decimal, currency: str) -> str:
    """An amount of money with the currency's name; 0 is free of charge. An unknown currency keeps its code."""
    if not value:
        return gettext("Free of charge")
    try:
        return format_money(Money(Decimal(value), currency), get_language() or "en")
    except MoneyRefused:
        return f"{value} {currency}"


@register.filter
def span(number: int, unit: str) -> str:
    """A span of time in words: 4 weeks."""
    return {
        "days": ngettext("%(count)d day", "%(count)d days", number),
        "working_days": ngettext("%(count)d working day", "%(count)d working days", number),
        "weeks": ngettext("%(count)d week", "%(count)d weeks", number),
        "months": ngettext("%(count)d month", "%(count)d months", number),
        "years": ngettext("%(count)d year", "%(count)d years", number),
    }[unit] % {"count": number}


@register.filter
def dialled(phone: str) -> str:
    """The href that dials a number as people write it; empty when it holds no number."""
    digits = re.sub(r"[^\d+]", "", phone.split("/")[0])
    href = f"tel:{digits}"
    return "" if problems_in_link(href) else href


@register.filter
def web(url: str) -> str:
    """A web or mail address that may be offered as a link, else nothing."""
    return "" if problems_in_link(url) else url


@register.filter
def host(url: str) -> str:
    """The host of a web address: people should see where a link leads."""
    return host_of_link(url)
