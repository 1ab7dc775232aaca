"""Forms of the desk: a decision, words in several languages, an alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.registry import language
from serai.kernel.places.models import Place

from .texts import LINE_LENGTHS, BadText


class DecisionForm(forms.Form):
    """What a second person decides on the very version that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Send back"))])
    comment = forms.CharField(
        label=_("What should change?"),
        help_text=_("The author reads this. Needed when you send the draft back."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Sending back needs a word of why."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "reject" and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what should change, so that the author can do it."))
        return cleaned


class WordsForm(forms.Form):
    """A title and a text in each language; at least one language has both."""

    def __init__(self, *args: Any, tags: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tags = list(tags) or list(settings.SERAI_LANGUAGES)
        for tag in self.tags:
            row = language(tag)
            self.fields[f"title_{tag}"] = forms.CharField(
                label=format_lazy(_("Title in {language}"), language=lazystr(row.name)),
                required=False,
                max_length=LINE_LENGTHS["title"],
                widget=forms.TextInput(attrs={"lang": row.tag, "dir": row.direction}),
            )
            self.fields[f"text_{tag}"] = forms.CharField(
                label=format_lazy(_("Text in {language}"), language=lazystr(row.name)),
                required=False,
                max_length=LINE_LENGTHS["text"],
                widget=forms.Textarea(attrs={"rows": 4, "lang": row.tag, "dir": row.direction}),
            )

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """{"en": {"title": ..., "text": ...}} for the languages that were filled in."""
        found = {}
        for tag in self.tags:
            said = {name: self.cleaned_data.get(f"{name}_{tag}", "").strip() for name in ("title", "text")}
            if any(said.values()):
                found[tag] = said
        return found

    def refuse(self, error: BadText) -> None:
        """Puts what an action refused at the fields that said it."""
        for problem in error.problems:
            name = problem.where.replace(".", "_")
            self.add_error(name if name in self.fields else None, problem.says)

    def clean(self) -> dict[str, Any]:
        """A title without a text, or the other way round, says too little."""
        cleaned = super().clean() or {}
        for tag in self.tags:
            title, text = cleaned.get(f"title_{tag}", ""), cleaned.get(f"text_{tag}", "")
            if text.strip() and not title.strip():
                self.add_error(f"title_{tag}", _("Write a title for this text."))
            if title.strip() and not text.strip():
                self.add_error(f"text_{tag}", _("Write the text that belongs to this title."))
        if not self.errors and not self.texts_of(cleaned):
            self.add_error(f"title_{self.tags[0]}", _("Write the words in one language at least."))
        return cleaned

    def texts_of(self, cleaned: Mapping[str, Any]) -> bool:
        """Whether any language was filled in."""
        return any(cleaned.get(f"title_{tag}", "").strip() for tag in self.tags)


class UrgentGuideForm(WordsForm):
    """A warning over a guide, or its closing."""

    kind = forms.ChoiceField(
        label=_("What do you want to do at once?"),
        choices=[("warning", _("Put a warning on the page")), ("closed", _("Close the page and say why"))],
        widget=forms.RadioSelect,
        initial="warning",
    )


def _moment(label: Any, hint: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class _PublisherForm(WordsForm):
    """Words of a publisher; the field is there when the viewer has more than one."""

    organisation = forms.ChoiceField(label=_("Publisher"))

    def __init__(self, *args: Any, organisations: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(organisations)
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["organisation"].initial = choices[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()


class UrgentAlertForm(_PublisherForm):
    """News that shows at once."""

    ends = _moment(_("Until when does it hold?"), format_lazy(_("Time zone: {zone}"), zone=settings.TIME_ZONE))


class AlertForm(_PublisherForm):
    """News with a start and an end, for a second person to approve."""

    starts = _moment(_("From when does it hold?"), format_lazy(_("Time zone: {zone}"), zone=settings.TIME_ZONE))
    ends = _moment(_("Until when does it hold?"))
    places = forms.ModelMultipleChoiceField(
        label=_("For which places?"),
        help_text=_("None means everywhere the publisher works."),
        queryset=Place.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].queryset = Place.objects.all()  # type: ignore[attr-defined]
        self.order_fields(["organisation", *(name for name in self.fields if name.startswith(("title_", "text_")))])

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("This is before the start. Choose a later moment."))
        return cleaned
