"""Writes on organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from serai.kernel.ledger.actions import record

from .access import may_edit_organisation, may_make_organisation
from .actions import MayNotAdminister
from .models import Organisation, User
from .viewer import viewer_for

PLAIN = ("kind", "url", "phone", "email")


class KeyTaken(ValueError):
    """Another organisation has this key."""


ORGANISATIONS = "organisations"
"""The key that published files depend on when they list all organisations."""


def organisation_touch(key: str) -> str:
    """The key that published files depend on when they name this organisation."""
    return f"organisation:{key}"


@transaction.atomic
def create_organisation(*, by: User | None, key: str, names: Mapping[str, str], **values: Any) -> Organisation:
    """A new organisation. values: kind, url, phone, email, abouts, fictional. Raises MayNotAdminister, KeyTaken."""
    if by is not None and not may_make_organisation(viewer_for(by)):
        raise MayNotAdminister(key)
    if Organisation.objects.filter(key=key).exists():
        raise KeyTaken(key)
    organisation = Organisation.objects.create(key=key, names=_said(names), **values)
    _record("access.organisation_created", organisation, by)
    return organisation


@transaction.atomic
def change_organisation(
    *, by: User, organisation: Organisation, names: Mapping[str, str], abouts: Mapping[str, str], **values: Any
) -> Organisation:
    """Changes what is said of an organisation. values: kind, url, phone, email. Raises MayNotAdminister."""
    if not may_edit_organisation(viewer_for(by), organisation):
        raise MayNotAdminister(organisation.key)
    organisation.names, organisation.abouts = _said(names), _said(abouts)
    for name in PLAIN:
        if name in values:
            setattr(organisation, name, values[name])
    organisation.save()
    _record("access.organisation_changed", organisation, by)
    return organisation


@transaction.atomic
def put_organisation(*, by: User | None, key: str, values: Mapping[str, Any]) -> tuple[Organisation, bool]:
    """Makes or changes an organisation as a pack says; the caller has settled what the house keeps. by: who installs.

    Returns the organisation and whether it is new.
    """
    organisation, made = Organisation.objects.update_or_create(key=key, defaults=dict(values))
    _record("access.organisation_created" if made else "access.organisation_changed", organisation, by)
    return organisation, made


@transaction.atomic
def remember_pack(*, organisation: Organisation, memory: Mapping[str, Any]) -> None:
    """Notes what a pack said of an organisation that stays as it is: nothing that anybody sees changes, so no event."""
    if organisation.from_pack != memory:
        organisation.from_pack = dict(memory)
        organisation.save(update_fields=["from_pack"])


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {tag: text.strip() for tag, text in texts.items() if text.strip()}


def _record(event: str, organisation: Organisation, by: User | None) -> None:
    record(
        event,
        subject=f"access.organisation:{organisation.pk}",
        by=str(by.pk) if by else "",
        touches=[organisation_touch(organisation.key), ORGANISATIONS],
    )
