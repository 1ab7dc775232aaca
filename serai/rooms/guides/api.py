"""What other parts of the house may ask of the guides. Plain frozen data goes out; no model crosses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from serai.kernel.access.viewer import NOBODY, Viewer

from .queries.known import closed_keys, guide_known


@dataclass(frozen=True)
class GuideKnown:
    """A guide that the public may read. language: BCP 47 tag of its words; address: path on the public host.

    checked_on: day somebody last looked at the source, None when nobody did.
    """

    key: str
    translation_key: UUID
    title: str
    summary: str
    language: str
    address: str
    publisher: str
    checked_on: date | None


def guide_by_key(key: str, tag: str, *, viewer: Viewer = NOBODY) -> GuideKnown | None:
    """The guide of a key (`lindenbach/see-a-doctor`) in a language or the nearest; None when the public has none."""
    found = guide_known(viewer=viewer, key=key, tag=tag)
    if found is None:
        return None
    line, checked_on = found
    return GuideKnown(
        key=key,
        translation_key=line.translation_key,
        title=line.title,
        summary=line.summary,
        language=line.language,
        address=line.address,
        publisher=line.publisher.text,
        checked_on=checked_on,
    )


def is_open(key: str, *, viewer: Viewer = NOBODY) -> bool:
    """Whether the public may read the details of a guide: live, shown, and not closed by the urgent path."""
    return guide_known(viewer=viewer, key=key, tag="en") is not None and key not in closed_keys(viewer=viewer)
