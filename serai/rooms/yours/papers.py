"""What a person takes home: the card, and three shares of which two make a new card. Shown once, then forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from serai.kernel.people.actions import Secrets
from serai.lib import shares
from serai.lib.account_code import account_qr_text, show_account_code
from serai.lib.qr import svg_qr


@dataclass(frozen=True)
class Papers:
    """card: groups of digits; qr: the same as a QR code, an svg element; shares: groups of each."""

    card: tuple[str, ...] = field(repr=False)
    qr: SafeString = field(repr=False)
    shares: tuple[tuple[str, ...], ...] = field(repr=False)


def papers_of(made: Secrets) -> Papers:
    """From fresh secrets."""
    cut = tuple(tuple(shares.as_groups(share)) for share in shares.split(made.recovery))
    drawn = mark_safe(svg_qr(account_qr_text(made.card)))  # noqa: S308 - numbers only; never through a cache
    return Papers(tuple(show_account_code(made.card)), drawn, cut)
