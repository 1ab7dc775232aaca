"""Writes on the words of the interface: propose, approve, send back, take back, end."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from serai.kernel.access.models import Organisation, User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.facts.actions import public_title
from serai.kernel.languages.catalogues import Entry
from serai.kernel.languages.corrected import words_key
from serai.kernel.languages.sound import wrong_in
from serai.kernel.ledger.actions import record

from .access import SPEAKERS, may_decide, may_end, may_propose, may_take_back
from .models import Correction, Standing
from .queries import catalogue

State = Correction.State


class MayNotCorrect(PermissionError):
    """The member of staff has no role for this, or would decide on a proposal of his own."""


class UnknownSentence(LookupError):
    """No catalogue of the language has the sentence."""


class Unsound(ValueError):
    """The translation would break something. codes: see kernel/languages/sound.py."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class NothingChanged(ValueError):
    """The texts are those that are said already, and the proposal does not say that a speaker reviewed them."""


class NeedsReview(ValueError):
    """Nobody who speaks the language has read the proposal, and the sentence is about danger, consent or deletion."""


class MovedOn(RuntimeError):
    """Somebody has decided on the correction, or taken it back, since it was read."""


@transaction.atomic
def propose_correction(
    *, by: User, language: str, entry: Entry, texts: Sequence[str], reviewed: bool, note: str = ""
) -> Correction:
    """A better translation waits for a second person. An earlier proposal of the same person for it is taken back.

    entry: the sentence as the house says it now. texts: one for each plural form. reviewed: whether the person speaks
    the language and has read the sentence. Raises MayNotCorrect, UnknownSentence, Unsound, NothingChanged, NeedsReview.
    """
    viewer = viewer_for(by)
    if not may_propose(viewer):
        raise MayNotCorrect(language)
    known = catalogue(language).get(entry.key)
    if known is None or len(texts) != len(known.texts):
        raise UnknownSentence(entry.sentence)
    codes = wrong_in(known.sentence, known.plural, texts)
    if codes:
        raise Unsound(codes)
    if tuple(texts) == entry.texts and not reviewed:
        raise NothingChanged(entry.sentence)
    if known.is_critical and not reviewed:
        raise NeedsReview(entry.sentence)
    rows = Correction.objects.filter(language=language, context=known.context, sentence=known.sentence)
    rows.filter(state=State.WAITS, by=by).update(state=State.TAKEN_BACK, decided_at=timezone.now())
    correction = Correction.objects.create(
        language=language,
        context=known.context,
        sentence=known.sentence,
        plural=known.plural,
        before=list(entry.texts),
        texts=list(texts),
        note=note,
        reviewed=reviewed,
        speaker=_function(by) if reviewed else "",
        by=by,
    )
    record("wording.correction_proposed", subject=_subject(correction), by=str(by.pk))
    return correction


@transaction.atomic
def approve_correction(*, by: User, correction: Correction) -> None:
    """The second person says yes: the house says it at once, everywhere. Raises MayNotCorrect, MovedOn, Unsound."""
    row = _waiting(correction)
    if not may_decide(viewer_for(by), row):
        raise MayNotCorrect(row.sentence)
    codes = wrong_in(row.sentence, row.plural, row.texts)
    if codes:
        raise Unsound(codes)
    same = Correction.objects.filter(language=row.language, context=row.context, sentence=row.sentence)
    same.filter(state=State.HOLDS).update(state=State.REPLACED)
    _settle(row, State.HOLDS, by)
    _tell()
    record("wording.correction_approved", subject=_subject(row), by=str(by.pk), touches={words_key(row.language)})


@transaction.atomic
def send_back_correction(*, by: User, correction: Correction, answer: str) -> None:
    """The second person says no, and why. Raises MayNotCorrect, MovedOn."""
    row = _waiting(correction)
    if not may_decide(viewer_for(by), row):
        raise MayNotCorrect(row.sentence)
    _settle(row, State.SENT_BACK, by, answer)
    record("wording.correction_sent_back", subject=_subject(row), by=str(by.pk))


@transaction.atomic
def take_back_correction(*, by: User, correction: Correction) -> None:
    """Who proposed it takes it back before anybody decided. Raises MayNotCorrect, MovedOn."""
    row = _waiting(correction)
    if not may_take_back(viewer_for(by), row):
        raise MayNotCorrect(row.sentence)
    _settle(row, State.TAKEN_BACK, by)
    record("wording.correction_taken_back", subject=_subject(row), by=str(by.pk))


@transaction.atomic
def end_correction(*, by: User, correction: Correction) -> None:
    """The catalogue's own words are said again, at once. Raises MayNotCorrect, MovedOn."""
    row = Correction.objects.select_for_update().get(pk=correction.pk)
    if not may_end(viewer_for(by)):
        raise MayNotCorrect(row.sentence)
    if row.state != State.HOLDS:
        raise MovedOn(row.sentence)
    _settle(row, State.ENDED, by)
    _tell()
    record("wording.correction_ended", subject=_subject(row), by=str(by.pk), touches={words_key(row.language)})


def _waiting(correction: Correction) -> Correction:
    row = Correction.objects.select_for_update().get(pk=correction.pk)
    if row.state != State.WAITS:
        raise MovedOn(row.sentence)
    return row


def _settle(row: Correction, state: State, by: User, answer: str = "") -> None:
    row.state, row.decided_by, row.decided_at, row.answer = state, by, timezone.now(), answer
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _tell() -> None:
    """Other processes see by the number that what they know holds no longer."""
    Standing.objects.get_or_create(pk=1)
    Standing.objects.filter(pk=1).update(number=F("number") + 1)


def _function(user: User) -> str:
    """As what the person reviews: the function in the first of his organisations, never a name."""
    organisation = Organisation.objects.filter(pk__in=viewer_for(user).organisations(*SPEAKERS)).order_by("key").first()
    return public_title(user, organisation) if organisation else ""


def _subject(correction: Correction) -> str:
    return f"wording.correction:{correction.pk}"
