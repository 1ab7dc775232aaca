"""Manifest of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Event, Manifest, PersonalData

UNUSED_DAYS = 730
A_DAY = 1


def _offers() -> None:
    from serai.kernel.register.ports import SWEEPS

    from .sweeps import EVERY_DAY, EVERY_MINUTE, forget_unused, sweep_opened

    SWEEPS.offer("people.opened", (EVERY_MINUTE, sweep_opened))
    SWEEPS.offer("people.unused", (EVERY_DAY, forget_unused))


MANIFEST = Manifest(
    label="people",
    title=_("People"),
    events=(
        Event("people.account_opened", "people"),
        Event("people.account_deleted", "people"),
        Event("people.accounts_expired", "people"),
        Event("people.pin_changed", "people"),
        Event("people.card_renewed", "people"),
        Event("people.card_locked", "people"),
        Event("people.closed_everywhere", "people"),
    ),
    personal_data=(
        PersonalData(
            model="people.Account",
            fields=("card", "salt", "wrapped", "recovery", "wrapped_for_recovery", "used"),
            purpose="Lets a person, and nobody else, open what they keep here",
            legal_basis="Asked for by the person",
            retention_days=UNUSED_DAYS,
            about="person",
            erase="row deleted by the person, or when nobody has used it for that long",
        ),
        PersonalData(
            model="people.Opened",
            fields=("sealed",),
            purpose="Keeps an account open on a device between two pages",
            legal_basis="Asked for by the person",
            retention_days=A_DAY,
            about="person",
            erase="deleted on closing, or within minutes after the last use",
        ),
    ),
    offers=_offers,
)
