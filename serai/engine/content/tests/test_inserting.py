"""Thousands of new rows at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError

from serai.engine.content.models import SearchEntry
from serai.kernel.access.models import Organisation
from serai.kernel.facts.models import Fact
from serai.kernel.register.inserting import AT_ONCE, insert

pytestmark = pytest.mark.django_db


def entry(number: int, title: str) -> SearchEntry:
    return SearchEntry(key=f"key {number}", language="en", title=title, url="/en/", digest="", places=["Amman", 'a"b'])


def test_rows_are_read_back_as_they_were_put_in() -> None:
    owner = Organisation.objects.create(key="owner", names={"en": "Owner"})
    rows = [
        Fact(key=f"key {number}", organisation=owner, checked_on=date(2026, 1, 2) if number % 2 else None)
        for number in range(AT_ONCE + 3)
    ]
    insert(rows)
    found = {fact.pk: fact for fact in Fact.objects.all()}
    assert len(found) == len(rows)
    for row in rows:
        read = found[row.pk]
        assert (read.key, read.organisation_id, read.checked_on) == (row.key, owner.pk, row.checked_on)


def test_a_row_that_stands_under_the_same_gets_all_values_of_the_new_one() -> None:
    insert([entry(1, "before"), entry(2, "stays")], unique=["key", "language"])
    first = SearchEntry.objects.get(key="key 1").pk
    insert([entry(1, "after"), entry(3, "new")], unique=["key", "language"])
    assert dict(SearchEntry.objects.values_list("key", "title")) == {"key 1": "after", "key 2": "stays", "key 3": "new"}
    assert SearchEntry.objects.get(key="key 1").pk == first
    assert SearchEntry.objects.get(key="key 3").places == ["Amman", 'a"b']


def test_many_rows_of_which_some_stand_are_taken_twice_in_one_transaction() -> None:
    for title, first in (("before", 0), ("after", 400)):
        insert([entry(number, title) for number in range(first, first + AT_ONCE)], unique=["key", "language"])
    titles = SearchEntry.objects.values_list("title", flat=True)
    assert sorted(titles) == ["after"] * AT_ONCE + ["before"] * 400


@pytest.mark.django_db(transaction=True)
def test_of_rows_of_which_one_cannot_stand_none_is_written() -> None:
    owner = Organisation.objects.create(key="owner", names={"en": "Owner"})
    with pytest.raises(IntegrityError):
        insert([Fact(key=f"key {number % (AT_ONCE + 1)}", organisation=owner) for number in range(AT_ONCE + 2)])
    assert not Fact.objects.exists()
