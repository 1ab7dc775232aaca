"""A directory from a file, on the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.models import Organisation
from serai.kernel.languages.registry import language

from .exchange.reading import MAPPING_BYTES, MEGABYTE
from .exchange.uploading import MEGABYTES, Upload
from .models import Sensitivity


class UploadForm(forms.Form):
    """The file, what it means, and whose it becomes. The two buttons say whether it is checked or brought in."""

    publisher = forms.ModelChoiceField(
        label=_("Which organisation answers for it?"), queryset=Organisation.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=_("File"), error_messages={"required": _("Choose the file first."), "empty": _("The file is empty.")},
        help_text=_("HSDS (Open Referral): a ZIP of CSV files, or one JSON file. Or GeoJSON or CSV, see below."),
    )  # fmt: skip
    mapping = forms.FileField(
        label=_("Mapping file"), required=False, error_messages={"empty": _("The file is empty.")},
        help_text=_("A YAML file that says what each property or column means."),
    )  # fmt: skip
    other = forms.FileField(
        label=_("The same file in another language"), required=False,
        error_messages={"empty": _("The file is empty.")},
        help_text=_("A file with the same things and translated texts."),
    )  # fmt: skip
    other_lang = forms.ChoiceField(label=_("The language of that other file"), required=False)
    lang = forms.ChoiceField(label=_("In which language are the texts, where the file does not say it?"))
    places = forms.ChoiceField(
        label=_("Who may know where new places are?"), choices=Sensitivity.choices, widget=forms.RadioSelect,
        initial=Sensitivity.CONTACT_ONLY,
        help_text=_(
            "Places of shelters and other delicate help stay hidden whatever you choose here, and so does what the "
            "file itself hides. Places that are here already stay as they are."
        ),
    )  # fmt: skip
    theirs = forms.BooleanField(
        label=_("Replace what was changed here since the last time"), required=False,
        help_text=_("Left out, what your colleagues have corrected stays."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, publishers: Any) -> None:
        super().__init__(data, files)
        whose: Any = self.fields["publisher"]
        whose.queryset = publishers
        whose.initial = publishers.first()
        named = [(each, language(each).name) for each in settings.SERAI_LANGUAGES]
        tongues: Any = self.fields["lang"]
        tongues.choices, tongues.initial = named, settings.SERAI_LANGUAGES[0]
        others: Any = self.fields["other_lang"]
        others.choices = [("", "–"), *named]

    def clean_file(self) -> UploadedFile:
        """Its size is known before it is read."""
        return _bounded(self.cleaned_data["file"])

    def clean_other(self) -> UploadedFile | None:
        """As large as the file itself may be."""
        return _bounded(self.cleaned_data["other"]) if self.cleaned_data["other"] else None

    def clean(self) -> dict[str, Any]:
        """A file in another language needs its language and a mapping."""
        cleaned = super().clean() or {}
        if cleaned.get("other") and not cleaned.get("other_lang"):
            self.add_error("other_lang", _("Choose the language of the other file."))
        if cleaned.get("other") and not cleaned.get("mapping") and "mapping" not in self.errors:
            self.add_error("mapping", _("Two files are read with a mapping only. Choose it, or leave the other out."))
        return cleaned

    def clean_mapping(self) -> UploadedFile | None:
        """A mapping is short."""
        file: UploadedFile | None = self.cleaned_data["mapping"]
        if file and (file.size or 0) > MAPPING_BYTES:
            sentence = _("This is longer than a mapping can be. Is it the other file?")
            raise forms.ValidationError(sentence, code="too-large")
        return file or None

    @property
    def upload(self) -> Upload:
        """What was chosen, for the exchange."""
        said = self.cleaned_data
        others = {said["other_lang"]: said["other"]} if said["other"] else {}
        return Upload(said["file"], said["mapping"], said["lang"], said["places"], said["theirs"], others)


def _bounded(file: UploadedFile) -> UploadedFile:
    if (file.size or 0) > MEGABYTES * MEGABYTE:
        sentence = _(
            "The file is larger than %(limit)d MB. Split it, or ask those who run the house to import it there."
        )
        raise forms.ValidationError(sentence, params={"limit": MEGABYTES}, code="too-large")
    return file
