"""Closing a place at once, from its door: it holds that moment, and a second person keeps or undoes it within a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record
from serai.lib.direction import find_bidi_controls

from ..access import may_close, may_review_closure
from ..keys import DIRECTORY, service_touch
from ..models import Closure, Location, Service, ServiceAtLocation

LONGEST = timedelta(days=31)
LONGEST_REASON = 200


class MayNotClose(PermissionError):
    """The member of staff has no part in this publisher's places."""


class MayNotReview(PermissionError):
    """A second person of the publisher reviews, not who closed it."""


class AlreadyReviewed(ValueError):
    """Somebody has decided on this closing, or it was ended."""


class BadClosing(ValueError):
    """code: `over` (ends before it begins, or now), `long` (more than a month), `reason` (hidden signs, too long)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def close_place(
    *,
    by: User,
    service: Service,
    location: Location | None = None,
    starts: datetime | None = None,
    ends: datetime,
    reasons: Mapping[str, str],
) -> Closure:
    """Closes a service, or with `location` all that is offered at that place of it, until `ends`.

    reasons: tag -> sentence for the public; may be empty. Raises MayNotClose, BadClosing.
    """
    if not may_close(viewer_for(by), service.publisher_id):
        raise MayNotClose(str(service.pk))
    now = timezone.now()
    begins = starts or now
    if ends <= begins or ends <= now:
        raise BadClosing("over")
    if ends - begins > LONGEST:
        raise BadClosing("long")
    if any(find_bidi_controls(reason) or len(reason) > LONGEST_REASON for reason in reasons.values()):
        raise BadClosing("reason")
    closure = Closure.objects.create(
        service=None if location else service, location=location, publisher_id=service.publisher_id, starts=begins,
        ends=ends, reasons=dict(reasons), by=by, at=now,
        review_due=now + timedelta(hours=settings.SERAI_URGENT_REVIEW_HOURS),
    )  # fmt: skip
    _record("services_map.place_closed", closure, by)
    return closure


@transaction.atomic
def review_closure(*, by: User, closure: Closure, keep: bool) -> Closure:
    """The second person keeps the closing or undoes it. Raises MayNotReview, AlreadyReviewed."""
    closure = Closure.objects.select_for_update().get(pk=closure.pk)
    if not may_review_closure(viewer_for(by), closure):
        raise MayNotReview(str(closure.pk))
    if closure.reviewed_at is not None or closure.ended_at is not None:
        raise AlreadyReviewed(str(closure.pk))
    closure.reviewed_by, closure.reviewed_at = by, timezone.now()
    if not keep:
        closure.ended_at = closure.reviewed_at
    closure.save()
    _record("services_map.closure_kept" if keep else "services_map.closure_undone", closure, by)
    return closure


@transaction.atomic
def end_closure(*, by: User, closure: Closure) -> Closure:
    """Opens again before the time. Who closed it may, too. Raises MayNotClose, AlreadyReviewed."""
    closure = Closure.objects.select_for_update().get(pk=closure.pk)
    if not may_close(viewer_for(by), closure.publisher_id):
        raise MayNotClose(str(closure.pk))
    if closure.ended_at is not None or closure.ends <= timezone.now():
        raise AlreadyReviewed(str(closure.pk))
    closure.ended_at = timezone.now()
    closure.save()
    _record("services_map.closure_ended", closure, by)
    return closure


def _record(event: str, closure: Closure, by: User) -> None:
    at = ServiceAtLocation.objects.filter(location_id=closure.location_id) if closure.location_id else None
    services = set(at.values_list("service_id", flat=True)) if at is not None else {closure.service_id}
    touches = {DIRECTORY, *(service_touch(pk) for pk in services if pk)}
    record(event, subject=f"services_map.closure:{closure.pk}", by=str(by.pk), touches=touches)
