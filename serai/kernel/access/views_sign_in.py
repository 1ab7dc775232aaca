"""Pages of signing in: the sign-in library's, with what the house adds to each.

A second factor that was just set up counts at once; the last one cannot be taken away; signing out leaves nothing.
"""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.adapter import get_adapter as second_factors
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from .organisation_sign_in import active_providers

LEAVE_NOTHING = '"cache", "cookies", "storage"'


class SignIn(LoginView):
    """E-mail and password, a passkey, or the organisation's own sign-in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the organisations that have a sign-in of their own."""
        onward = urlencode({"next": target}) if (target := self.get_next_url()) else ""
        ways = [
            {
                "name": row.organisation.said(self.request.LANGUAGE_CODE).text,
                "url": f"{reverse('openid_connect_login', args=[row.organisation_id])}?{onward}".rstrip("?"),
            }
            for row in active_providers()
        ]
        return {**super().get_context_data(**kwargs), "ways": ways, "demo_house": settings.SERAI_MODE == "demo"}


class SignOut(LogoutView):
    """Asks on GET, signs out on POST and has the browser forget what it kept of the desk."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """The header works over TLS only; the session is over either way."""
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = LEAVE_NOTHING
        return response


class SetUpCodes(ActivateTOTPView):
    """Codes of an authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The person has just shown a code: this session has a second factor from now on."""
        response: HttpResponse = super().form_valid(form)
        count_now(self.request, Authenticator.Type.TOTP)
        return response


class AddKey(AddWebAuthnView):
    """A key or passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The person has just used the key: this session has a second factor from now on."""
        response: HttpResponse = super().form_valid(form)
        count_now(self.request, Authenticator.Type.WEBAUTHN)
        return response


class RemoveKey(RemoveWebAuthnView):
    """Takes a key away, unless it is the last second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The library asks this question for codes only; here it counts for keys too."""
        adapter = second_factors()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        response: HttpResponse = super().form_valid(form)
        return response


def count_now(request: HttpRequest, kind: str) -> None:
    """Counts the newest second factor of a kind as shown in this session."""
    newest = Authenticator.objects.filter(user_id=request.user.pk, type=kind).latest("created_at")
    post_authentication(request, newest)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in page knows neither second factor nor tries: it leads to ours."""
    return HttpResponseRedirect(reverse("account_login"))
