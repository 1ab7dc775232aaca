"""Days with other hours, as staff see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.words import Said, say

from ..hours import Times, rules_of
from ..models import HoursChange, Service
from ..week import Week, week_of_rules
from .desk import services


@dataclass(frozen=True)
class Days:
    """From `first` through `last` other hours hold; week is None where it is closed. same: how many services of the
    publisher have the very same."""

    pk: int
    first: date
    last: date
    week: Week | None
    reason: Said
    same: int = 1


def days_of(change: HoursChange, tag: str, same: int = 1) -> Days:
    """A change of hours as a person reads it."""
    week = week_of_rules(rules_of(Times(change.hours), "UTC", change.first), change.first) if change.hours else None
    return Days(change.pk, change.first, change.last, week, say(change.reasons, tag), same)


def changes_of(*, viewer: Viewer, service: Service, tag: str) -> list[Days]:
    """What is said of today and later days of a service."""
    rows = HoursChange.objects.filter(service=service, last__gte=timezone.localdate()).select_related("service")
    return [days_of(row, tag, len(same_changes(row))) for row in rows]


def same_changes(change: HoursChange) -> list[HoursChange]:
    """Changes of the same publisher that say the very same, this one among them."""
    rows = HoursChange.objects.filter(
        first=change.first, last=change.last, hours=change.hours, service__publisher_id=change.service.publisher_id
    )
    return [row for row in rows if row.reasons == change.reasons]


def change_for(*, service: Service, pk: int) -> HoursChange | None:
    """One of the service's, or None."""
    return HoursChange.objects.filter(service=service, pk=pk).select_related("service").first()


def services_of_publisher(*, viewer: Viewer, publisher_id: UUID) -> int:
    """How many services a publisher of the viewer's offers now."""
    found: Any = services(viewer=viewer).filter(publisher_id=publisher_id, status=Service.Status.ACTIVE)
    return int(found.count())
