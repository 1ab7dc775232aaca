"""The step between password and desk at which a code or key is asked for."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from .second_factor import organisation_proved


class SecondFactorStage(AuthenticateStage):
    """Asks, unless the organisation's own sign-in has just proved a second factor."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if self.login.user is not None and organisation_proved(request, self.login.user):
            return False
        asks: bool = super()._should_handle(request)
        return asks
