"""One owner for the idea "somebody checked this": every page, contact, fee and table row points at a Fact."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils import timezone


class State(StrEnum):
    """How far a fact may be relied on today."""

    UNCHECKED = "unchecked"
    CHECKED = "checked"
    STALE = "stale"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class FactLine:
    """What the facts line shows; plain data for templates and other floors.

    source_language, checker_language: the tag a name is in; empty where nobody knows.
    """

    state: State
    source_name: str
    source_url: str
    checked_on: date | None
    checked_by: str
    review_by: date | None
    source_language: str = ""
    checker_language: str = ""

    @property
    def hides_on(self) -> date | None:
        """The first day on which details hide."""
        return self.review_by + timedelta(days=settings.SERAI_HIDE_AFTER_DAYS + 1) if self.review_by else None


def state_of(checked_on: date | None, review_by: date | None, today: date | None = None) -> State:
    """Unchecked, checked, stale (past its review date) or hidden (90 days later, see SERAI_HIDE_AFTER_DAYS)."""
    if checked_on is None or review_by is None:
        return State.UNCHECKED
    day = today or timezone.localdate()
    if day <= review_by:
        return State.CHECKED
    if day <= review_by + timedelta(days=settings.SERAI_HIDE_AFTER_DAYS):
        return State.STALE
    return State.HIDDEN


def next_change_of(review_by: date | None, today: date | None = None) -> date | None:
    """The next day on which the state changes by itself: then what was published of it is stale."""
    if review_by is None:
        return None
    day = today or timezone.localdate()
    days = [review_by + timedelta(days=1), review_by + timedelta(days=settings.SERAI_HIDE_AFTER_DAYS + 1)]
    return min((candidate for candidate in days if candidate > day), default=None)


class Fact(models.Model):
    """Source, checked on, checked by, review by. key is `<label>:<id>` of the thing it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")
    source_name = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=1000, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.CharField(max_length=200, blank=True, help_text="Shown to the public: a function, not a name")
    checked_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    review_by = models.DateField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.key

    def state(self, today: date | None = None) -> State:
        """See state_of."""
        return state_of(self.checked_on, self.review_by, today)

    def line(self, today: date | None = None) -> FactLine:
        """The facts line as plain data."""
        return FactLine(
            self.state(today),
            self.source_name,
            self.source_url,
            self.checked_on,
            self.checked_by,
            self.review_by,
        )

    def next_change(self, today: date | None = None) -> date | None:
        """See next_change_of."""
        return next_change_of(self.review_by, today)
