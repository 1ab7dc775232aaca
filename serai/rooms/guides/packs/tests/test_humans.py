"""Humans of a pack are offered to every page, to the list of facts and to the live check."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.facts.actions import state_fact
from serai.kernel.packs.actions import install_pack
from serai.kernel.packs.tests.small import pack, topics
from serai.rooms.guides.humans import contact_refusals, due_contacts, human_desks
from serai.rooms.guides.models import HumanContact

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact() -> HumanContact:
    install_pack(by=None, files=topics())
    install_pack(by=None, files=pack())
    return HumanContact.objects.get()


def checked(contact: HumanContact, on: date | None, until: date | None) -> None:
    values = {"checked_on": on, "checked_by": "Desk", "review_by": until}
    state_fact(by=None, key=f"contacts:{contact.key}", organisation=contact.organisation, source_name="City", **values)


def test_a_human_is_offered_in_the_language_asked_for(contact: HumanContact) -> None:
    desk = next(iter(human_desks("ar")))
    assert (desk.name, desk.organisation, desk.place) == ("مكتب المدينة", "بلدية ليندنباخ", "ليندنباخ")
    assert (desk.phone, desk.languages, desk.checked_by) == ("+00 555 20 100", ("en", "ar"), "Information desk")


def test_a_human_is_offered_with_the_language_of_each_word_that_is_known(contact: HumanContact) -> None:
    today = timezone.localdate()
    known = {"organisation": contact.organisation, "checked_on": today, "review_by": today}
    state_fact(by=None, key=contact.fact.key, source_name="City of Lindenbach", checked_by="Desk", **known)
    contact.hours = {"en": "Always"}
    contact.save()
    spoken = next(iter(human_desks("ar"))).spoken
    assert (spoken["name"], spoken["hours"], spoken["organisation"]) == ("ar", "en", "ar")
    assert (spoken["source_name"], spoken["checked_by"]) == ("en", "")


def test_all_humans_are_read_in_one_query(contact: HumanContact, django_assert_num_queries: Any) -> None:
    other = HumanContact.objects.get()
    other.pk, other.key = None, "lindenbach/other"
    other.save()
    with django_assert_num_queries(1):
        assert len(list(human_desks("en"))) == 2


def test_a_closed_contact_is_not_offered(contact: HumanContact) -> None:
    contact.closed = True
    contact.save()
    assert list(human_desks("en")) == []


def test_the_fact_of_a_contact_has_a_title_in_the_list_to_check(contact: HumanContact) -> None:
    found = due_contacts([contact.fact.key, "guides:else", "contacts:unknown"])
    assert [(row.key, row.title) for row in found.values()] == [("contacts:lindenbach/desk", "City desk")]


def test_a_house_with_a_human_checked_lately_may_open_and_others_may_not(contact: HumanContact) -> None:
    today = timezone.localdate()
    checked(contact, today, today + timedelta(days=30))
    assert list(contact_refusals()) == []
    for on, until in ((None, None), (today - timedelta(days=99), today - timedelta(days=1))):
        checked(contact, on, until)
        assert {each.code for each in contact_refusals()} == {"no-human", "contact-unverified"}
    HumanContact.objects.all().delete()
    assert [each.code for each in contact_refusals()] == ["no-human"]
