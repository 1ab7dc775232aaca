"""Says once that something is wrong, and again only after it was right in between: a full disk fills no log."""

from __future__ import annotations

import logging

logger = logging.getLogger("serai.published")

_told: set[str] = set()


def tell_once(what: str, message: str, *values: object) -> None:
    """Logs a warning unless this trouble was told already."""
    if what not in _told:
        _told.add(what)
        logger.warning(message, *values)


def trouble_over(what: str) -> None:
    """It works again: the next trouble of this kind is news."""
    _told.discard(what)
