"""Alerts: written by one person, shown when a second one approved, from their start to their end."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from django.db import transaction
from django.utils import timezone

from serai.kernel.access.models import Organisation, User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record, touch
from serai.kernel.places.models import Place

from ..access import may_approve_alert, may_end_alert, may_write_alert
from ..keys import ALERTS
from ..models import Alert
from ..texts import refuse_bad_lines


class BadTimes(ValueError):
    """An alert ends after it starts, and both moments have a time zone."""


class MayNotWriteAlert(PermissionError):
    """Authors and approvers of the publisher write alerts."""


class MayNotApproveAlert(PermissionError):
    """A second person approves: an approver of the publisher who did not write it."""


class AlertDecided(ValueError):
    """Somebody has decided on this alert, or it has ended."""


class SavedAlert(NamedTuple):
    """The alert, and what saving did."""

    alert: Alert
    outcome: Literal["created", "updated", "unchanged"]


@transaction.atomic
def save_alert(
    *,
    by: User | None,
    organisation: Organisation,
    key: str,
    titles: Mapping[str, str],
    texts: Mapping[str, str],
    starts: datetime,
    ends: datetime,
    places: Sequence[Place] = (),
) -> SavedAlert:
    """Creates or replaces the alert of a key, approved: for packs and importers, behind whom a second person stands.

    The same call again changes nothing; an alert that staff ended stays ended. Raises BadText, BadTimes.
    """
    _refuse(titles, texts, starts, ends)
    values = {
        "organisation": organisation,
        "titles": dict(titles),
        "texts": dict(texts),
        "starts": starts,
        "ends": ends,
    }
    alert = Alert.objects.filter(key=key).first()
    if alert and all(getattr(alert, name) == value for name, value in values.items()) and _stands(alert, places):
        return SavedAlert(alert, "unchanged")
    defaults = {**values, "by": by, "approved_at": timezone.now(), "start_told": False, "end_told": False}
    saved, created = Alert.objects.update_or_create(key=key, defaults=defaults)
    saved.places.set(places)
    record("guides.alert_approved", subject=_subject(saved), by=_id(by), touches=[ALERTS])
    return SavedAlert(saved, "created" if created else "updated")


@transaction.atomic
def write_alert(
    *,
    by: User,
    organisation: Organisation,
    titles: Mapping[str, str],
    texts: Mapping[str, str],
    starts: datetime,
    ends: datetime,
    places: Sequence[Place] = (),
) -> Alert:
    """An alert that waits for a second person. Raises MayNotWriteAlert, BadText, BadTimes."""
    if not may_write_alert(viewer_for(by), organisation.pk):
        raise MayNotWriteAlert(organisation.key)
    alert = make_alert(by=by, organisation=organisation, titles=titles, texts=texts, starts=starts, ends=ends)
    alert.places.set(places)
    record("guides.alert_written", subject=_subject(alert), by=_id(by))
    return alert


@transaction.atomic
def approve_alert(*, by: User, alert: Alert) -> Alert:
    """The second person says yes. Raises MayNotApproveAlert, AlertDecided."""
    alert = _open(alert)
    if not may_approve_alert(viewer_for(by), alert):
        raise MayNotApproveAlert(alert.key)
    alert.approved_by, alert.approved_at, alert.sent_back = by, timezone.now(), ""
    alert.save()
    record("guides.alert_approved", subject=_subject(alert), by=_id(by), touches=[ALERTS])
    return alert


@transaction.atomic
def send_back_alert(*, by: User, alert: Alert, why: str) -> Alert:
    """The second person says what to change. Raises MayNotApproveAlert, AlertDecided."""
    alert = _open(alert)
    if not may_approve_alert(viewer_for(by), alert):
        raise MayNotApproveAlert(alert.key)
    alert.sent_back = why
    alert.save()
    record("guides.alert_sent_back", subject=_subject(alert), by=_id(by))
    return alert


@transaction.atomic
def end_alert(*, by: User, alert: Alert) -> Alert:
    """Ends an alert before its time. Raises MayNotApproveAlert, AlertDecided."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if not may_end_alert(viewer_for(by), alert):
        raise MayNotApproveAlert(alert.key)
    if alert.ended_at is not None:
        raise AlertDecided(alert.key)
    alert.ended_at = timezone.now()
    alert.save()
    record("guides.alert_ended", subject=_subject(alert), by=_id(by), touches=[ALERTS])
    return alert


@transaction.atomic
def tell_of_alerts() -> int:
    """The clock's work: pages that show alerts go away when one starts or ends. Returns how many did."""
    now = timezone.now()
    begun = Alert.objects.filter(start_told=False, starts__lte=now).update(start_told=True)
    over = Alert.objects.filter(end_told=False, ends__lte=now).update(end_told=True)
    if begun or over:
        touch([ALERTS])
    return begun + over


def make_alert(
    *,
    by: User,
    organisation: Organisation,
    titles: Mapping[str, str],
    texts: Mapping[str, str],
    starts: datetime,
    ends: datetime,
    urgent: bool = False,
) -> Alert:
    """The row alone, without its event: for actions that record one of their own. Raises BadText, BadTimes."""
    _refuse(titles, texts, starts, ends)
    return Alert.objects.create(
        key=f"{organisation.key[:80]}-{uuid.uuid4().hex[:12]}",
        organisation=organisation,
        titles=dict(titles),
        texts=dict(texts),
        starts=starts,
        ends=ends,
        urgent=urgent,
        by=by,
    )


def _refuse(titles: Mapping[str, str], texts: Mapping[str, str], starts: datetime, ends: datetime) -> None:
    refuse_bad_lines({"title": titles, "text": texts})
    if starts.tzinfo is None or ends.tzinfo is None or ends <= starts:
        raise BadTimes(f"{starts} - {ends}")


def _stands(alert: Alert, places: Sequence[Place]) -> bool:
    return {place.pk for place in alert.places.all()} == {place.pk for place in places}


def _open(alert: Alert) -> Alert:
    fresh = Alert.objects.select_for_update().get(pk=alert.pk)
    if fresh.approved_at is not None or fresh.ended_at is not None:
        raise AlertDecided(fresh.key)
    return fresh


def _subject(alert: Alert) -> str:
    return f"guides.alert:{alert.pk}"


def _id(user: User | None) -> str:
    return str(user.pk) if user else ""
