"""Writes on staff: invite, give and take roles, let go and take back, reset what was lost.

`by` is None only for the command line: whoever has the machine runs the house. Every action leaves an event; those
that change what somebody may do tell the port MEMBERSHIPS.
"""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from serai.kernel.ledger.actions import record
from serai.kernel.register.house import roles
from serai.kernel.register.ports import MEMBERSHIPS

from .access import OPERATOR, may_change_account, may_grant_role
from .links import digest_of, link_life, new_token
from .models import Membership, OneTimeLink, Organisation, SecondFactorReset, User
from .viewer import viewer_for


class MayNotAdminister(PermissionError):
    """The member of staff may not do this to that account, role or organisation."""


class UnknownRole(LookupError):
    """No part of the house declares the role."""


class LastOperator(ValueError):
    """Nobody would be left to run the house: make another operator first."""


class EndsInThePast(ValueError):
    """A role would end before it begins."""


class LinkNotGood(LookupError):
    """The link was used, replaced, is too old or never existed: ask for a new one."""


@transaction.atomic
def invite_staff(
    *,
    by: User | None,
    email: str,
    name: str,
    organisation: Organisation,
    role: str,
    title: str = "",
    until: date | None = None,
    language: str = "en",
) -> tuple[User, str]:
    """Makes an account with its first role and a one-time link; returns both. The token is "" for an old account.

    Raises MayNotAdminister, UnknownRole, EndsInThePast, ValidationError (address).
    """
    validate_email(email)
    user = User.objects.filter(email=email.strip().lower()).first()
    if by is not None and not may_grant_role(viewer_for(by), user, organisation.pk, role):
        raise MayNotAdminister(role)
    token = ""
    if user is None:
        user = User.objects.create_user(email.strip(), None, name=name.strip(), language=language)
        record("access.staff_invited", subject=_subject(user), by=_id(by))
        token = _new_link(user, by)
    grant_role(by=by, user=user, organisation=organisation, role=role, title=title, until=until)
    return user, token


@transaction.atomic
def make_link(*, by: User | None, user: User) -> str:
    """A new one-time link; the one before is worth nothing any more. Returns the token. Raises MayNotAdminister."""
    _check_account(by, user)
    record("access.link_made", subject=_subject(user), by=_id(by))
    return _new_link(user, by)


@transaction.atomic
def use_link(*, token: str, password: str) -> User:
    """Sets the password by a one-time link and ends the sessions there are. The caller has validated the password.

    Raises LinkNotGood.
    """
    link = OneTimeLink.objects.select_for_update().filter(digest=digest_of(token)).select_related("user").first()
    if link is None or link.expires_at <= timezone.now() or not link.user.is_active:
        raise LinkNotGood(token[:4])
    user = link.user
    user.set_password(password)
    user.session_seed = uuid4()
    user.save(update_fields=["password", "session_seed"])
    link.delete()
    record("access.link_used", subject=_subject(user), by=str(user.pk))
    return user


@transaction.atomic
def grant_role(
    *, by: User | None, user: User, organisation: Organisation, role: str, title: str = "", until: date | None = None
) -> Membership:
    """Gives a role in an organisation, or changes its end and public title.

    Raises MayNotAdminister, UnknownRole, EndsInThePast.
    """
    if role not in roles():
        raise UnknownRole(role)
    if until is not None and until < timezone.localdate():
        raise EndsInThePast(until.isoformat())
    if by is not None and not may_grant_role(viewer_for(by), user, organisation.pk, role):
        raise MayNotAdminister(role)
    if role == OPERATOR and until is not None:
        _check_operator_left(user)
    row, _made = Membership.objects.update_or_create(
        user=user, organisation=organisation, role=role, defaults={"title": title.strip(), "until": until}
    )
    record("access.role_granted", subject=f"access.membership:{row.pk}", by=_id(by))
    _memberships_changed(user)
    return row


@transaction.atomic
def revoke_role(*, by: User | None, membership: Membership) -> None:
    """Takes a role away. Raises MayNotAdminister, LastOperator."""
    user = membership.user
    if by is not None and not may_grant_role(viewer_for(by), user, membership.organisation_id, membership.role):
        raise MayNotAdminister(membership.role)
    if membership.role == OPERATOR:
        _check_operator_left(user)
    subject = f"access.membership:{membership.pk}"
    membership.delete()
    record("access.role_revoked", subject=subject, by=_id(by))
    _memberships_changed(user)


@transaction.atomic
def deactivate_staff(*, by: User | None, user: User) -> User:
    """Closes an account at once, everywhere; what the person did stays. Raises MayNotAdminister, LastOperator."""
    _check_account(by, user)
    _check_operator_left(user)
    user.is_active = False
    user.deactivated_at = timezone.now()
    user.session_seed = uuid4()
    user.save(update_fields=["is_active", "deactivated_at", "session_seed"])
    OneTimeLink.objects.filter(user=user).delete()
    record("access.staff_deactivated", subject=_subject(user), by=_id(by))
    _memberships_changed(user)
    return user


@transaction.atomic
def reactivate_staff(*, by: User | None, user: User) -> User:
    """Opens an account again, with the roles it still has. Raises MayNotAdminister."""
    _check_account(by, user)
    user.is_active = True
    user.deactivated_at = None
    user.save(update_fields=["is_active", "deactivated_at"])
    record("access.staff_reactivated", subject=_subject(user), by=_id(by))
    _memberships_changed(user)
    return user


@transaction.atomic
def reset_second_factor(*, by: User | None, user: User, checked: str) -> SecondFactorReset:
    """Takes away codes, keys and recovery codes of somebody who lost them, ends all sessions, keeps a record.

    checked: one of SecondFactorReset.Checked, how the person was recognised. Raises MayNotAdminister.
    """
    _check_account(by, user)
    Authenticator.objects.filter(user=user).delete()
    user.session_seed = uuid4()
    user.save(update_fields=["session_seed"])
    row = SecondFactorReset.objects.create(
        user=user, by=by, at=timezone.now(), checked=SecondFactorReset.Checked(checked)
    )
    record("access.second_factor_reset", subject=_subject(user), by=_id(by))
    return row


@transaction.atomic
def erase_staff(*, by: User | None, user: User) -> None:
    """Deletes an account and what is only about the person. What it did for the house stays, without its name."""
    _check_account(by, user)
    _check_operator_left(user)
    subject = _subject(user)
    user_id = str(user.pk)
    user.delete()
    record("access.staff_erased", subject=subject, by=_id(by))
    for listener in MEMBERSHIPS:
        listener(user_id)


def _new_link(user: User, by: User | None) -> str:
    token = new_token()
    OneTimeLink.objects.update_or_create(
        user=user,
        defaults={"digest": digest_of(token), "expires_at": timezone.now() + link_life(), "made_by": by},
    )
    return token


def _check_account(by: User | None, user: User) -> None:
    if by is not None and not may_change_account(viewer_for(by), user):
        raise MayNotAdminister(str(user.pk))


def _check_operator_left(user: User) -> None:
    """Raises LastOperator when `user` is the only one who runs the house without an end."""
    operators = Membership.objects.filter(Q(until__isnull=True), role=OPERATOR, user__is_active=True)
    if operators.filter(user=user).exists() and not operators.exclude(user=user).exists():
        raise LastOperator(str(user.pk))


def _memberships_changed(user: User) -> None:
    for listener in MEMBERSHIPS:
        listener(str(user.pk))


def _subject(user: User) -> str:
    return f"access.user:{user.pk}"


def _id(user: User | None) -> str:
    return str(user.pk) if user else ""
