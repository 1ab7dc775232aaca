"""Topics, publishers' homes, guide pages, alerts, urgent acts and counts of "was this useful".

Wagtail's tree is root > one home per language > one per publisher > guides as deep as you like; a page's `url_path`,
`/en/lindenbach/first-days/register/`, gives its public address `/en/guide/lindenbach/first-days/register/`. A guide's
place in the tree is that of its original; a translation stands below the nearest translated ancestor.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from serai.engine.content.blocks import guide_blocks
from serai.engine.content.preview import HousePreview
from serai.engine.content.stream import digest
from serai.kernel.languages.registry import language
from serai.kernel.languages.words import Said, say

from .keys import public_path
from .texts import as_validation_error, harm_in_text

LANGUAGE_DEPTH, PUBLISHER_DEPTH = 2, 3


class Stage(models.TextChoices):
    """Stages of the journey (ILO, GFMD): where a person is in it; the last is for those who help on it."""

    BEFORE = "before", _("Before I go")
    WAY = "way", _("On the way")
    ARRIVING = "arriving", _("Arriving")
    LIVING = "living", _("Living here")
    WORKING = "working", _("Working")
    PROTECTION = "protection", _("Getting protection")
    RETURN = "return", _("Going back")
    HELPING = "helping", _("Helping others")


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


class HousePage(Page):
    """What pages of the house share: an address on the public host, of which Wagtail's sites know nothing."""

    class Meta:
        abstract = True

    @property
    def tag(self) -> str:
        """BCP 47 tag of the page's language."""
        return language(self.locale.language_code).tag

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str]:
        """For Wagtail's admin: (no site, root of the public host, path)."""
        return 0, f"{settings.SERAI_SCHEME}://{settings.SERAI_PUBLIC_HOST}", public_path(self.url_path)


class LanguageHome(HousePage):
    """Root of one language's tree. slug is the BCP 47 tag."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["guides.PublisherHome"]


class PublisherHome(HousePage):
    """Root of one publisher's guides in one language."""

    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")

    parent_page_types: ClassVar[list[str]] = ["guides.LanguageHome"]
    subpage_types: ClassVar[list[str]] = ["guides.GuidePage"]
    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("organisation", read_only=True)]


class GuidePage(HousePreview, HousePage):
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
        FieldPanel("summary", heading=_("Summary")),
        MultiFieldPanel(
            [
                FieldPanel("topic", heading=_("Topic")),
                FieldPanel("places", heading=_("Places")),
                FieldPanel("position", heading=_("Place in the list")),
            ],
            heading=_("Where it stands"),
        ),
        FieldPanel("body", heading=_("Text")),
        FieldPanel("translation", heading=_("Who made this text")),
    ]
    promote_panels: ClassVar[list] = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """A new page belongs to the publisher in whose home it stands; text_digest is that of the text as saved."""
        if self._state.adding and self.path:
            self._settle()
        if kwargs.get("update_fields") is None:
            self.text_digest = digest(self.title, self.summary, self.body.get_prep_value())
        return super().save(*args, **kwargs)

    def clean(self) -> None:
        """Also for drafts, whoever saves: nothing that could harm a reader."""
        super().clean()
        harm = harm_in_text(title=self.title, summary=self.summary, body=self.body.get_prep_value())
        if harm:
            raise as_validation_error(harm, ("title", "summary"))

    def with_content_json(self, content: dict[str, Any]) -> GuidePage:
        """An old version never brings back the publisher, key or fact of its time."""
        page = super().with_content_json(content)
        page.key, page.organisation_id, page.fact_id = self.key, self.organisation_id, self.fact_id
        return page

    def can_move_to(self, parent: Page) -> bool:
        """Only within the home of its own publisher and language."""
        home = self.path[: self.steplen * PUBLISHER_DEPTH]
        return parent.path.startswith(home) and super().can_move_to(parent)

    def _settle(self) -> None:
        home = PublisherHome.objects.select_related("organisation").get(
            path=self.path[: self.steplen * PUBLISHER_DEPTH]
        )
        self.organisation = home.organisation
        self.locale_id = home.locale_id
        taken = GuidePage.objects.filter(locale_id=home.locale_id)
        if not self.key or taken.filter(key=self.key).exists():
            self._set_core_field_defaults()
            key = f"{home.slug}/{self.slug}"
            self.key = key if not GuidePage.objects.filter(key=key).exists() else f"{key}-{uuid.uuid4().hex[:8]}"
            self.fact_id = None
        if self.fact_id is None:
            sibling = GuidePage.objects.filter(translation_key=self.translation_key, fact__isnull=False).first()
            self.fact_id = sibling.fact_id if sibling else None


class Alert(models.Model):
    """News of a publisher for everyone in its places, with a start and an end. Shown when a second person approved it,
    or at once by the urgent path (then an UrgentAct waits for review)."""

    key = models.SlugField(max_length=120, unique=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    places = models.ManyToManyField("places.Place", blank=True, related_name="+")
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    start_told = models.BooleanField(default=False)
    end_told = models.BooleanField(default=False)
    sent_back = models.TextField(blank=True, max_length=1000)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts"]

    def __str__(self) -> str:
        return self.said_title("en").text or self.key

    def said_title(self, language: str) -> Said:
        """Its title in a language, by fallback; its text is read in the language of the title."""
        return say(self.titles, language)


class UrgentAct(models.Model):
    """A warning published, a page closed or an alert sent out at once by one trained person; a second one reviews it.

    It holds from `at` until `ended_at`; `kept` says what the second person decided (null: not yet).
    """

    class Kind(models.TextChoices):
        """What was done at once."""

        WARNING = "warning", _("Warning published")
        CLOSED = "closed", _("Page closed")
        ALERT = "alert", _("Alert published")

    guide_key = models.CharField(max_length=200, db_index=True, blank=True)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="+")
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

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.guide_key or self.alert_id}"


class UsefulCount(models.Model):
    """How many said yes or no on a day: no identity, no time, no text."""

    guide_key = models.CharField(max_length=200)
    language = models.CharField(max_length=20)
    day = models.DateField()
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["guide_key", "language", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.guide_key} {self.language} {self.day}"


class ImportedPage(models.Model):
    """What a page was made from when it came from outside: a second import of the same changes nothing."""

    source = models.CharField(max_length=100)
    ref = models.CharField(max_length=300)
    page = models.OneToOneField(GuidePage, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "ref"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.ref}"


from .exchange.models import StagedUpload  # noqa: E402, F401
from .models_humans import HumanContact, StageWords  # noqa: E402, F401 - models of this app that stand in their own file
