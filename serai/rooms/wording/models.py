"""Corrections of sentences of the interface, and the number by which other processes see that one came or went."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.catalogues import Entry


class Correction(models.Model):
    """A better translation of one sentence. It holds from the moment a second person approves it.

    language: tag of a language with catalogues; context, sentence, plural: as in the catalogue, in English; before and
    texts: one text for each plural form, what was said when it was proposed and what is to be said.
    reviewed: a speaker read the sentence; speaker: what the change file says of that person: a function, no name.
    """

    class State(models.TextChoices):
        """Where a correction stands."""

        WAITS = "waits", _("waits for a second person")
        HOLDS = "holds", _("said in this house")
        SENT_BACK = "sent_back", _("sent back")
        TAKEN_BACK = "taken_back", _("taken back")
        REPLACED = "replaced", _("replaced by a later correction")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(max_length=20)
    context = models.CharField(max_length=100, blank=True)
    sentence = models.TextField()
    plural = models.TextField(blank=True)
    before = models.JSONField(default=list)
    texts = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    reviewed = models.BooleanField(default=False)
    speaker = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITS, db_index=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "context", "sentence"], condition=Q(state="holds"), name="one_correction_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.sentence[:60]}"

    @property
    def entry(self) -> Entry:
        """As a catalogue has it."""
        review = f"{self.speaker}, {self.at:%Y-%m-%d}" if self.reviewed else ""
        return Entry(self.context, self.sentence, self.plural, tuple(self.texts), review)


class Standing(models.Model):
    """One row: a number that grows in the transaction of every change of what holds."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
