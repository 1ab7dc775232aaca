"""What a person types: a PIN, the code of a card, two shares. A slip of the pen is named by its group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from serai.kernel.people.pins import LONGEST, SHORTEST, PinRefused, choose_pin, read_pin
from serai.lib import account_code, shares

_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}
MOST_TYPED = 1_000


class PinField(forms.CharField):
    """A PIN. chosen: whether it is to be set now, and must not be one that everybody would try."""

    def __init__(self, *, chosen: bool = False, **more: Any) -> None:
        widget = forms.PasswordInput(attrs={**_DIGITS, "autocomplete": "new-password" if chosen else "off"})
        super().__init__(max_length=100, widget=widget, **more)
        self.chosen = chosen

    def clean(self, value: Any) -> str:
        """The digits of the PIN."""
        text = super().clean(value)
        try:
            return choose_pin(text) if self.chosen else read_pin(text)
        except PinRefused as refused:
            raise ValidationError(_pin_words(refused.code), refused.code) from None


class CardField(forms.CharField):
    """The code of a card: typed, or what was scanned from its QR code."""

    def __init__(self, **more: Any) -> None:
        widget = forms.Textarea(attrs={**_DIGITS, "rows": 4})
        super().__init__(max_length=MOST_TYPED, widget=widget, **more)

    def clean(self, value: Any) -> bytes:  # type: ignore[override]
        """The secret of the card."""
        try:
            return account_code.read_account_code(super().clean(value))
        except account_code.AccountCodeRefused as refused:
            raise ValidationError(_code_words(refused.code, refused.groups), refused.code) from None


class ChooseForm(forms.Form):
    """A new PIN, twice."""

    pin = PinField(label=_("Choose a PIN"), chosen=True, help_text=_("6 to 12 digits that nobody guesses."))
    again = PinField(label=_("The same PIN again"))

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        said = super().clean() or {}
        if "pin" in said and "again" in said and said["pin"] != said["again"]:
            self.add_error("again", gettext("The two PINs are not the same. Write both again."))
        return said


class CardForm(forms.Form):
    """Which card."""

    card = CardField(
        label=_("The digits on your card"),
        help_text=_("13 groups of 5 digits. Spaces and lines do not matter."),
    )


class PinForm(forms.Form):
    """The PIN of the card."""

    pin = PinField(label=_("Your PIN"))


class RenewForm(ChooseForm):
    """The PIN of now, so that a phone left open for a minute loses nobody their page; and a new one."""

    now = PinField(label=_("Your PIN"))
    field_order = ("now", "pin", "again")


class RecoverForm(ChooseForm):
    """Two shares, and a new PIN."""

    one = forms.CharField(label=_("The digits of one share"), max_length=MOST_TYPED)
    other = forms.CharField(label=_("The digits of another share"), max_length=MOST_TYPED)
    field_order = ("one", "other", "pin", "again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].widget = forms.Textarea(attrs={**_DIGITS, "rows": 5})

    def clean(self) -> dict[str, Any]:
        """`recovery`: the secret that both make."""
        said = super().clean()
        if "one" in said and "other" in said:
            try:
                said["recovery"] = shares.join([said["one"], said["other"]])
            except shares.SharesRefused as refused:
                field = {1: "one", 2: "other"}.get(refused.share)
                self.add_error(field, _share_words(refused.code, refused.groups))
        return said


def _pin_words(code: str) -> str:
    return {
        "short": gettext("A PIN has %(least)d digits or more."),
        "long": gettext("A PIN has %(most)d digits at most."),
        "not-digits": gettext("A PIN has digits only."),
        "plain": gettext("Others would guess this PIN first. Choose another one."),
    }[code] % {"least": SHORTEST, "most": LONGEST}


def _groups_words(groups: Sequence[int]) -> str:
    told = ", ".join(map(str, groups))
    return ngettext(
        "Group %(groups)s has a wrong digit. Compare it with your paper.",
        "Groups %(groups)s have a wrong digit. Compare them with your paper.",
        len(groups),
    ) % {"groups": told}


def _code_words(code: str, groups: Sequence[int]) -> str:
    if code == "wrong-group":
        return _groups_words(groups)
    return {
        "empty": gettext("Write the digits of your card."),
        "not-digits": gettext("Write digits only."),
        "too-short": gettext("Some groups are missing. A card has 13 groups of 5 digits."),
        "too-long": gettext("These are too many digits. A card has 13 groups of 5 digits."),
        "bad-checksum": gettext("These digits are not those of one card. Compare each group with your paper."),
        "other-version": gettext("This card was made for another version of these pages."),
    }[code]


def _share_words(code: str, groups: Sequence[int]) -> str:
    if code == "wrong-group":
        return _groups_words(groups)
    return {
        "same-share-twice": gettext("You wrote the same share twice. Write two different ones."),
        "shares-of-different-secrets": gettext("These two shares do not belong together."),
    }.get(code, gettext("This is not a share. Compare each group with your paper."))
