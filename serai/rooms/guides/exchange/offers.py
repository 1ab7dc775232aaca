"""What the exchange offers to the ports of the house."""

from __future__ import annotations

from serai.kernel.register.ports import COMMANDS, IMPORTERS, QUEUES, SEARCH_CHANGES, SWEEPS

DISCARD_SECONDS = 30 * 60


def offer_exchange() -> None:
    """Called when the guides make their offers."""
    from .actions import discard_expired
    from .command import guides
    from .found import search_changes
    from .integreat.command import integreat
    from .translating.listing import queues

    COMMANDS.offer("guides", guides)
    IMPORTERS.offer("integreat", integreat)
    SEARCH_CHANGES.offer("guides", search_changes)
    QUEUES.offer("guides.translations", queues)
    SWEEPS.offer("guides.uploads", (DISCARD_SECONDS, discard_expired))
