"""Brings numbered events to subscribers: in order, at least once, each subscriber at its own pace.

A subscriber's place moves in the same transaction in which it was called, so what it writes to the database happens
once; what it does outside may happen again after a crash, and must not mind (LedgerEvent.seq says which event it is).
A subscriber that fails waits longer each time and holds back nobody else; what it can never take is parked and shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import Error, transaction
from django.utils import timezone

from serai.kernel.register.ports import SUBSCRIBERS, LedgerEvent

from .models import Delivery, Parked, Pending

BATCH = 50
"""Events in one transaction: on SQLite every action of the house waits meanwhile."""
TRIES = 8
"""After 2 + 4 + ... + 128 seconds, about four minutes, a failing event is parked."""

Listener = Callable[[LedgerEvent], None]
log = logging.getLogger(__name__)


def deliver_events() -> int:
    """Calls every subscriber with what it has not had; returns the number of events taken."""
    if not Pending.objects.exists():
        return 0
    taken = 0
    for name, (events, listener) in SUBSCRIBERS.items():
        try:
            while count := _deliver_batch(name, events, listener):
                taken += count
        except Error:
            log.exception("delivery to %s was interrupted and goes on at the next sweep", name)
    prune_delivered()
    return taken


def _deliver_batch(name: str, events: frozenset[str], listener: Listener) -> int:
    """Up to BATCH events for one subscriber. 0 when it has all, must wait, or another process is at it."""
    with transaction.atomic(durable=True):
        place = Delivery.objects.select_for_update(skip_locked=True).filter(subscriber=name).first()
        if place is None or (place.not_before and place.not_before > timezone.now()):
            return 0
        taken = 0
        for row in Pending.objects.filter(seq__gt=place.seq, event__in=events).order_by("seq")[:BATCH]:
            error = call_listener(listener, row)
            if error and not _give_up(place, row, error):
                break
            place.seq, place.tries, place.not_before = row.seq, 0, None
            taken += 1
        place.save()
        return taken


def call_listener(listener: Listener, row: Pending) -> Exception | None:
    """Calls a subscriber in a savepoint; what it raised, its writes undone, or None."""
    try:
        with transaction.atomic():
            listener(LedgerEvent(row.seq, row.event, row.kind, row.subject, row.at))
    except Exception as error:
        return error
    return None


def _give_up(place: Delivery, row: Pending, error: Exception) -> bool:
    """Counts a failure; True when it was the last one and the event is parked, so that the next may pass."""
    place.tries += 1
    name = f"{type(error).__module__}.{type(error).__qualname__}"[:200]
    if place.tries < TRIES:
        place.not_before = timezone.now() + timedelta(seconds=2**place.tries)
        log.warning("%s could not take event %s (%s), try %s", place.subscriber, row.seq, name, place.tries)
        return False
    Parked.objects.update_or_create(subscriber=place.subscriber, seq=row.seq, defaults={"error": name})
    log.error("%s never took event %s (%s): parked, see `serai ledger parked`", place.subscriber, row.seq, name)
    return True


def prune_delivered() -> int:
    """Deletes references that every follower has had and nobody has parked; returns how many."""
    # Places first: they only move forward, and parking moves one in the same transaction.
    places = dict(Delivery.objects.values_list("subscriber", "seq"))
    parked = set(Parked.objects.values_list("seq", flat=True))
    pruned = 0
    for event in Pending.objects.order_by().values_list("event", flat=True).distinct():
        followers = [places.get(name, -1) for name, (events, _) in SUBSCRIBERS.items() if event in events]
        had = Pending.objects.filter(event=event).exclude(seq__in=parked)
        if followers:
            had = had.filter(seq__lte=min(followers))
        pruned += had.delete()[0]
    return pruned
