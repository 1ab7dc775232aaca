"""Organisations, services and places in the words of HSDS 3 (Open Referral), what is found near, and what closes.

Each row keeps its cells as the standard names them, in one language, the same texts in others beside it, and the rows
that stand under it (phones, schedules, required documents ...) as lists. What a question asks for has a column of its
own. `Offer` is made from these for one reason: to find what is near without ever touching an exact place that is not
public.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.words import Said, say

Children = dict[str, list[dict[str, Any]]]


class Sensitivity(models.TextChoices):
    """How exactly people may know where a place is. What nobody decided is contact only."""

    PUBLIC = "public", _("Public: address and map")
    APPROXIMATE = "approximate", _("Only the area")
    CONTACT_ONLY = "contact-only", _("Not at all: by phone or message only")


class Answer(models.TextChoices):
    """What is known of a plain question about a service."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "", _("Nobody has said")


class Row(models.Model):
    """What all rows of the directory share.

    cells: HSDS field -> text, as in the table, without links and without what has a column. language: tag the cells
    are in. texts: tag -> field -> text, translations. children: HSDS table -> rows under this one, each with its cells
    and maybe `texts`. changed_here: the house changed it since it
    was imported, so that the next import leaves it alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    publisher = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=20, default="en")
    cells = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    children = models.JSONField(default=dict)
    changed_here = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def said(self, field: str, tag: str) -> Said:
        """A text of the row in a language, by fallback; empty when there is none."""
        return said_of(self.cells, self.texts, field, self.language, tag)

    def under(self, table: str) -> list[dict[str, Any]]:
        """Rows of an HSDS table that stand under this one."""
        found: list[dict[str, Any]] = self.children.get(table, [])
        return found


def said_of(cells: dict[str, Any], texts: dict[str, dict[str, str]], field: str, language: str, tag: str) -> Said:
    """A text of a row, or of one under it, in a language or the nearest."""
    spoken = {language: str(cells.get(field) or "")}
    spoken |= {other: said[field] for other, said in texts.items() if said.get(field)}
    return say(spoken, tag)


class Organization(Row):
    """Who offers services (HSDS organization): not the house's own Organisation, which publishes and has staff."""

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.said("name", "en").text


class Service(Row):
    """What is offered. needs: keys of needs.yaml; languages: tags spoken there; audiences: whom it is for.

    operates_for: ISO 3166-1 alpha-2 of the states whose consulate it is. valid_from, valid_to: while it is
    offered. fact: who checked it and when (HSDS
    assured_date); a service that nobody checked for too long is not found any more.
    """

    class Status(models.TextChoices):
        """HSDS service.status."""

        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Not offered any more")
        DEFUNCT = "defunct", _("Closed for good")
        CLOSED = "temporarily closed", _("Closed for a time")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="services")
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    needs = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    audiences = models.JSONField(default=list)
    papers_asked = models.CharField(max_length=3, choices=Answer, blank=True)
    free = models.CharField(max_length=3, choices=Answer, blank=True)
    operates_for = models.JSONField(default=list)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    hours = models.CharField(max_length=1000, blank=True, help_text="OpenStreetMap opening_hours")
    fact = models.OneToOneField("facts.Fact", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.said("name", "en").text


class Location(Row):
    """Where something is offered. Unless `sensitivity` is public its columns hold only what anybody may know.

    latitude, longitude: exact for a public place, the middle of its cell for an approximate one, none otherwise.
    timezone: IANA; country: ISO 3166-1 alpha-2, whose public holidays hold there. sealed: the whole under a key that is
    not in the database, empty where nothing is held back. Write through `sensitivity.keep`, read all of it through
    `sensitivity.whole_of`.
    """

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="locations"
    )
    sensitivity = models.CharField(max_length=12, choices=Sensitivity, default=Sensitivity.CONTACT_ONLY)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    timezone = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    step_free = models.CharField(max_length=7, blank=True)
    hours = models.CharField(max_length=1000, blank=True)
    sealed = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(sensitivity=Sensitivity.CONTACT_ONLY)
                | models.Q(latitude__isnull=True, longitude__isnull=True),
                name="hidden_place_has_no_point",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)  # never its name: this stands in logs


class ServiceAtLocation(Row):
    """That a service is offered at a place (HSDS service_at_location), with hours and phones of its own there.

    sealed: as for the place.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="at")
    hours = models.CharField(max_length=1000, blank=True)
    sealed = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class KeptRow(models.Model):
    """A row of a table that stands under nothing (taxonomies, programs' terms ...), kept so that it goes out again."""

    publisher = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)
    row_id = models.CharField(max_length=200)
    cells = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publisher", "table", "row_id"], name="kept_once")]
        ordering = ["table", "row_id"]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class Offer(models.Model):
    """A service at a place under one need: what is asked when somebody looks for help near. Made anew with its service.

    latitude and longitude: exact for a public place, the middle of its cell for an approximate one, none otherwise.
    first: one of the rows of a service at a place, so that it stands once where no need is asked. hours, schedule: the
    usual times that hold (hours.Times), in `timezone` ("": the house's), with the holidays of `country`.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="offers")
    at = models.ForeignKey(ServiceAtLocation, null=True, on_delete=models.CASCADE, related_name="+")
    need = models.CharField(max_length=30)
    first = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    papers_asked = models.CharField(max_length=3, blank=True)
    free = models.CharField(max_length=3, blank=True)
    step_free = models.CharField(max_length=7, blank=True)
    tags = models.CharField(max_length=400, blank=True, help_text="' lang:ar women ' to be found with LIKE")
    hours = models.TextField(blank=True)
    schedule = models.TextField(blank=True)
    timezone = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["need", "latitude", "longitude"], name="offer_of_a_need"),
            models.Index(fields=["first", "latitude", "longitude"], name="offer_near"),
            models.Index(
                fields=["need", "id"],
                name="offer_of_a_need_by_phone",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True),
            ),
            models.Index(
                fields=["first", "id"],
                name="offer_by_phone",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} {self.service_id}"


class Closure(models.Model):
    """A place or service that is closed from one moment to another, said at once by who stands at its door.

    A second person keeps or undoes it within a day; it holds meanwhile. reasons: tag -> sentence for the public.
    """

    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="closures")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="closures")
    publisher = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    reasons = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    review_due = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="closure_ends_later"),
            models.CheckConstraint(
                condition=models.Q(service__isnull=False) | models.Q(location__isnull=False),
                name="closure_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id or self.location_id} {self.starts:%Y-%m-%d}"


class HoursChange(models.Model):
    """From one day to another other hours hold: Ramadan, holidays of a team. hours empty: closed. reasons as above."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="hours_changes")
    first = models.DateField()
    last = models.DateField()
    hours = models.CharField(max_length=1000, blank=True)
    reasons = models.JSONField(default=dict)

    class Meta:
        ordering = ["first", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="change_ends_later")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.first}"


from .models_tally import TallyCount, TallyPress  # noqa: E402, F401 - models of this app that stand in their own file
