"""Forms of the exchange: what to take out, a workbook or translators' file to bring in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.registry import language

from .spreadsheet.workbook import MAX_BYTES, MEGABYTE


class ExportForm(forms.Form):
    """Whose guides, in which languages."""

    publisher = forms.ChoiceField(label=_("Publisher"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )

    def __init__(self, *args: Any, publishers: list[tuple[str, str]], tags: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publisher"].choices = publishers  # type: ignore[attr-defined]
        self.fields["languages"].choices = [(tag, language(tag).name) for tag in tags]  # type: ignore[attr-defined]
        self.fields["languages"].initial = tags


class UploadForm(forms.Form):
    """A file of at most MAX_BYTES bytes."""

    file = forms.FileField(label=_("File"), error_messages={"required": _("Choose the file first.")})

    def clean_file(self) -> UploadedFile:
        """Its size is known before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            sentence = _("The file is larger than %(limit)d MB. Export fewer languages at once.")
            raise forms.ValidationError(sentence, params={"limit": MAX_BYTES // MEGABYTE}, code="too-large")
        return file


class ImportForm(forms.Form):
    """Whether the drafts go to a second person at once."""

    submit = forms.BooleanField(label=_("Send the drafts to a second person at once"), required=False, initial=True)
