"""What the templates of the services map say in words: open or closed, how far, days of the week."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.kernel.languages.words import Said
from serai.lib.hours_state import State
from serai.lib.locales import babel_locale

from ..models import ServiceAtLocation
from ..sensitivity import name_for_staff
from ..words import state_kind, state_words

register = template.Library()


@register.inclusion_tag("shell/parts/status.html")
def open_state(state: State) -> dict[str, str]:
    """A status tag: open, closed or unknown, in words and a shape."""
    return {"kind": state_kind(state), "words": state_words(state)}


@register.filter
def weekday(number: int) -> str:
    """The name of a weekday, 0 for Monday."""
    return str(babel_locale(get_language() or "en").days["stand-alone"]["wide"][number])


@register.simple_tag
def weekdays(first: int, last: int) -> str:
    """Days in a row, with a dash between: names of days stand as in a list, so that no language has to bend them."""
    if (last - first) % 7 == 6:
        return _("Every day")
    return weekday(first) if first == last else f"{weekday(first)} – {weekday(last)}"


@register.filter
def far(metres: int) -> SafeString:
    """A distance as people say it."""
    if metres < 1000:
        return format_html("{}", _("about %(count)d m") % {"count": metres})
    return format_html("{}", _("about %(count)s km") % {"count": f"{metres / 1000:g}"})


@register.filter
def place_name(at: ServiceAtLocation) -> Said:
    """What the place of a service is called, for staff."""
    return name_for_staff(at.location, get_language() or "en")
