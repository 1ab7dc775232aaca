"""Other hours for some days, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from .actions.closing import LONGEST_REASON
from .forms_hours import WeekForm

CLOSED, OPEN = "closed", "open"
WHY = {"ramadan": _("Ramadan"), "feast": _("Feast days"), "team": _("The team is away"), "count": _("Stocktaking")}
"""Reasons that the house says in all its languages."""


class DaysForm(WeekForm):
    """From which day to which, closed or open at which times, and why."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    what = forms.ChoiceField(
        label=_("What holds on these days?"), widget=forms.RadioSelect,
        choices=[(OPEN, _("Open at the times below")), (CLOSED, _("Closed all these days"))],
    )  # fmt: skip
    why = forms.ChoiceField(
        label=_("Why?"), required=False, choices=[("", _("Another reason, or none")), *WHY.items()],
        help_text=_("These are shown in every language of the house."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What should those who come know?"), max_length=LONGEST_REASON, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    everywhere = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, services: int, whose: str, edits: bool) -> None:
        super().__init__(data)
        if edits and services > 1:
            self.fields["everywhere"].label = format_lazy(
                _("For all {count} services of {publisher}"), count=services, publisher=whose
            )
            self.fields["everywhere"].help_text = _("The same hours then hold for each of them on these days.")
        else:
            del self.fields["everywhere"]

    def clean(self) -> dict[str, Any]:
        """Times where it is open, days in their order."""
        cleaned = super().clean() or {}
        if cleaned.get("what") == CLOSED:
            cleaned["hours"] = ""
        elif cleaned.get("what") == OPEN and not self.errors and not cleaned.get("hours"):
            self.add_error("what", _("Write when it is open, or choose that it is closed."))
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first. Correct one of them."))
        return cleaned

    def reasons(self, tag: str) -> dict[str, str]:
        """Tag -> sentence: what was typed in the language `tag`, what the house can say in all others."""
        found: dict[str, str] = {}
        chosen = str(self.cleaned_data.get("why") or "")
        if chosen:
            english = _in(chosen, "en")
            spoken = {other: _in(chosen, other) for other in settings.SERAI_LANGUAGES}
            found = {other: text for other, text in spoken.items() if other == "en" or text != english}
        typed = self.cleaned_data["reason"].strip()
        return {**found, tag: typed} if typed else found


def _in(chosen: str, tag: str) -> str:
    with override(tag.lower()):
        return str(WHY[chosen])
