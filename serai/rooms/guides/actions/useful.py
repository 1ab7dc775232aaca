"""`Was this useful?`: two numbers a day for each guide and language. No identity, no time, no text."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from serai.kernel.languages.registry import language as language_of
from serai.kernel.ledger.actions import record

from ..access import shown
from ..models import GuidePage, UsefulCount

MOST_A_DAY = 2000
"""No guide is answered more often in a day by people; beyond that somebody plays, and nothing more is written."""


class NoSuchGuide(LookupError):
    """There is no such guide for the public."""


@transaction.atomic
def count_useful(*, by: None, translation_key: UUID, language: str, yes: bool) -> bool:
    """Counts one answer; False when the day's bound is reached. Raises NoSuchGuide, UnknownLanguage."""
    guide = GuidePage.objects.filter(shown(), translation_key=translation_key).values("key").first()
    if guide is None:
        raise NoSuchGuide(str(translation_key))
    row, _ = UsefulCount.objects.get_or_create(
        guide_key=guide["key"], language=language_of(language).tag, day=timezone.localdate()
    )
    field = "yes" if yes else "no"
    bounded = UsefulCount.objects.filter(pk=row.pk, yes__lt=MOST_A_DAY - F("no"))
    counted = bool(bounded.update(**{field: F(field) + 1}))
    if counted:
        record("guides.usefulness_counted", subject=f"guides.guide:{translation_key}")
    return counted
