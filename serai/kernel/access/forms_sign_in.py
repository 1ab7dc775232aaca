"""Forms of signing in: the library's checks in the words of the house, and codes that work once.

The library remembers used codes in the memory of one process, for half a minute; a code is good for longer than that.
Here the moment a code was good for is kept with the authenticator, for every server at once.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as second_factors
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

LAST = "last_counter"
NOT_A_KEYS_ANSWER = (KeyError, AttributeError, TypeError, IndexError)


def _plain(form: forms.Form) -> None:
    """No hints inside fields: they vanish while typing, and their grey is hard to read."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Your e-mail address at work")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        _plain(self)


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        _plain(self)


class CodeForm(AuthenticateForm):
    """A code at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self)

    def clean_code(self) -> str:
        """Refuses a code that was used before."""
        code: str = super().clean_code()
        use_up(self.authenticator, code)
        return code


class CodeAgainForm(ReauthenticateCodeForm):
    """A code before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self)

    def clean_code(self) -> str:
        """Refuses a code that was used before."""
        code: str = super().clean_code()
        use_up(self.authenticator, code)
        return code


class SetUpCodesForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self)
        self.fields["code"].help_text = _("The 6 digits that the app shows now.")


class _KnownAnswers:
    """A key's answer is a tree made elsewhere; where a branch is missing the library stumbles instead of refusing."""

    def clean_credential(self) -> Any:
        """Refuses what is not the answer of a key."""
        try:
            inherited = getattr(super(), "clean_credential", None)
            return inherited() if inherited else self.cleaned_data["credential"]  # type: ignore[attr-defined]
        except NOT_A_KEYS_ANSWER:
            raise second_factors().validation_error("incorrect_code") from None

    def clean(self) -> Any:
        """The same for a key that is being added."""
        try:
            return super().clean()  # type: ignore[misc]
        except NOT_A_KEYS_ANSWER:
            raise second_factors().validation_error("incorrect_code") from None


class KeyForm(_KnownAnswers, AuthenticateWebAuthnForm):
    """A key as the second step."""


class KeyAgainForm(_KnownAnswers, ReauthenticateWebAuthnForm):
    """A key before something sensitive."""


class PasskeyForm(_KnownAnswers, LoginWebAuthnForm):
    """A key alone."""


class AddKeyForm(_KnownAnswers, AddWebAuthnForm):
    """A new key or passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this key")
        self.fields["name"].help_text = _("So that you know later which one it is.")
        self.fields["passwordless"].label = _("Sign in with this key alone, without the password")
        self.fields["passwordless"].help_text = _("The key then asks for your finger, face or a PIN each time.")
        _plain(self)


class RenameKeyForm(EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this key")


def _ask_for_code(form: forms.Form) -> None:
    form.fields["code"].label = _("Code")
    form.fields["code"].help_text = _("The 6 digits of your authenticator app, or one of your recovery codes.")
    form.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})
    _plain(form)


@transaction.atomic
def use_up(authenticator: Authenticator, code: str) -> None:
    """Marks the code's half minute as used. Raises ValidationError when it, or a later one, was used already."""
    if authenticator.type != Authenticator.Type.TOTP:
        return  # recovery codes count their uses themselves
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret, typed = decrypt(row.data["secret"]), normalize_user_code(code)
    good = [
        moment for moment in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, moment)) == typed
    ]
    fresh = [moment for moment in good if moment > row.data.get(LAST, 0)]
    if not fresh:
        raise second_factors().validation_error("incorrect_code")
    row.data[LAST] = fresh[0]
    row.save(update_fields=["data"])
    authenticator.data = row.data
