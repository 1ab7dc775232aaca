"""Writes on facts: state one, check it, say it is still true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from serai.kernel.access.models import Membership, Organisation, User
from serai.kernel.ledger.actions import record
from serai.kernel.register.inserting import insert
from serai.kernel.register.ports import FACT_TOUCHES, REVIEW_DAYS

from .access import may_check_fact
from .models import Fact

_AT_ONCE = 500


class MayNotCheck(PermissionError):
    """The member of staff has no role in the organisation that owns the fact."""


class CheckMovedOn(RuntimeError):
    """The fact was checked or stated anew since: that check can no longer be taken back."""


@dataclass(frozen=True)
class Check:
    """What a fact says of its last check; enough to put it back. checked_by_user_id: "" for nobody of this house."""

    checked_on: date | None
    checked_by: str
    checked_by_user_id: str
    review_by: date | None


def check_of(fact: Fact) -> Check:
    """The last check of a fact as plain data."""
    return Check(fact.checked_on, fact.checked_by, str(fact.checked_by_user_id or ""), fact.review_by)


def fact_key_touch(key: str) -> str:
    """The key that published files depend on when they show this fact."""
    return f"fact:{key}"


@transaction.atomic
def state_fact(
    *,
    by: User | None,
    key: str,
    organisation: Organisation,
    source_name: str = "",
    source_url: str = "",
    checked_on: date | None = None,
    checked_by: str = "",
    review_by: date | None = None,
) -> Fact:
    """Creates or replaces the fact of a key. A caller that imports passes what the source says of its checks."""
    values = {
        "organisation": organisation,
        "source_name": source_name,
        "source_url": source_url,
        "checked_on": checked_on,
        "checked_by": checked_by,
        "review_by": review_by,
    }
    fact = Fact.objects.filter(key=key).first()
    if fact and all(getattr(fact, name) == value for name, value in values.items()):
        return fact
    fact, _ = Fact.objects.update_or_create(key=key, defaults={**values, "checked_by_user": None})
    record("facts.fact_stated", subject=f"facts.fact:{fact.pk}", by=_id(by), touches=_touches(key))
    return fact


@dataclass(frozen=True)
class FactStated:
    """What a source says of one thing, for many at once. Days as in Fact."""

    key: str
    source_name: str
    source_url: str
    checked_on: date | None
    checked_by: str
    review_by: date | None


@transaction.atomic
def state_facts(*, by: User | None, organisation: Organisation, stated: Sequence[FactStated]) -> dict[str, UUID]:
    """Creates or replaces the facts of many things of one organisation; the id of each by its key.

    One event for all, whose subject is the organisation: the caller touches what shows them.
    """
    names = ("source_name", "source_url", "checked_on", "checked_by", "review_by")
    known: dict[str, Fact] = {}
    for at in range(0, len(stated), _AT_ONCE):
        part = [one.key for one in stated[at : at + _AT_ONCE]]
        known |= {fact.key: fact for fact in Fact.objects.filter(key__in=part)}
    new, changed = [], []
    for one in stated:
        fact = known.get(one.key)
        if fact is None:
            fact = known[one.key] = Fact(key=one.key, organisation=organisation)
            new.append(fact)
        elif (
            any(getattr(fact, name) != getattr(one, name) for name in names) or fact.organisation_id != organisation.pk
        ):
            changed.append(fact)
        else:
            continue
        fact.organisation, fact.checked_by_user = organisation, None
        for name in names:
            setattr(fact, name, getattr(one, name))
    insert(new)
    Fact.objects.bulk_update(changed, [*names, "organisation", "checked_by_user"], batch_size=50)
    if new or changed:
        record("facts.facts_stated", subject=f"facts.organisation:{organisation.pk}", by=_id(by))
    return {key: fact.pk for key, fact in known.items()}


def review_days(key: str) -> int:
    """For how many days a check of this thing holds: its part of the house says so, or SERAI_REVIEW_DAYS."""
    days = REVIEW_DAYS.get(key.partition(":")[0])
    return days() if days else int(settings.SERAI_REVIEW_DAYS)


@transaction.atomic
def check_still_true(*, by: User, fact: Fact, review_by: date | None = None) -> Fact:
    """Somebody looked at the source again today and it still holds. Raises MayNotCheck."""
    if not may_check_fact(by, fact):
        raise MayNotCheck(fact.key)
    today = timezone.localdate()
    fact.checked_on = today
    fact.checked_by = public_title(by, fact.organisation)
    fact.checked_by_user = by
    fact.review_by = review_by or today + timedelta(days=review_days(fact.key))
    fact.save()
    record("facts.fact_checked", subject=f"facts.fact:{fact.pk}", by=_id(by), touches=_touches(fact.key))
    return fact


@transaction.atomic
def take_back_check(*, by: User, fact: Fact, made: Check, before: Check) -> Fact:
    """Undoes the check `made` by the same member of staff and puts `before` back.

    Raises MayNotCheck for anybody else, CheckMovedOn when the fact no longer says what `made` says.
    """
    fact = Fact.objects.select_for_update().get(pk=fact.pk)
    if not may_check_fact(by, fact) or made.checked_by_user_id != str(by.pk):
        raise MayNotCheck(fact.key)
    if check_of(fact) != made:
        raise CheckMovedOn(fact.key)
    fact.checked_on = before.checked_on
    fact.checked_by = before.checked_by
    fact.checked_by_user = (
        User.objects.filter(pk=before.checked_by_user_id).first() if before.checked_by_user_id else None
    )
    fact.review_by = before.review_by
    fact.save()
    record("facts.check_taken_back", subject=f"facts.fact:{fact.pk}", by=_id(by), touches=_touches(fact.key))
    return fact


def public_title(user: User, organisation: Organisation) -> str:
    """What the public reads as "checked by": the function in the organisation, never a member of staff's name."""
    row = Membership.objects.filter(user=user, organisation=organisation).exclude(title="").first()
    return row.title if row else organisation.said(settings.SERAI_LANGUAGES[0]).text


def _touches(key: str) -> set[str]:
    """The fact itself, and what its owner shows or hides because of it."""
    return {fact_key_touch(key)}.union(*(find(key) for find in FACT_TOUCHES))


def _id(user: User | None) -> str:
    return str(user.pk) if user else ""
