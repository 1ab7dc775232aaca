"""A fact is checked, then stale, then hidden; only its own organisation's checkers say it is still true."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.access.viewer import viewer_for
from serai.kernel.facts.actions import (
    CheckMovedOn,
    MayNotCheck,
    check_of,
    check_still_true,
    state_fact,
    take_back_check,
)
from serai.kernel.facts.models import Fact, State
from serai.kernel.facts.queries import facts_to_check
from serai.kernel.ledger.models import OutboxRow, Touch


def a_fact(organisation: Any, **fields: Any) -> Fact:
    values = {"checked_on": date(2026, 1, 1), "checked_by": "Desk", "review_by": date(2026, 6, 30), **fields}
    return state_fact(by=None, key="guides:x", organisation=organisation, source_name="City", **values)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 6, 30), State.CHECKED),
        (date(2026, 7, 1), State.STALE),
        (date(2026, 9, 28), State.STALE),
        (date(2026, 9, 29), State.HIDDEN),
    ],
)
def test_a_fact_warns_after_its_review_date_and_hides_ninety_days_later(
    lindenbach: Any, day: date, state: State
) -> None:
    assert a_fact(lindenbach).state(day) == state


def test_the_next_change_is_the_day_after_review_then_the_day_it_hides(lindenbach: Any) -> None:
    fact = a_fact(lindenbach)
    assert fact.next_change(date(2026, 6, 30)) == date(2026, 7, 1)
    assert fact.next_change(date(2026, 7, 1)) == date(2026, 9, 29)
    assert fact.next_change(date(2026, 9, 29)) is None


def test_a_fact_nobody_checked_is_unchecked_whatever_its_review_date(lindenbach: Any) -> None:
    assert a_fact(lindenbach, checked_on=None).state(date(2026, 2, 1)) == State.UNCHECKED


def test_a_checker_says_still_true_and_the_public_reads_the_function_not_the_name(lindenbach: Any, bilal: Any) -> None:
    fact = check_still_true(by=bilal, fact=a_fact(lindenbach))
    assert fact.checked_on == timezone.localdate()
    assert fact.review_by is not None
    assert fact.review_by > timezone.localdate() + timedelta(days=30)
    assert "Bilal" not in fact.checked_by
    assert OutboxRow.objects.filter(event="facts.fact_checked", by=str(bilal.pk)).exists()
    assert Touch.objects.filter(key="fact:guides:x").exists()


def test_a_stranger_may_not_say_that_our_fact_is_still_true(lindenbach: Any, stranger: Any) -> None:
    fact = a_fact(lindenbach)
    with pytest.raises(MayNotCheck):
        check_still_true(by=stranger, fact=fact)
    assert Fact.objects.get().checked_on == date(2026, 1, 1)


def test_stating_the_same_fact_again_changes_and_records_nothing(lindenbach: Any) -> None:
    a_fact(lindenbach)
    before = OutboxRow.objects.count()
    a_fact(lindenbach)
    assert OutboxRow.objects.count() == before


def test_the_list_to_check_holds_only_what_the_viewers_organisation_owns(
    lindenbach: Any, bilal: Any, stranger: Any
) -> None:
    a_fact(lindenbach)
    assert [fact.key for fact in facts_to_check(viewer=viewer_for(bilal))] == ["guides:x"]
    assert list(facts_to_check(viewer=viewer_for(stranger))) == []


def test_a_check_can_be_taken_back_by_who_made_it_and_the_fact_says_what_it_said_before(
    bilal: Any, lindenbach: Any
) -> None:
    fact = a_fact(lindenbach)
    before = check_of(fact)
    made = check_of(check_still_true(by=bilal, fact=fact))
    assert made != before
    assert check_of(take_back_check(by=bilal, fact=fact, made=made, before=before)) == before
    assert OutboxRow.objects.filter(event="facts.check_taken_back").count() == 1


def test_a_check_is_not_taken_back_by_others_nor_once_the_fact_has_moved_on(
    bilal: Any, stranger: Any, staff: Any, lindenbach: Any
) -> None:
    fact = a_fact(lindenbach)
    before = check_of(fact)
    made = check_of(check_still_true(by=bilal, fact=fact))
    colleague = staff("farid", lindenbach, "facts.checker")
    for other in (stranger, colleague):
        with pytest.raises(MayNotCheck):
            take_back_check(by=other, fact=fact, made=made, before=before)
    check_still_true(by=colleague, fact=fact)
    with pytest.raises(CheckMovedOn):
        take_back_check(by=bilal, fact=fact, made=made, before=before)
    fact.refresh_from_db()
    assert fact.checked_by_user == colleague
