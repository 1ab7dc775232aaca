"""An organisation's own sign-in (OpenID Connect): what its provider must say before a person comes in.

Nothing is assumed: the issuer must be the one on record, the address one of the organisation's domains, the person
known to it here, and a second factor counts only when the signed claims name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp
from django.utils.translation import gettext as _

from .models import IdentityProvider, User
from .sealed import unseal
from .viewer import viewer_for

PROVIDER = "openid_connect"


class SignInRefused(PermissionError):
    """The provider spoke, but this person does not come in. says: why and what to do, in the person's language."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


@dataclass(frozen=True)
class Claims:
    """What the provider said of a person. identity is its own name for the person (`sub`)."""

    issuer: str
    identity: str
    address: str
    address_denied: bool
    acr: str
    amr: frozenset[str]


def active_providers() -> list[IdentityProvider]:
    """All that staff may sign in by."""
    return list(IdentityProvider.objects.filter(active=True).select_related("organisation"))


def as_app(provider: IdentityProvider) -> SocialApp:
    """The provider in the shape the sign-in library wants; never saved, so the secret is open in memory alone."""
    options: dict[str, Any] = {"server_url": provider.issuer.rstrip("/"), "oauth_pkce_enabled": True}
    if provider.second_factor_acr:
        options["auth_params"] = {"acr_values": " ".join(provider.second_factor_acr)}
    return SocialApp(
        provider=PROVIDER,
        provider_id=str(provider.organisation_id),
        name=str(provider.organisation)[:40],
        client_id=provider.client_id,
        secret=unseal(provider.sealed_secret) if provider.sealed_secret else "",
        settings=options,
    )


def provider_of(provider_id: str) -> IdentityProvider:
    """The active provider of an organisation's id. Raises SignInRefused."""
    for provider in active_providers():
        if str(provider.organisation_id) == provider_id:
            return provider
    raise SignInRefused(_("This organisation has no sign-in of its own here. Sign in with your password."))


def read_claims(said: dict[str, Any]) -> Claims:
    """Reads ID token and user info; both must be about the same person. Raises SignInRefused."""
    token, info = said.get("id_token") or {}, said.get("userinfo") or {}
    if not token or (info and info.get("sub") != token.get("sub")):
        raise SignInRefused(_("Your organisation’s sign-in sent an answer that does not fit together. Try again."))
    merged = {**token, **info}
    amr = token.get("amr") or []
    return Claims(
        issuer=str(token.get("iss", "")).rstrip("/"),
        identity=str(token["sub"]),
        address=str(merged.get("email") or "").strip().lower(),
        address_denied=merged.get("email_verified", True) in (False, "false", "False"),
        acr=str(token.get("acr") or ""),
        amr=frozenset(str(value) for value in amr) if isinstance(amr, list) else frozenset(),
    )


def check_provider(provider: IdentityProvider, claims: Claims) -> None:
    """The right issuer, and an address it may speak for. Raises SignInRefused."""
    if claims.issuer != provider.issuer.rstrip("/"):
        raise SignInRefused(_("The answer came from another sign-in than the one of this organisation."))
    domain = claims.address.rpartition("@")[2]
    if not domain or domain not in provider.domains:
        raise SignInRefused(
            _("Your organisation may only bring in people with its own addresses. Yours is not one of them.")
        )
    if claims.address_denied:
        raise SignInRefused(_("Your organisation says that your address is not confirmed. Ask them to confirm it."))


def person_of(provider: IdentityProvider, claims: Claims, bound_to: User | None) -> User:
    """The member of staff who may come in. bound_to: who this identity was bound to before. Raises SignInRefused."""
    user = bound_to or User.objects.filter(email=claims.address).first()
    if user is None or str(provider.organisation_id) not in {row for _role, row in viewer_for(user).grants}:
        raise SignInRefused(_("There is no account for you at this organisation. Ask its administrator to invite you."))
    if user.email != claims.address:
        raise SignInRefused(
            _("Your address has changed. Ask the administrator of your organisation to invite you anew.")
        )
    if bound_to is None and SocialAccount.objects.filter(user=user, provider=str(provider.organisation_id)).exists():
        raise SignInRefused(
            _("This address belonged to somebody else before. Ask the administrator of your organisation.")
        )
    return user


def proves_second_factor(provider: IdentityProvider, claims: Claims) -> bool:
    """Whether the signed claims name a second factor that this organisation's provider is known to enforce."""
    return claims.acr in provider.second_factor_acr or bool(claims.amr & set(provider.second_factor_amr))
