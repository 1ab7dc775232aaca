"""What somebody asks for, and what staff say. Each keeps what was typed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.registry import language
from serai.lib.direction import visible

from .models import Sensitivity
from .needs import needs
from .queries.near import Wanted

LONGEST = 100
FINER = ("open_now", "no_papers", "free", "step_free", "women", "children")


class NearForm(forms.Form):
    """Where, and what for. Nothing is required: without a place the form itself is shown."""

    place = forms.CharField(
        label=_("Town or place"), max_length=LONGEST, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
    )  # fmt: skip
    need = forms.ChoiceField(label=_("What do you need?"), required=False)
    speaks = forms.ChoiceField(label=_("A language spoken there"), required=False)
    open_now = forms.BooleanField(label=_("Open now"), required=False)
    no_papers = forms.BooleanField(label=_("No papers asked"), required=False)
    free = forms.BooleanField(label=_("Free of charge"), required=False)
    step_free = forms.BooleanField(label=_("Without steps"), required=False)
    women = forms.BooleanField(label=_("For women"), required=False)
    children = forms.BooleanField(label=_("For children"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["need"]
        choices.choices = [("", _("Anything")), *((need.key, need.name) for need in needs().values())]
        tongues: Any = self.fields["speaks"]
        tongues.choices = [("", _("Any language")), *((tag, language(tag).name) for tag in settings.SERAI_LANGUAGES)]

    def clean_place(self) -> str:
        """What cannot be seen is made visible, so that nobody is misled by what stands on the page."""
        return visible(self.cleaned_data["place"])

    @property
    def chosen(self) -> list[Any]:
        """Names of the finer conditions that are asked: they stand folded, so that what was found comes first."""
        said = getattr(self, "cleaned_data", {})
        names = [self.fields[name].label for name in FINER if said.get(name)]
        return [*names, *([language(said["speaks"]).name] if said.get("speaks") else [])]

    @property
    def wanted(self) -> Wanted:
        """What is looked for; what was typed wrong counts as not asked."""
        said = getattr(self, "cleaned_data", {})
        audience = "women" if said.get("women") else "children" if said.get("children") else ""
        return Wanted(
            need=said.get("need", ""), language=said.get("speaks", ""), audience=audience,
            open_now=said.get("open_now", False), no_papers=said.get("no_papers", False),
            step_free=said.get("step_free", False), free=said.get("free", False),
        )  # fmt: skip


class ClosingForm(forms.Form):
    """Closing a place at once: until when, and a sentence for those who come."""

    until = forms.ChoiceField(
        label=_("Until when is it closed?"),
        choices=[
            ("morning", _("Until tomorrow morning, 06:00")), ("day", _("For 24 hours")), ("week", _("For 7 days")),
            ("moment", _("Until the moment below")),
        ],
        widget=forms.RadioSelect, initial="morning",
    )  # fmt: skip
    ends = forms.DateTimeField(
        label=_("Until this moment"), required=False,
        help_text=format_lazy(_("Time zone: {zone}"), zone=settings.TIME_ZONE),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What should those who come know?"), max_length=200, required=False,
        help_text=_("For example: The water pipe is broken. The kitchen in the next street is open."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A chosen moment must be there."""
        cleaned = super().clean() or {}
        if cleaned.get("until") == "moment" and not cleaned.get("ends") and "ends" not in self.errors:
            self.add_error("ends", _("Write until when, or choose one of the lines above."))
        return cleaned

    @property
    def ends_at(self) -> datetime:
        """The moment that was meant, on the house's clock."""
        now = timezone.localtime()
        until = self.cleaned_data["until"]
        if until == "moment":
            chosen: datetime = self.cleaned_data["ends"]
            return chosen
        if until == "morning":
            return timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), time(6)))
        return now + timedelta(days=1 if until == "day" else 7)


class SensitivityForm(forms.Form):
    """How exactly one place may be known."""

    sensitivity = forms.ChoiceField(
        label=_("Who may know where this is?"), choices=Sensitivity.choices, widget=forms.RadioSelect
    )
