"""What the exchange offers to the ports of the house."""

from __future__ import annotations

from serai.kernel.register.ports import IMPORTERS, SEARCH_CHANGES


def offer_exchange() -> None:
    """Called when the guides make their offers."""
    from .found import search_changes
    from .integreat.command import integreat

    IMPORTERS.offer("integreat", integreat)
    SEARCH_CHANGES.offer("guides", search_changes)
