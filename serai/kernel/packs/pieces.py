"""What a house keeps when a pack comes anew: its own words and its own checks.

For each piece of content (a guide in a language, a contact, an alert, a topic) three things are held together: what
the pack said at the last install, what it says now, and what stands in the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .models import Piece


class Choice(StrEnum):
    """What is done with the words of one piece."""

    TAKE = "take"
    """The pack's words: the house has none, or the ones it had from the pack."""
    KEEP = "keep"
    """The house's own words: somebody here made or changed them."""
    SAME = "same"
    """Both are the same already."""


@dataclass(frozen=True)
class Pieces:
    """What a pack said of its pieces at the last install, by ref. Read once for a whole install."""

    pack: str
    before: dict[str, Piece]

    @classmethod
    def of(cls, pack: str, kind: str) -> Pieces:
        """The pieces of one kind (`guides`, `contacts`): their refs begin with it."""
        rows = Piece.objects.filter(pack=pack, ref__startswith=f"{kind}/")
        return cls(pack, {row.ref: row for row in rows})

    def choose(self, ref: str, *, wanted: str, here: str) -> Choice:
        """wanted: digest of the pack's words as this house would have them; here: of what stands, "" for nothing."""
        before = self.before.get(ref)
        if here == wanted:
            return Choice.SAME
        if not here:
            return Choice.TAKE
        if before is None or here != before.here:
            return Choice.KEEP
        return Choice.TAKE

    def changed(self, ref: str, text: str) -> bool:
        """Whether the pack's own words are others than at the last install."""
        before = self.before.get(ref)
        return before is not None and before.text != text

    def rest_changed(self, ref: str, rest: str) -> bool:
        """Whether what the pack says of source and dates is other than at the last install; true the first time."""
        before = self.before.get(ref)
        return before is None or before.gone or before.rest != rest

    def was_gone(self, ref: str) -> bool:
        """Whether the pack had taken the piece out, and brings it back."""
        before = self.before.get(ref)
        return before is not None and before.gone

    def missing(self, present: set[str]) -> list[str]:
        """Refs that the pack had at the last install and has no more."""
        return sorted(ref for ref, row in self.before.items() if ref not in present and not row.gone)

    def said(self, ref: str) -> dict[str, str]:
        """What the pack said of a row of a table at the last install, piece by piece."""
        before = self.before.get(ref)
        return dict(before.said) if before else {}

    def remember(self, ref: str, **values: Any) -> None:
        """Notes what the pack says now (text, here, rest or said); writes only when that is new."""
        values["gone"] = False
        before = self.before.get(ref)
        if before is None:
            self.before[ref] = Piece.objects.create(pack=self.pack, ref=ref, **values)
        elif any(getattr(before, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(before, name, value)
            before.save()

    def forget(self, ref: str) -> None:
        """The pack has this piece no more."""
        row = self.before[ref]
        row.gone = True
        row.save()


def owner_of(ref: str, pack: str) -> str:
    """Another pack that brought this piece and still has it, or ""."""
    row = Piece.objects.filter(ref=ref, gone=False).exclude(pack=pack).first()
    return row.pack if row else ""
