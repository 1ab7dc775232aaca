"""Recomputes the whole tree from the rows and holds it against everything that was ever signed.

Finds a row that was changed, taken out or put in, an opening that does not fit, a checkpoint that was forged, and an
older database that was put back. Between two good checkpoints it goes on from the signed root, so that one changed row
does not make everything after it look changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from serai.lib.merkle import Frontier
from serai.lib.note import Head, NoteRefused, Verifier, open_checkpoint

from .leaves import commitment, stored_leaf
from .models import Checkpoint, LedgerRow, Opening, Tree
from .signing import anchor_path, trusted_verifiers
from .tree import THE_TREE

CHUNK = 5000
MOST = 1000
"""A report names at most so many strange rows."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed. first and last are numbers of rows, both included."""

    code: str
    first: int
    last: int
    says: str


@dataclass
class Report:
    """What a verification saw. Sound only if nothing was found."""

    rows: int = 0
    openings: int = 0
    checkpoints: int = 0
    root: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every row is as it was sealed."""
        return not self.findings


def verify_ledger(*, kept: Iterable[str] = ()) -> Report:
    """Goes over the whole ledger. kept: checkpoints that somebody kept elsewhere, held against ours. KeyRefused.

    The house may go on working meanwhile: only the rows up to the size at the beginning are looked at.
    """
    report = Report()
    verifiers = trusted_verifiers()
    tree = Tree.objects.filter(pk=THE_TREE).first()
    size = tree.size if tree else 0
    notes = [(note, _("a checkpoint kept elsewhere")) for note in kept]
    if anchor_path().exists():
        notes.append((anchor_path().read_text(encoding="utf-8"), str(anchor_path())))
    outside = list(_heads_outside(notes, verifiers, size, report))
    walk = _walk_rows(report, _signed_heads(verifiers, size, report), outside, size)
    if tree and walk.sound and walk.frontier.root() != _stored_root(tree):
        says = _("The rows do not give the tree that was built from them.")
        report.findings.append(Finding("tree-differs", walk.since, max(size - 1, walk.since), says))
    report.root = walk.frontier.root().hex()
    _find_strangers(report)
    _walk_openings(report)
    return report


def _stored_root(tree: Tree) -> bytes:
    try:
        frontier = Frontier.from_bytes(bytes(tree.frontier))
    except ValueError:
        return b""
    return frontier.root() if frontier.size == tree.size else b""


def _heads_outside(
    notes: Iterable[tuple[str, str]], verifiers: list[Verifier], size: int, report: Report
) -> Iterator[Head]:
    for note, where in notes:
        try:
            head = open_checkpoint(note, verifiers)
        except NoteRefused as error:
            says = _("%(where)s cannot be trusted: %(why)s.") % {"where": where, "why": error}
            report.findings.append(Finding("checkpoint-not-trusted", 0, 0, says))
            continue
        if head.size > size:
            says = _("%(where)s says that %(signed)s rows were signed, the ledger has %(size)s: it was set back.")
            says %= {"where": where, "signed": head.size, "size": size}
            report.findings.append(Finding("set-back", size, head.size - 1, says))
            continue
        yield head


def _signed_heads(verifiers: list[Verifier], size: int, report: Report) -> list[tuple[Head, Frontier]]:
    """The stored checkpoints that are truly signed, with the right edge each of them vouches for."""
    found = []
    for row in Checkpoint.objects.filter(size__lte=size).order_by("size"):
        report.checkpoints += 1
        try:
            head, frontier = open_checkpoint(row.note, verifiers), Frontier.from_bytes(bytes(row.frontier))
            if (head.size, head.size, head.root) != (row.size, frontier.size, frontier.root()):
                raise NoteRefused(_("it was signed for another tree"))
        except (NoteRefused, ValueError) as error:
            says = _("The checkpoint of size %(size)s cannot be trusted: %(why)s.") % {"size": row.size, "why": error}
            report.findings.append(Finding("checkpoint-not-trusted", row.size - 1, row.size - 1, says))
            continue
        found.append((head, frontier))
    return found


class _Walk:
    """The tree built again, row by row. sound: nothing odd since the last root that somebody signed."""

    def __init__(self, report: Report) -> None:
        self.report, self.frontier = report, Frontier()
        self.at = self.since = 0
        self.sound = True

    def to(self, stop: int) -> None:
        """Reads the rows up to number `stop`, not included."""
        rows = LedgerRow.objects.filter(seq__gte=self.at, seq__lt=stop).order_by("seq")
        columns = rows.values_list("seq", "version", "kind", "day", "commitment")
        for seq, version, kind, day, stored in columns.iterator(chunk_size=CHUNK):
            self._missing(seq)
            try:
                self.frontier.append(stored_leaf(version, kind, day, stored).hash())
            except ValueError:
                self._odd("rows-changed", seq, seq, _("This row cannot be one of a ledger: it was changed."))
            self.at += 1
            self.report.rows += 1
        self._missing(stop)

    def compare(self, roots: set[bytes]) -> None:
        """Holds the tree at this place against roots that were signed."""
        if self.sound and roots - {self.frontier.root()}:
            says = _("Something among these rows is not as it was when it was signed.")
            self._odd("rows-changed", self.since, max(self.at - 1, self.since), says)

    def go_on_from(self, signed: Frontier) -> None:
        """What follows is judged by itself, from a root that was signed."""
        self.frontier = Frontier.from_bytes(signed.to_bytes())
        self.since, self.sound = self.at, True

    def _missing(self, seq: int) -> None:
        if seq > self.at:
            self._odd("rows-missing", self.at, seq - 1, _("These rows are missing."))
            self.at = seq

    def _odd(self, code: str, first: int, last: int, says: str) -> None:
        self.sound = False
        self.report.findings.append(Finding(code, first, last, says))


def _walk_rows(report: Report, signed: list[tuple[Head, Frontier]], outside: list[Head], size: int) -> _Walk:
    """Goes over all rows, stopping at each size that somebody signed."""
    edges = {head.size: frontier for head, frontier in signed}
    walk = _Walk(report)
    for stop in sorted({*edges, *(head.size for head in outside), size}):
        walk.to(stop)
        roots = {head.root for head in outside if head.size == stop}
        walk.compare(roots | ({edges[stop].root()} if stop in edges else set()))
        if stop in edges:
            walk.go_on_from(edges[stop])
    return walk


def _find_strangers(report: Report) -> None:
    """Rows with numbers that were never given. Tree and rows are read in one statement, so a house may work on."""
    size = Coalesce(Subquery(Tree.objects.filter(pk=THE_TREE).values("size")[:1]), 0)
    beyond = LedgerRow.objects.annotate(given=size).exclude(seq__gte=0, seq__lt=F("given"))
    for seq in beyond.order_by("seq").values_list("seq", flat=True)[:MOST]:
        report.findings.append(Finding("rows-added", seq, seq, _("This row was put in without the sequencer.")))
    signed = Checkpoint.objects.annotate(given=size).filter(size__gt=F("given"))
    for size_signed in signed.values_list("size", flat=True)[:MOST]:
        says = _("A checkpoint was signed for more rows than the ledger has: it was set back.")
        report.findings.append(Finding("set-back", size_signed - 1, size_signed - 1, says))


def _walk_openings(report: Report) -> None:
    """Holds what is still open against its row: here a change is found to the row."""
    row = LedgerRow.objects.filter(seq=OuterRef("seq"))
    columns = {name: Subquery(row.values(name)[:1]) for name in ("kind", "day", "commitment")}
    for opening in Opening.objects.annotate(**columns).order_by("seq").iterator(chunk_size=CHUNK):
        report.openings += 1
        says = _opening_says(opening)
        if says:
            report.findings.append(Finding("opening-differs", opening.seq, opening.seq, says))


def _opening_says(opening: Any) -> str:
    if opening.commitment is None:
        return _("There is an opening but no row of this number.")
    try:
        fits = commitment(bytes(opening.salt), opening.event) == bytes(opening.commitment)
        told = json.loads(opening.event)
        day = datetime.fromisoformat(told["at"]).astimezone(UTC).date()
        same = (told["kind"], day) == (opening.kind, opening.day)
    except (ValueError, KeyError, TypeError):
        fits = same = False
    if not fits:
        return _("The event or the salt is not the one that was sealed.")
    return "" if same else _("The row's class or day is not that of its event.")
