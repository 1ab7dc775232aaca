"""Pages of the desk about staff: what they show, to whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.access.models import Membership, User
from serai.kernel.access.queries import access_review, queues
from serai.kernel.access.viewer import viewer_for

from .people import with_codes, with_password

pytestmark = pytest.mark.django_db


def test_the_review_shows_what_ends_first_with_a_constant_number_of_queries(
    emeka: Any, staff: Any, lindenbach: Any, django_assert_num_queries: Any
) -> None:
    today = timezone.localdate()
    soon, over = staff("soon"), staff("over")
    Membership.objects.create(
        user=soon, organisation=lindenbach, role="content.author", until=today + timedelta(days=9)
    )
    Membership.objects.create(
        user=over, organisation=lindenbach, role="content.author", until=today - timedelta(days=1)
    )
    with_codes(soon)
    viewer = viewer_for(emeka)
    with django_assert_num_queries(2):
        rows = access_review(viewer=viewer)
    assert [(row.name, row.ends, row.second_factor) for row in rows] == [
        ("Over", "over", False),
        ("Soon", "soon", True),
        ("Emeka", "", False),
    ]
    for number in range(5):
        staff(f"more{number}", lindenbach, "content.author")
    with django_assert_num_queries(2):
        assert len(access_review(viewer=viewer)) == 8
    assert [row.count for row in queues(viewer)] == [1]


def test_staff_without_that_role_see_none_of_it(desk: Any, ana: Any, bilal: Any) -> None:
    for address in ("/staff/", "/staff/review/", "/staff/invite/", "/staff/organisations/", f"/staff/{bilal.pk}/"):
        assert desk(ana).get(address).status_code == 403, address
    assert access_review(viewer=viewer_for(ana)) == []
    assert queues(viewer_for(ana)) == []


def test_the_list_of_staff_needs_as_many_queries_for_twenty_as_for_two(
    desk: Any, emeka: Any, staff: Any, lindenbach: Any, django_assert_max_num_queries: Any
) -> None:
    client = desk(emeka)
    client.get("/staff/")
    for number in range(20):
        staff(f"more{number}", lindenbach, "content.author", "facts.checker")
    with django_assert_max_num_queries(14):
        assert client.get("/staff/").status_code == 200


def test_what_was_typed_stays_when_something_is_wrong(desk: Any, emeka: Any, lindenbach: Any) -> None:
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    data = {
        "email": "nonsense",
        "name": "Farid",
        "organisation": lindenbach.pk,
        "role": "content.author",
        "until": past,
    }
    page = desk(emeka).post("/staff/invite/", {**data, "language": "ar"}).content.decode()
    assert 'value="Farid"' in page
    assert "This day is over" in page
    assert not User.objects.filter(name="Farid").exists()


def test_one_changes_name_and_language_oneself(desk: Any, ana: Any) -> None:
    assert desk(ana).post("/staff/me/", {"name": "Ana B.", "language": "ar"}).status_code == 302
    ana.refresh_from_db()
    assert (ana.name, ana.language) == ("Ana B.", "ar")
    assert 'dir="rtl"' in desk(ana).get("/staff/me/").content.decode()
    assert desk(ana).post("/staff/me/", {"name": "Ana", "language": "tlh"}).status_code == 200


def test_a_name_with_a_script_in_it_is_only_text(desk: Any, emeka: Any, staff: Any, lindenbach: Any) -> None:
    evil = staff("evil", lindenbach, "content.author")
    evil.name = '<script>alert("x")</script>'
    evil.save()
    for address in ("/staff/", "/staff/review/", f"/staff/{evil.pk}/"):
        assert "<script>alert" not in desk(emeka).get(address).content.decode()


def test_who_signs_in_by_the_organisation_has_no_password_to_change(desk: Any, ana: Any) -> None:
    assert desk(ana).get("/staff/me/password/").headers["Location"] == "/staff/me/"
    assert desk(with_password(ana)).get("/staff/me/password/").status_code == 200
