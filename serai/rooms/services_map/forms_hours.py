"""The week as a form: for who knows when the door opens and has never heard of a syntax."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from serai.lib.hours import DAY, WHOLE_DAY, HoursError, Span
from serai.lib.hours_osm import LONGEST, read_osm
from serai.lib.locales import babel_locale

from .forms_service import CheckedForm
from .week_grid import HOLIDAYS, SPANS, Grid, Spans, text_of

CLOCK = ("%H:%M", "%H:%M:%S", "%H.%M", "%H")
SAYS: dict[str, Any] = {
    "long": _("This is longer than opening hours can be."),
    "word": _("“%(found)s” is no word that can be read here."),
    "not-supported": _("“%(found)s” cannot be read here. Say it in other words, or as dates."),
    "time": _("“%(found)s” is no time."),
    "time-range": _("“%(found)s” is no time of the day."),
    "times-equal": _("It opens and closes at the same time: %(found)s."),
    "times-missing": _("After “%(found)s” the times are missing."),
    "span-end": _("It is not said when it closes: “%(found)s”."),
    "spans-overlap": _("Two times overlap: “%(found)s”."),
    "span-backward": _("It closes before it opens: %(found)s."),
    "night-long": _("It would be open past midnight for twelve hours or more: %(found)s. Look at the two times again."),
    "comment-open": _("A quotation mark is missing."),
    "date-missing": _("There is no such day: “%(found)s”."),
    "dates-backward": _("It ends before it begins: “%(found)s”."),
    "hides-earlier": _("What stands behind “%(found)s” would replace all hours of the week above."),
    "holidays-hidden": _("What stands here would hide what is said of public holidays."),
}


def hours_words(error: HoursError) -> str:
    """What is wrong with opening hours, where, and what to write instead, in the language that is speaking."""
    sentence = SAYS.get(error.code, _("“%(found)s” cannot be read at this place."))
    says = str(sentence) % {"found": error.found}
    return says + (" " + translated("Write: %(cure)s") % {"cure": error.cure} if error.cure else "")


def _weekday(day: int) -> str:
    if day == HOLIDAYS:
        return translated("Public holidays")
    return str(babel_locale(get_language() or "en").days["stand-alone"]["wide"][day])


weekday = lazy(_weekday, str)


class OsmField(forms.CharField):
    """Hours in OpenStreetMap's syntax."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "off", "spellcheck": "false"})
        super().__init__(max_length=LONGEST, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """The text, or why it cannot be read."""
        text: str = super().clean(value)
        try:
            read_osm(text)
        except HoursError as error:
            raise forms.ValidationError(hours_words(error)) from error
        return text


def _clock_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, input_formats=CLOCK, error_messages={"invalid": _("Write the time as 08:30.")},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip


class WeekForm(forms.Form):
    """A week of hours. After is_valid, `cleaned_data["hours"]` is the text, "" where nothing was said."""

    overnight = forms.BooleanField(
        label=_("It stays open past midnight"), required=False,
        help_text=_("Only where it closes on the next morning, as from 20:00 to 07:30."),
    )  # fmt: skip
    other = OsmField(
        label=_("What does not fit into a week"),
        help_text=_("In OpenStreetMap’s words, for example: Th[-1] 14:00-18:00 (each last Thursday), Dec 25 off."),
    )

    def __init__(self, data: Any = None, *, grid: Grid | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.grid = grid or Grid()
        for day in range(HOLIDAYS + 1):
            for at in range(SPANS):
                self.fields[f"from{at}_{day}"] = _clock_field(_("From"))
                self.fields[f"to{at}_{day}"] = _clock_field(_("To"))
            self.fields[f"closed_{day}"] = forms.BooleanField(label=_("Closed"), required=False)
            self.fields[f"always_{day}"] = forms.BooleanField(label=_("Around the clock"), required=False)
            if 0 < day < HOLIDAYS:
                self.fields[f"before_{day}"] = forms.BooleanField(label=_("As the day before"), required=False)
        self.order_fields([name for name in self.fields if name not in ("overnight", "other")])
        self.initial = {**_initial(self.grid), **self.initial}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each day for the template: label, pairs of times, ticks, what is wrong."""
        for day in range(HOLIDAYS + 1):
            pairs = [(self[f"from{at}_{day}"], self[f"to{at}_{day}"]) for at in range(SPANS)]
            ticks = [self[name] for kind in ("closed", "always", "before") if (name := f"{kind}_{day}") in self.fields]
            wrong = [error for field in (*pairs[0], *pairs[1], *ticks) for error in field.errors]
            later = any(field.value() for field in pairs[1])
            yield {
                "label": weekday(day), "first": pairs[0], "second": pairs[1], "later": later, "ticks": ticks,
                "wrong": wrong, "id": f"wrong_{day}", "holidays": day == HOLIDAYS,
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """All days read; what is wrong with a day stands at its first time."""
        cleaned = super().clean() or {}
        days: list[Spans | None] = []
        for day in range(HOLIDAYS + 1):
            days.append(self._day(day, days[-1] if days else None))
        closed = self.data and all(self._says(f"closed_{day}") for day in range(HOLIDAYS))
        grid = Grid(tuple(spans or () for spans in days[:HOLIDAYS]), days[HOLIDAYS], cleaned.get("other", ""))
        cleaned["hours"] = ""
        if not self.errors:
            try:
                cleaned["hours"] = "off" if closed and not grid.other else text_of(grid)
            except HoursError as error:
                self.add_error("other", hours_words(error))
        return cleaned

    def _says(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def _day(self, day: int, before: Spans | None) -> Spans | None:
        """The times of a day; () for closed; for public holidays None where nothing is said."""
        first = f"from0_{day}"
        chosen = [kind for kind in ("closed", "always", "before") if self._says(f"{kind}_{day}")]
        if len(chosen) > 1:
            self.add_error(first, translated("%(day)s: choose one of the boxes.") % {"day": weekday(day)})
            return ()
        if chosen:
            return {"closed": (), "always": (WHOLE_DAY,), "before": before}[chosen[0]]
        found: list[Span] = []
        for at in range(SPANS):
            opens, closes = self._says(f"from{at}_{day}"), self._says(f"to{at}_{day}")
            if opens is None and closes is None:
                continue
            try:
                found.append(self._span(opens, closes))
            except _BadTimes as error:
                if not {f"from{at}_{day}", f"to{at}_{day}"} & set(self.errors):
                    self.add_error(f"from{at}_{day}", f"{weekday(day)}: {error}")
        if len(found) == SPANS and found[0].opens < found[1].closes and found[1].opens < found[0].closes:
            self.add_error(first, translated("%(day)s: the two times overlap.") % {"day": weekday(day)})
        return tuple(sorted(found)) if found or day != HOLIDAYS else None

    def _span(self, opens: time | None, closes: time | None) -> Span:
        if opens is None or closes is None:
            raise _BadTimes(translated("write both when it opens and when it closes."))
        start, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute or DAY
        if end < start and not self._says("overnight"):
            sentence = translated(
                "it closes before it opens. Correct it, or tick “It stays open past midnight” if that is meant."
            )
            raise _BadTimes(sentence)
        try:
            return Span(start, end if end >= start else end + DAY)
        except HoursError as error:
            raise _BadTimes(hours_words(error)) from error


class HoursForm(WeekForm, CheckedForm):
    """The usual week of a service, or of one of its places."""

    def __init__(self, data: Any = None, *, grid: Grid, seen: str, checks: bool = False) -> None:
        super().__init__(data, grid=grid, initial={"seen": seen}, checks=checks)


class _BadTimes(ValueError):
    """Why two times are no opening, in words."""


def _initial(grid: Grid) -> dict[str, Any]:
    """What stands in the fields for a grid."""
    found: dict[str, Any] = {"other": grid.other}
    rows: list[Spans | None] = [*grid.days, grid.holidays]
    for day, spans in enumerate(rows):
        if spans == (WHOLE_DAY,):
            found[f"always_{day}"] = True
        elif spans == () and day == HOLIDAYS:
            found[f"closed_{day}"] = True
        elif spans:
            for at, span in enumerate(spans):
                found[f"from{at}_{day}"], found[f"to{at}_{day}"] = _time(span.opens), _time(span.closes)
    found["overnight"] = any(span.closes > DAY for spans in rows for span in spans or ())
    return found


def _time(minutes: int) -> time:
    return time(minutes % DAY // 60, minutes % 60)
