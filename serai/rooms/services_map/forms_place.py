"""Where a place is, as those who keep the directory write it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serai.kernel.places.towns import box_of, country_name
from serai.lib.direction import find_bidi_controls
from serai.lib.geo import GeoRefused, Point, looks_swapped
from serai.lib.geotext import read_point
from serai.lib.locales import babel_locale

from .somewhere import SAYS

ADDRESS = ("address_1", "address_2", "city", "state_province", "postal_code", "country")
TEXTS = ("name", "transportation")
_NO_POINT = _("Write latitude and longitude with points: 31.95, 35.93. Or leave it empty.")


class PlaceForm(forms.Form):
    """Name, address, point, way in. seen: what the place was when the form was opened (sensitivity.digest)."""

    name = forms.CharField(label=_("What the place is called"), max_length=200, required=False)
    address_1 = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    address_2 = forms.CharField(label=_("More of the address: building, floor"), max_length=200, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    state_province = forms.CharField(
        label=_("Region"), max_length=100, required=False, help_text=_("Where there is none, write the town again.")
    )
    postal_code = forms.CharField(
        label=_("Postal code"), max_length=20, required=False, help_text=_("Where there is none, write a dash.")
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    transportation = forms.CharField(
        label=_("How one gets there"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    point = forms.CharField(
        label=_("Latitude and longitude"), max_length=80, required=False,
        help_text=_("As a map shows them: 31.95, 35.93. Distances are counted from here."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )  # fmt: skip
    step_free = forms.ChoiceField(
        label=_("Stairs"), required=False,
        choices=[("", _("Nobody has said")), ("yes", _("Without steps")), ("limited", _("Partly without steps")),
                 ("no", _("There are steps"))],
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = babel_locale(get_language() or "en").territories
        known = {code: name for code, name in names.items() if re.fullmatch("[A-Z]{2}", code)}
        said = str(self.initial.get("country") or "")
        known |= {said: country_name(said, get_language() or "en")} if said else {}  # an invented one is in no list
        ordered = sorted(known.items(), key=lambda row: row[1])
        country: Any = self.fields["country"]
        country.choices = [("", pgettext_lazy("a country", "Not said")), *ordered]

    def clean_point(self) -> Point | None:
        """A point of the earth, or none."""
        text = str(self.cleaned_data["point"]).strip()
        if not text:
            return None
        try:
            return read_point(text)
        except GeoRefused as refused:
            raise forms.ValidationError(SAYS.get(refused.code, _NO_POINT)) from refused

    def clean(self) -> dict[str, Any]:
        """An address is whole, and the point is in its country."""
        cleaned = super().clean() or {}
        for name in (*TEXTS, *ADDRESS):
            if find_bidi_controls(str(cleaned.get(name) or "")):
                self.add_error(name, _("A hidden sign turns the direction of this text. Write it again by hand."))
        if any(cleaned.get(name) for name in ADDRESS if name != "country"):
            for name in ("address_1", "city", "state_province", "postal_code", "country"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("An address needs this too."))
        self._check_point(cleaned.get("point"), cleaned.get("country") or "")
        return cleaned

    def _check_point(self, point: Point | None, country: str) -> None:
        box = box_of(country) if point else None
        if point is None or box is None or box.contains(point):
            return
        if looks_swapped(point, box):
            self.add_error("point", _("Latitude and longitude seem to have changed places."))
        else:
            self.add_error("point", _("This point is not in the country of the address."))
