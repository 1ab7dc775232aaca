"""Humans who can be reached, and the words of the stages of the journey: rows that come with packs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.words import Said, say


class HumanContact(models.Model):
    """A desk of an organisation where a human answers: an office, a phone line. Never a member of staff's name.

    key is stable across houses (`lindenbach/info-desk`); its fact is `contacts:<key>`.
    """

    key = models.CharField(max_length=200, unique=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    place = models.ForeignKey("places.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    names = models.JSONField(default=dict)
    hours = models.JSONField(default=dict)
    whats = models.JSONField(default=dict)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    languages = models.JSONField(default=list, help_text=_("BCP 47 tags of the languages spoken there"))
    fact = models.ForeignKey("facts.Fact", null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveIntegerField(default=100)
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.said("en").text or self.key

    def said(self, language: str) -> Said:
        """Its name in a language, by fallback."""
        return say(self.names, language)


class StageWords(models.Model):
    """How a stage of the journey is called in this house; without a row, the interface's own words stand."""

    stage = models.CharField(max_length=12, unique=True)
    titles = models.JSONField(default=dict)
    leads = models.JSONField(default=dict)

    def __str__(self) -> str:
        return say(self.titles, "en").text or self.stage
