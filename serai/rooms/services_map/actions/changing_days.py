"""Other hours for some days: Ramadan, holidays of a team, days on which the door stays shut. Begun and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from serai.kernel.access.models import User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record
from serai.lib.direction import find_bidi_controls
from serai.lib.hours_osm import read_osm

from ..access import may_close, may_edit
from ..keys import DIRECTORY, service_touch
from ..models import HoursChange, Service
from ..queries.days import same_changes
from .closing import LONGEST_REASON

LONGEST = timedelta(days=100)
AT_ONCE = 500


class MayNotChange(PermissionError):
    """Only local workers and editors of the publisher; for all its services at once, only editors."""


class BadChange(ValueError):
    """code: `over` (the last day is behind us), `backward` (ends before it begins), `long` (more than LONGEST),
    `reason` (hidden signs, too long)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def change_hours(
    *, by: User, service: Service, first: date, last: date, hours: str, reasons: Mapping[str, str],
    everywhere: bool = False,
) -> int:  # fmt: skip
    """From `first` through `last` these hours hold ("" is closed); everywhere: for all that its publisher offers.

    For how many services it was written; one that has the very same already is left alone. reasons: tag -> sentence.
    Raises MayNotChange, BadChange, HoursError.
    """
    _check(by, service, everywhere)
    if last < first:
        raise BadChange("backward")
    if last < timezone.localdate():
        raise BadChange("over")
    if last - first >= LONGEST:
        raise BadChange("long")
    if any(find_bidi_controls(reason) or len(reason) > LONGEST_REASON for reason in reasons.values()):
        raise BadChange("reason")
    read_osm(hours)
    same = HoursChange.objects.filter(first=first, last=last, hours=hours, service__publisher_id=service.publisher_id)
    there = {change.service_id for change in same if change.reasons == dict(reasons)}
    wanted = [pk for pk in _services(service, everywhere) if pk not in there]
    rows = [HoursChange(service_id=pk, first=first, last=last, hours=hours, reasons=dict(reasons)) for pk in wanted]
    HoursChange.objects.bulk_create(rows, batch_size=AT_ONCE)
    _record(by, service, wanted)
    return len(wanted)


@transaction.atomic
def take_back_change(*, by: User, change: HoursChange, everywhere: bool = False) -> int:
    """The usual hours hold again; everywhere: also for other services of the publisher that have the very same change.

    From how many services it was taken. Raises MayNotChange.
    """
    service = change.service
    _check(by, service, everywhere)
    rows = same_changes(change) if everywhere else [change]
    gone = {row.pk: row.service_id for row in rows}
    HoursChange.objects.filter(pk__in=gone).delete()
    _record(by, service, set(gone.values()))
    return len(gone)


def _check(by: User, service: Service, everywhere: bool) -> None:
    may = may_edit if everywhere else may_close
    if not may(viewer_for(by), service.publisher_id):
        raise MayNotChange(str(service.pk))


def _services(service: Service, everywhere: bool) -> Iterable[UUID]:
    if not everywhere:
        return [service.pk]
    rows = Service.objects.filter(publisher_id=service.publisher_id, status=Service.Status.ACTIVE)
    return rows.values_list("pk", flat=True)


def _record(by: User, service: Service, services: Iterable[UUID]) -> None:
    touches = {service_touch(pk) for pk in services}
    if touches:
        subject = f"services_map.service:{service.pk}"
        record("services_map.hours_changed", subject=subject, by=str(by.pk), touches={DIRECTORY, *touches})
