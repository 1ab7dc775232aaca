"""Sentences about a service that are computed when they are asked for: is it open, until when."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from serai.lib.dates import format_date, format_weekday
from serai.lib.hours_state import State

NEAR_DAYS = 180
"""From here on a day without its year could be meant in another year."""


def state_words(state: State) -> str:
    """Whether it is open, and what comes next, on the clock of the place."""
    if state.status == "open":
        if state.closes_at:
            return _("Open now, until %(moment)s") % {"moment": _moment(state.closes_at)}
        return _("Open now")
    if state.status == "closed":
        if state.opens_at:
            return _("Closed now, opens %(moment)s") % {"moment": _moment(state.opens_at)}
        if state.until and state.then == "unknown":
            return _("Closed now, perhaps open from %(moment)s") % {"moment": _moment(state.until)}
        return _("Closed now")
    if state.why == "holiday":
        return _("It may be a public holiday there: ask before you go")
    return _("Nobody has said when it is open: ask before you go")


def state_kind(state: State) -> str:
    """The shape of its status tag (engine/shell)."""
    return {"open": "checked", "closed": "out"}.get(state.status, "ask")


def _moment(moment: datetime) -> str:
    """The time; with the weekday and day where it is not today there, and the year where it is far."""
    clock = f"{moment:%H:%M}"
    today = datetime.now(moment.tzinfo).date()
    if moment.date() == today:
        return clock
    soon = abs((moment.date() - today).days) < NEAR_DAYS
    day = (format_weekday if soon else format_date)(moment.date(), get_language() or "en")
    values = {"day": day, "time": clock}
    return pgettext("a day and a time", "%(day)s, %(time)s") % values
