"""How often something was given at a point, by day and kind. Numbers only.

There is no row for a person, no name, no time of day, and nobody stands here who counted: nothing in these two tables
is about a person. Never shown in public: how many come to a place is not the public's to know.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class TallyCount(models.Model):
    """How many times one kind was given at one point on one day, maybe to one coarse group.

    Of `location` and `service` one is set: a place, or a service without a place (a mobile team, a telephone). day: on
    the clock of the place. kind: key of needs.yaml. group: key of tally.yaml, "" where nobody said.
    """

    publisher = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(
        "services_map.Location", null=True, blank=True, on_delete=models.RESTRICT, related_name="tally"
    )
    service = models.ForeignKey(
        "services_map.Service", null=True, blank=True, on_delete=models.RESTRICT, related_name="tally"
    )
    day = models.DateField()
    kind = models.CharField(max_length=30)
    group = models.CharField(max_length=20, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "kind", "group"]
        indexes = [models.Index(fields=["publisher", "day"], name="tally_of_a_period")]
        constraints = [
            models.CheckConstraint(
                condition=Q(location__isnull=False, service__isnull=True)
                | Q(location__isnull=True, service__isnull=False),
                name="tally_of_one_point",
            ),
            models.UniqueConstraint(
                fields=["location", "day", "kind", "group"], condition=Q(location__isnull=False),
                name="tally_once_a_place",
            ),
            models.UniqueConstraint(
                fields=["service", "day", "kind", "group"], condition=Q(service__isnull=False),
                name="tally_once_a_service",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class TallyPress(models.Model):
    """That a press was counted, for a day or two: so that it is not counted twice, and can be taken back once.

    The key is made of the page's token and of what was pressed and cannot be read backwards: the row says neither what
    nor where nor when, but for the day on the clock of the place.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    day = models.DateField(db_index=True)
    undone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.day)
