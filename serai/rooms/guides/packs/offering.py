"""What this room offers to kernel/packs, and the humans that come with packs."""

from __future__ import annotations

from serai.kernel.register.ports import (
    FACT_TITLES,
    HUMANS,
    LIVE_CHECKS,
    PACK_EXPORTS,
    PACK_PARTS,
    PACK_STAMPS,
    PACK_WORDS,
)


def offer_packs() -> None:
    """Called when the house opens."""
    from .. import humans
    from .exporting_guides import export_guides
    from .exporting_tables import EXPORTS
    from .parts import PARTS, stamp_guides
    from .tables import ALERTS, CONTACTS, topic_words

    for name, part in PARTS.items():
        PACK_PARTS.offer(f"guides.{name}", part)
    PACK_WORDS.offer("guides.topics", topic_words)
    for table in (CONTACTS, ALERTS):
        PACK_WORDS.offer(f"guides.{table.name}", table.words_needed)
    PACK_STAMPS.offer("guides", stamp_guides)
    PACK_EXPORTS.offer("guides", export_guides)
    for name, export in EXPORTS.items():
        PACK_EXPORTS.offer(f"guides.{name}", export)
    HUMANS.offer("guides", humans.human_desks)
    FACT_TITLES.offer("guides.contacts", humans.due_contacts)
    LIVE_CHECKS.offer("guides.contacts", humans.contact_refusals)
