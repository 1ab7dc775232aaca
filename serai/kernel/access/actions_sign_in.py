"""Writes around signing in: sign out everywhere, one's own settings, an organisation's own sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from serai.kernel.languages.registry import language as known_language
from serai.kernel.ledger.actions import record

from .access import may_set_up_sign_in
from .actions import MayNotAdminister
from .models import IdentityProvider, Organisation, User
from .sealed import seal
from .viewer import viewer_for

DESCRIPTION = "/.well-known/openid-configuration"
"""Where a provider describes itself; people often paste the whole of it."""


class ProviderNotGood(ValueError):
    """The sign-in of an organisation would not be safe. field: which part of it; says: why and what to do."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


@dataclass(frozen=True)
class ProviderSettings:
    """What an operator enters. secret: "" keeps the one on record. Domains are compared in lower case."""

    issuer: str
    client_id: str
    secret: str
    domains: tuple[str, ...]
    second_factor_acr: tuple[str, ...] = ()
    second_factor_amr: tuple[str, ...] = ()
    active: bool = True


@transaction.atomic
def sign_out_everywhere(*, by: User) -> User:
    """Ends every session of one's own account, this one included."""
    by.session_seed = uuid4()
    by.save(update_fields=["session_seed"])
    record("access.sessions_ended", subject=f"access.user:{by.pk}", by=str(by.pk))
    return by


@transaction.atomic
def change_own_settings(*, by: User, name: str, language: str) -> User:
    """The name colleagues see and the language of the desk. Raises UnknownLanguage."""
    by.name = name.strip()
    by.language = known_language(language).tag
    by.save(update_fields=["name", "language"])
    record("access.staff_changed", subject=f"access.user:{by.pk}", by=str(by.pk))
    return by


@transaction.atomic
def change_own_password(*, by: User, password: str) -> User:
    """A new password, which the caller has validated. Every session ends; the caller renews the one at hand."""
    by.set_password(password)
    by.session_seed = uuid4()
    by.save(update_fields=["password", "session_seed"])
    record("access.password_changed", subject=f"access.user:{by.pk}", by=str(by.pk))
    return by


@transaction.atomic
def set_up_sign_in(*, by: User, organisation: Organisation, given: ProviderSettings) -> IdentityProvider:
    """Lets an organisation's staff sign in by its own provider. Raises MayNotAdminister, ProviderNotGood."""
    if not may_set_up_sign_in(viewer_for(by)):
        raise MayNotAdminister(str(organisation.pk))
    domains = _clean(given.domains)
    _check_issuer(given.issuer)
    _check_domains(organisation, domains)
    values = {
        "issuer": given.issuer.strip().removesuffix(DESCRIPTION).rstrip("/"),
        "client_id": given.client_id.strip(),
        "domains": domains,
        "second_factor_acr": [value.strip() for value in given.second_factor_acr if value.strip()],
        "second_factor_amr": [value.strip() for value in given.second_factor_amr if value.strip()],
        "active": given.active,
    }
    if given.secret:
        values["sealed_secret"] = seal(given.secret)
    row, _made = IdentityProvider.objects.update_or_create(organisation=organisation, defaults=values)
    record("access.sign_in_set_up", subject=f"access.organisation:{organisation.pk}", by=str(by.pk))
    return row


@transaction.atomic
def bind_identity(*, by: User, provider: IdentityProvider, identity: str) -> SocialAccount:
    """Remembers which identity at the provider is this person: from now on the address alone is not enough."""
    account = SocialAccount.objects.create(user=by, provider=str(provider.organisation_id), uid=identity, extra_data={})
    record("access.identity_bound", subject=f"access.user:{by.pk}", by=str(by.pk))
    return account


def _clean(domains: Sequence[str]) -> list[str]:
    return sorted({domain.strip().lstrip("@").lower() for domain in domains if domain.strip()})


def _check_issuer(issuer: str) -> None:
    parts = urlsplit(issuer.strip())
    allowed = {"https"} if settings.SERAI_MODE == "live" or settings.SERAI_SCHEME == "https" else {"https", "http"}
    if parts.scheme not in allowed or not parts.hostname:
        raise ProviderNotGood("issuer", "not_https")


def _check_domains(organisation: Organisation, domains: list[str]) -> None:
    if not domains:
        raise ProviderNotGood("domains", "none")
    if any("." not in domain or "/" in domain or "@" in domain for domain in domains):
        raise ProviderNotGood("domains", "not_a_domain")
    for other in IdentityProvider.objects.exclude(organisation=organisation):
        if set(domains) & set(other.domains):
            raise ProviderNotGood("domains", "taken")
