"""What access has against opening a house to the public."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from serai.kernel.register.ports import Refusal

from .models import IdentityProvider
from .queries import demo_accounts, operators_ready

IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"


def refusals() -> Iterable[Refusal]:
    """Demo accounts, nobody who runs the house, a sign-in that travels in the clear, counters kept on a disk."""
    count = demo_accounts()
    if count:
        yield Refusal(
            "demo-accounts",
            f"{count} accounts of the demo house exist, with passwords that lie in a file.",
            "staff accounts",
            "run `serai staff remove-demo`",
        )
    if not operators_ready():
        yield Refusal(
            "no-operator",
            "Nobody with a second factor runs this house.",
            "staff accounts",
            "run `serai staff create-operator EMAIL`, open the link and set up the second factor",
        )
    for row in IdentityProvider.objects.filter(active=True).exclude(issuer__startswith="https://"):
        yield Refusal(
            "sign-in-in-the-clear",
            "An organisation's own sign-in does not use https.",
            f"/staff/organisations/{row.organisation_id}/sign-in/",
            "enter its https address, or switch it off",
        )
    if settings.CACHES["default"]["BACKEND"] != IN_MEMORY:
        yield Refusal(
            "counters-outside-memory",
            "Counters of sign-in tries would leave this process's memory.",
            "CACHES",
            f"use {IN_MEMORY}",
        )
