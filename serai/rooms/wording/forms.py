"""Forms of the desk on the words of the interface: a better translation, and a decision on one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.catalogues import Entry
from serai.kernel.languages.registry import Language
from serai.kernel.languages.sound import wrong_in

from .queries import examples

MOST = 5000

SAYS = {
    "missing": format_lazy(_("“{field}” is empty. Please fill it in."), field=_("Text")),
    "placeholder": _("The parts that the house fills in are not those of the English text. They are listed above it."),
    "markup": _("Tags like <b> must stand in your text as in the English one, and no others."),
    "control": _("There is an invisible character that turns text around. Please type the text instead of pasting it."),
}


class CorrectionForm(forms.Form):
    """A text for each plural form, in the language; whether a speaker wrote it, and why."""

    reviewed = forms.BooleanField(
        label=_("I speak this language, and I have read this sentence where it stands."),
        help_text=_("It then counts as reviewed by a speaker. The change file names your function, never you."),
        required=False,
    )
    note = forms.CharField(
        label=_("Why?"), help_text=_("The second person reads this."), required=False, max_length=500
    )

    def __init__(self, *args: Any, row: Language, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        numbers = examples(row.tag, len(entry.texts))
        for form, text in enumerate(entry.texts):
            many = format_lazy(_("Text for numbers like {numbers}"), numbers=numbers[form])
            self.fields[f"text_{form}"] = forms.CharField(
                label=many if entry.plural else _("Text"),
                max_length=MOST,
                strip=False,
                initial=text,
                error_messages={"required": SAYS["missing"]},
                widget=forms.Textarea(
                    attrs={"rows": min(12, 2 + len(entry.sentence) // 60), "lang": row.tag, "dir": row.direction}
                ),
            )
        self.order_fields([name for name in self.fields if name.startswith("text_")])

    @property
    def texts(self) -> list[str]:
        """One for each plural form, with the line breaks of the catalogue."""
        said = [self.cleaned_data[f"text_{form}"] for form in range(len(self.entry.texts))]
        return [_with_edges_of(self.entry.sentence, text.replace("\r\n", "\n")) for text in said]

    def clean(self) -> dict[str, Any]:
        """What would break a page is said beside the texts; what was typed stays."""
        cleaned = super().clean() or {}
        if all(f"text_{form}" in cleaned for form in range(len(self.entry.texts))):
            for code in wrong_in(self.entry.sentence, self.entry.plural, self.texts):
                self.add_error("text_0", SAYS[code])
        if self.entry.is_critical and not cleaned.get("reviewed"):
            self.add_error(
                "reviewed", _("This sentence is about danger, consent or deletion: only a speaker may change it.")
            )
        return cleaned

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The fields for the texts, in the order of the plural forms."""
        return [self[f"text_{form}"] for form in range(len(self.entry.texts))]


def _with_edges_of(sentence: str, text: str) -> str:
    """Spaces and line breaks around a text are those of the original: in a box nobody sees them."""
    start = sentence[: len(sentence) - len(sentence.lstrip())]
    end = sentence[len(sentence.rstrip()) :]
    return f"{start}{text.strip()}{end}"


class DecisionForm(forms.Form):
    """What a second person decides."""

    verdict = forms.ChoiceField(choices=[("approve", _("Approve")), ("reject", _("Send back"))])
    answer = forms.CharField(
        label=_("What should change?"),
        help_text=_("The author reads this. Needed when you send the draft back."),
        required=False,
        max_length=500,
    )

    def clean(self) -> dict[str, Any]:
        """Sending back needs a word of why."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == "reject" and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Say what should change, so that the author can do it."))
        return cleaned
