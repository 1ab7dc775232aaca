"""The one form of the public first pages: a few words to search for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.lib.direction import visible

LONGEST = 200


class SearchForm(forms.Form):
    """A few words. Characters that cannot be seen are shown, never searched for."""

    q = forms.CharField(
        label=_("Search"),
        max_length=LONGEST,
        strip=True,
        error_messages={
            "required": _("Write a word to search for, for example: doctor."),
            "max_length": _("That is too long to search for. A word or two is enough."),
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )

    def clean_q(self) -> str:
        """Words with what cannot be seen made visible, so that nobody is misled by what stands on the page."""
        return visible(self.cleaned_data["q"])
