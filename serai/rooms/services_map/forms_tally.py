"""A press at a point, a sheet of paper written in, and the period of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.models import Organisation
from serai.kernel.languages.registry import language
from serai.lib.dates import format_date

from .actions.tallying import MOST_A_DAY
from .needs import Need, needs
from .tally import NOT_SAID, group_names, rules
from .tally_periods import BadPeriod, Period, months, period, quarters

WRONG = {
    "whole": _("Choose whole weeks, from a Monday to a Sunday, or whole months."),
    "over": _("These days are not over yet. Choose a period that ended before today."),
    "long": _("Choose two years at most."),
}


class PressForm(forms.Form):
    """One press. press: `<kind>:<number>`, the value of the button; token: of the page that was pressed."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    group = forms.ChoiceField(label=_("For whom?"), required=False, widget=forms.RadioSelect)
    press = forms.ChoiceField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, group: str = NOT_SAID) -> None:
        chosen = group if group in group_names() else NOT_SAID
        super().__init__(data, initial={"token": uuid4(), "group": chosen})
        groups: Any = self.fields["group"]
        groups.choices = list(group_names().items())
        presses: Any = self.fields["press"]
        presses.choices = [(f"{kind}:{step}", "") for kind in needs() for step in rules().steps]

    @property
    def pressed(self) -> dict[str, Any]:
        """What the actions take: kind, group, number, token."""
        kind, _sign, number = self.cleaned_data["press"].rpartition(":")
        said = self.cleaned_data
        return {"kind": kind, "number": int(number), "group": said["group"], "token": said["token"]}


class SheetForm(forms.Form):
    """A day's numbers, one field for each kind and group; beside each, hidden, what stood there when it was shown."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kinds: Iterable[Need], standing: Mapping[tuple[str, str], int]) -> None:
        super().__init__(data, initial={"token": uuid4()})
        self.kinds = list(kinds)
        for kind in self.kinds:
            for group, name in group_names().items():
                stands = standing.get((kind.key, group), 0)
                self.fields[f"n-{kind.key}-{group}"] = forms.IntegerField(
                    label=name, min_value=0, max_value=MOST_A_DAY, required=False, initial=stands or None,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )  # fmt: skip
                self.fields[f"was-{kind.key}-{group}"] = forms.IntegerField(
                    min_value=0, max_value=MOST_A_DAY, widget=forms.HiddenInput, initial=stands
                )

    def rows(self) -> Iterator[tuple[Need, list[tuple[Any, Any]]]]:
        """Each kind with its fields: (the number, what stood there)."""
        for kind in self.kinds:
            yield kind, [(self[f"n-{kind.key}-{group}"], self[f"was-{kind.key}-{group}"]) for group in group_names()]

    def numbers(self, which: str) -> dict[tuple[str, str], int]:
        """(kind, group) -> number. which: `n` for what shall stand, `was` for what stood; an empty field is 0."""
        said = self.cleaned_data
        return {
            (kind.key, group): said.get(f"{which}-{kind.key}-{group}") or 0
            for kind in self.kinds
            for group in group_names()
        }


class ReportForm(forms.Form):
    """Of which publisher, about which days, in which language."""

    publisher = forms.ModelChoiceField(label=_("Publisher"), queryset=Organisation.objects.none(), empty_label=None)
    days = forms.ChoiceField(label=_("About which days?"), required=False)
    first = forms.DateField(
        label=_("From a Monday"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only if you choose weeks yourself."),
    )  # fmt: skip
    last = forms.DateField(label=_("To a Sunday"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    lang = forms.ChoiceField(label=_("Language of the report"))

    def __init__(self, data: Any = None, *, publishers: Any, today: date, tag: str) -> None:
        super().__init__(data)
        self.today = today
        whose: Any = self.fields["publisher"]
        whose.queryset = publishers
        whose.initial = publishers.first()
        days: Any = self.fields["days"]
        whole = [*months(today), *quarters(today)]
        days.choices = [*((_written(each), _named(each, tag)) for each in whole), ("", _("Weeks that I choose below"))]
        days.initial = days.choices[0][0]
        tongues: Any = self.fields["lang"]
        tongues.choices = [(each, language(each).name) for each in settings.SERAI_LANGUAGES]
        tongues.initial = tag if tag in settings.SERAI_LANGUAGES else settings.SERAI_LANGUAGES[0]

    def clean(self) -> dict[str, Any]:
        """The period that was meant stands in `period`."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("days"):
            first, last = (date.fromisoformat(day) for day in cleaned["days"].split("/"))
        if not first or not last:
            if not self.errors:
                self.add_error("first" if not first else "last", _("Write both days, or choose a month above."))
            return cleaned
        try:
            cleaned["period"] = period(first, last, self.today)
        except BadPeriod as error:
            self.add_error("days" if cleaned.get("days") else "first", WRONG[error.code])
        return cleaned


def _written(each: Period) -> str:
    return f"{each.first}/{each.last}"


def _named(each: Period, tag: str) -> str:
    return f"{format_date(each.first, tag)} – {format_date(each.last, tag)}"
