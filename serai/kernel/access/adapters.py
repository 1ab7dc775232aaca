"""How staff come in: nobody signs up; an organisation's own sign-in opens only accounts that already exist.

The sign-in library asks these adapters wherever it would otherwise store an address, sign somebody up or trust a
claim by default.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy

from .actions_sign_in import bind_identity
from .organisation_sign_in import (
    PROVIDER,
    SignInRefused,
    active_providers,
    as_app,
    check_provider,
    person_of,
    proves_second_factor,
    provider_of,
    read_claims,
)
from .sealed import seal, unseal
from .second_factor import ORGANISATION_PROVED, SETS_UP

_OF_THIS_PROCESS = secrets.token_bytes(32)
"""Made at each start and never written down: what was counted under it means nothing afterwards."""


RECENT_SECONDS = 300


class StaffAccounts(DefaultAccountAdapter):
    """Accounts are made by an administrator's action, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Not the address: a keyed digest of it, good only for counting tries in this process's memory.

        Whoever comes through a proxy of the house's own machine that hands on no address is nobody in particular:
        counted as one sender, a stranger's wrong guesses would shut all staff out. Tries on an account count anyway,
        and the proxy can hold back a sender it knows (deploy/nginx.conf).
        """
        try:
            address = get_client_ip(request)
        except ImproperlyConfigured:
            address = None
        if not address or ip_address(address).is_loopback:
            return secrets.token_hex(32)
        return hmac.new(_OF_THIS_PROCESS, truncate_ip(address).encode(), hashlib.sha256).hexdigest()

    def get_http_user_agent(self, request: HttpRequest) -> str:
        """Nobody needs it."""
        return ""

    def is_safe_url(self, url: str) -> bool:
        """After signing in one goes to a page of the desk and nowhere else."""
        return url_has_allowed_host_and_scheme(
            url, {settings.SERAI_DESK_HOST}, require_https=settings.SERAI_SCHEME == "https"
        )

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Not within five minutes of signing in: the person has just shown who he is."""
        request = context.request
        steps = get_authentication_records(request, request.user)
        return not any(time.time() - step["at"] < RECENT_SECONDS for step in steps if "at" in step)

    def get_login_stages(self) -> list[str]:
        """Ours asks for the second factor."""
        asks = "allauth.mfa.stages.AuthenticateStage"
        ours = "serai.kernel.access.stages.SecondFactorStage"
        return [ours if stage == asks else stage for stage in super().get_login_stages()]

    def pre_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse | None:
        """Remembers a second factor that the organisation's sign-in proved."""
        response: HttpResponse | None = super().pre_login(request, user, **told)
        came_by = (told.get("signal_kwargs") or {}).get("sociallogin")
        if response is None and getattr(came_by, "second_factor_proved", False):
            record_authentication(request, user, ORGANISATION_PROVED)
        return response

    def login(self, request: HttpRequest, user: Any) -> None:
        """A new session key with each sign-in, also when the same person was here already."""
        super().login(request, user)
        request.session.cycle_key()


class OrganisationSignIn(DefaultSocialAccountAdapter):
    """OIDC: the organisation says who it is; whether the person may come in was decided before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an unknown address is refused."""
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers on record in our own table."""
        apps = [as_app(row) for row in active_providers()]
        if provider and provider != PROVIDER:
            apps = [app for app in apps if app.provider_id == str(provider)]
        return [app for app in apps if client_id in (None, app.client_id)]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Takes the claims aside before anything is stored: some providers put addresses and phones into them."""
        sociallogin.said = sociallogin.account.extra_data
        sociallogin.account.extra_data = {}
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decides. A refusal is a page that says why."""
        try:
            if sociallogin.state.get("process") != "login":
                raise SignInRefused(
                    gettext("An organisation’s sign-in only signs in; it cannot be added to an account.")
                )
            provider = provider_of(sociallogin.account.provider)
            claims = read_claims(sociallogin.said)
            check_provider(provider, claims)
            bound = sociallogin.user if sociallogin.is_existing else None
            user = person_of(provider, claims, bound)
        except SignInRefused as refusal:
            page = render(request, "access/sign_in_refused.html", {"says": refusal.says}, status=403)
            raise ImmediateHttpResponse(page) from None
        if bound is None:
            sociallogin.account = bind_identity(by=user, provider=provider, identity=claims.identity)
        sociallogin.user = user
        sociallogin.second_factor_proved = proves_second_factor(provider, claims)


class SecondFactors(DefaultMFAAdapter):
    """Codes and keys: sealed in the database, and never the last one taken away by its owner."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "This is your last second factor. Add another one first, then remove this one."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seals the secret of codes."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Opens it."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The desk is closed without a second factor, so one must stay."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SETS_UP)
        return others.exclude(pk=authenticator.pk).exists()

    def _get_site_name(self) -> str:
        return str(settings.SERAI_HOUSE_NAME)
