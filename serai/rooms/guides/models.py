"""Topics, publishers' homes, guide pages, alerts, urgent acts and counts of "was this useful".

Wagtail's tree is root > one home per language > one per publisher > guides as deep as you like; a page's `url_path` is
therefore its public address: `/en/lindenbach/first-days/register/`.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from serai.engine.content.blocks import guide_blocks
from serai.kernel.languages.words import Said, say


class Stage(models.TextChoices):
    """Stages of the journey (ILO, GFMD): where a person is in it."""

    BEFORE = "before", _("Before I go")
    WAY = "way", _("On the way")
    ARRIVING = "arriving", _("Arriving")
    LIVING = "living", _("Living here")
    WORKING = "working", _("Working")
    PROTECTION = "protection", _("Getting protection")
    RETURN = "return", _("Going back")


class Topic(models.Model):
    """A subject at a stage of the journey. key is stable across houses (`health`)."""

    key = models.SlugField(max_length=80, unique=True)
    stage = models.CharField(max_length=12, choices=Stage)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    icon = models.CharField(max_length=30, default="lamp")
    position = models.PositiveIntegerField(default=100)
    titles = models.JSONField(default=dict)
    leads = models.JSONField(default=dict)

    class Meta:
        ordering = ["stage", "position", "key"]

    def __str__(self) -> str:
        return self.said("en").text or self.key

    def said(self, language: str) -> Said:
        """Its title in a language, by fallback."""
        return say(self.titles, language)


class LanguageHome(Page):
    """Root of one language's tree. slug is the BCP 47 tag."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["guides.PublisherHome"]


class PublisherHome(Page):
    """Root of one publisher's guides in one language."""

    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")

    parent_page_types: ClassVar[list[str]] = ["guides.LanguageHome"]
    subpage_types: ClassVar[list[str]] = ["guides.GuidePage"]
    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("organisation", read_only=True)]


class GuidePage(Page):
    """One guide in one language.

    key names the guide in all languages and houses (`lindenbach/see-a-doctor`). translation says who made this text;
    made_from is the digest of the original's text it was made from: when that differs from the original's
    text_digest now, this translation is older than the original.
    """

    class Translation(models.TextChoices):
        """Who made this text."""

        ORIGINAL = "original", _("Original")
        MACHINE = "machine", _("Drafted by a machine")
        HUMAN = "human", _("Translated by a person")
        REVIEWED = "reviewed", _("Translated and reviewed")

    key = models.CharField(max_length=200, db_index=True, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+", editable=False)
    fact = models.ForeignKey("facts.Fact", null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    summary = models.TextField(blank=True, max_length=400)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    places = ParentalManyToManyField("places.Place", blank=True, related_name="+")
    position = models.IntegerField(default=100)
    body = StreamField(guide_blocks(), blank=True)
    translation = models.CharField(max_length=10, choices=Translation, default=Translation.ORIGINAL)
    made_from = models.CharField(max_length=64, blank=True, editable=False)
    text_digest = models.CharField(max_length=64, blank=True, editable=False)

    parent_page_types: ClassVar[list[str]] = ["guides.PublisherHome", "guides.GuidePage"]
    subpage_types: ClassVar[list[str]] = ["guides.GuidePage"]
    content_panels: ClassVar[list] = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("topic"), FieldPanel("places"), FieldPanel("position")], heading=_("Where it stands")),
        FieldPanel("body"),
        FieldPanel("translation"),
    ]



class UrgentAct(models.Model):
    """A warning published or a page closed at once by one trained person; a second one reviews within 24 hours."""

    class Kind(models.TextChoices):
        """What was done at once."""

        WARNING = "warning", _("Warning published")
        CLOSED = "closed", _("Page closed")

    guide_key = models.CharField(max_length=200, db_index=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    texts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    review_due = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    kept = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)


class Alert(models.Model):
    """News of a publisher for everyone in its places, with a start and an end."""

    key = models.SlugField(max_length=120, unique=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    places = models.ManyToManyField("places.Place", blank=True, related_name="+")
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-starts"]


class UsefulCount(models.Model):
    """How many said yes or no on a day: no identity, no time, no text."""

    guide_key = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    day = models.DateField()
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guide_key", "language", "day"], name="one_count_a_day")]


class ImportedPage(models.Model):
    """What a page was made from when it came from outside: a second import of the same changes nothing."""

    source = models.CharField(max_length=100)
    ref = models.CharField(max_length=300)
    page = models.OneToOneField(GuidePage, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "ref"], name="imported_once")]
