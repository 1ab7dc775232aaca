"""How staff come in: nobody signs up; an organisation's own sign-in opens only accounts that already exist."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):
    """Accounts are made by an administrator's action, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class OrganisationSignIn(DefaultSocialAccountAdapter):
    """OIDC: the organisation says who it is; whether the person may come in was decided before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an unknown address is refused."""
        return False
