"""Forms of the desk about organisations and staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.registry import language, languages

from .models import Organisation, SecondFactorReset, User
from .queries import organisations_seen, roles_to_hand_out
from .viewer import Viewer

LINES = (forms.TextInput, forms.PasswordInput, forms.EmailInput, forms.URLInput)


class _Day(forms.DateInput):
    input_type = "date"


class _Spoken(forms.Form):
    """Says which field is empty, so that the list of errors above a form makes sense alone; gives texts room."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speak()

    def speak(self) -> None:
        """Called again by forms that add fields of their own."""
        for field in self.fields.values():
            empty = format_lazy(_("“{field}” is empty. Please fill it in."), field=field.label or "")
            field.error_messages["required"] = empty
            if isinstance(field.widget, LINES):
                field.widget.attrs.setdefault("size", "40")


class RoleForm(_Spoken):
    """Gives a role. The organisations and roles on offer are those the viewer may hand out."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    role = forms.ChoiceField(label=_("Role"))
    title = forms.CharField(
        label=_("What the public reads instead of a name"),
        help_text=_("The function, for example “Information desk, City of Lindenbach”."),
        max_length=120,
        required=False,
    )
    until = forms.DateField(
        label=_("Last day of this role"), help_text=_("Empty means: without an end."), required=False, widget=_Day
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = organisations_seen(viewer=viewer)
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]
        if len(mine) == 1:
            self.fields["organisation"].initial = mine[0]
            self.fields["organisation"].empty_label = None  # type: ignore[attr-defined]
        self.fields["organisation"].label_from_instance = lambda row: row.said(viewer.language).text or row.key  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("Choose one")), *roles_to_hand_out(viewer=viewer)]  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        """Not in the past."""
        day = self.cleaned_data["until"]
        if day and day < timezone.localdate():
            raise ValidationError(_("This day is over. Choose today or a later day, or leave it empty."))
        return day


class InviteForm(RoleForm):
    """Makes an account with its first role."""

    email = forms.EmailField(label=_("E-mail address at work"))
    name = forms.CharField(label=_("Name, as colleagues see it"), max_length=120)
    language = forms.ChoiceField(label=_("Language of the desk for this person"))

    field_order = ("email", "name", "language", "organisation", "role", "title", "until")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        self.fields["language"].choices = desk_languages()  # type: ignore[attr-defined]
        self.fields["language"].initial = settings.SERAI_LANGUAGES[0]


class ResetForm(_Spoken):
    """Takes a second factor away."""

    checked = forms.ChoiceField(
        label=_("How did you make sure that it is this person?"),
        choices=SecondFactorReset.Checked.choices,
        widget=forms.RadioSelect,
    )


class MeForm(_Spoken):
    """One's own name and language."""

    name = forms.CharField(label=_("Your name, as colleagues see it"), max_length=120)
    language = forms.ChoiceField(label=_("Language of the desk"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = desk_languages()  # type: ignore[attr-defined]


class NewPasswordForm(_Spoken):
    """A password, twice. user: whose it is, so that it is not the name or address."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        """Long enough and not a common one."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords are not the same. Type the second one again."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """A new password for somebody who knows the old one."""

    old = forms.CharField(
        label=_("Your password until now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ("old", "password", "again")

    def clean_old(self) -> str:
        """The right one."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(_("This is not your password until now. Type it again."))
        return old


class OrganisationForm(_Spoken):
    """What is said of an organisation, in each language of the house."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    url = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail address for the public"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, tag in enumerate(settings.SERAI_LANGUAGES):
            spoken = language(tag).name
            self.fields[f"name_{tag}"] = forms.CharField(
                label=format_lazy(_("Name in {language}"), language=spoken), max_length=200, required=number == 0
            )
            self.fields[f"about_{tag}"] = forms.CharField(
                label=format_lazy(_("What it does, in {language}"), language=spoken),
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            for field in (f"name_{tag}", f"about_{tag}"):
                self.fields[field].widget.attrs.update({"lang": tag, "dir": language(tag).direction})
        self.speak()

    def said(self, kind: str) -> dict[str, str]:
        """Texts by language; kind is `name` or `about`."""
        return {tag: self.cleaned_data.get(f"{kind}_{tag}", "") for tag in settings.SERAI_LANGUAGES}

    def plain(self) -> dict[str, str]:
        """What is the same in every language."""
        return {name: self.cleaned_data[name] for name in ("kind", "url", "phone", "email")}


class NewOrganisationForm(OrganisationForm):
    """Also its key, which stays for ever."""

    key = forms.SlugField(
        label=_("Key"),
        help_text=_("Small letters, digits and hyphens. It stands in addresses and packs and never changes."),
        max_length=80,
    )
    field_order = ("key",)


class SignInForm(_Spoken):
    """An organisation's own sign-in."""

    issuer = forms.URLField(
        label=_("Address of the sign-in (issuer)"),
        help_text=_("As the organisation’s IT names it, for example https://login.example.org/staff"),
        assume_scheme="https",
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=190)
    secret = forms.CharField(
        label=_("Client secret"),
        help_text=_("Empty keeps the one there is."),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domains = forms.CharField(
        label=_("Its mail domains"), help_text=_("With spaces between, for example: lindenbach.example")
    )
    second_factor_acr = forms.CharField(
        label=_("Values of “acr” that prove a second factor"),
        help_text=_("Only if its sign-in always asks for one. Empty: this house asks for its own."),
        required=False,
    )
    second_factor_amr = forms.CharField(
        label=_("Values of “amr” that prove a second factor"), help_text=_("For example: mfa otp hwk"), required=False
    )
    active = forms.BooleanField(label=_("Staff may sign in by it"), required=False)


def desk_languages() -> list[tuple[str, str]]:
    """Languages of the house by their own names: the interface is complete in these."""
    return [(tag, languages()[tag].name) for tag in settings.SERAI_LANGUAGES]
