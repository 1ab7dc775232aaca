"""Where a place is, written on the desk: by editors of its publisher, and sealed unless it is public."""

from __future__ import annotations

from typing import Any

import pytest

from serai.lib.geo import Point

from ..models import Location, Offer
from ..sensitivity import whole_of
from .a_directory import KITCHEN, SHELTER, key

pytestmark = pytest.mark.django_db


def _address(name: str) -> str:
    place = key(f"{name}-place")
    return f"/services/places/{place}/where/"


def _fields(answer: Any) -> dict[str, str]:
    """What stands in the form as it was sent."""
    form = answer.context["form"]
    return {field.name: str(field.value() or "") for field in form}


def test_bilal_moves_a_public_place_and_everybody_finds_it_there(
    town: Any,
    desk: Any,
    bilal: Any,
    public: Any,
) -> None:
    staff = desk(bilal)
    fields = _fields(staff.get(_address("doctor")))
    assert (fields["address_1"], fields["country"]) == ("1 doctor Street", "IT")
    moved = {**fields, "address_1": "9 Mill Road", "point": "45.2, 13.7", "transportation": "Bus 3", "step_free": "yes"}
    assert staff.post(_address("doctor"), moved).status_code == 302
    page = public.get(f"/en/services/{key('doctor')}/").content.decode()
    assert "9 Mill Road" in page
    assert "Bus 3" in page
    assert set(Offer.objects.filter(service_id=key("doctor")).values_list("latitude", "longitude")) == {(45.2, 13.7)}
    assert Location.objects.get(pk=key("doctor-place")).changed_here


def test_where_a_shelter_is_can_be_written_and_stays_sealed(town: Any, desk: Any, bilal: Any) -> None:
    staff = desk(bilal)
    fields = _fields(staff.get(_address("shelter")))
    assert (fields["name"], fields["point"]) == ("House of shelter", f"{SHELTER[0]:.6f}, {SHELTER[1]:.6f}")
    assert (
        staff.post(_address("shelter"), {**fields, "address_1": "3 Quiet Yard", "point": "45.5, 13.5"}).status_code
        == 302
    )
    place = Location.objects.get(pk=key("shelter-place"))
    assert (place.latitude, place.cells.get("name"), "address" in place.children) == (None, None, False)
    whole = whole_of(place)
    assert whole.point == Point(45.5, 13.5)
    assert [row["address_1"] for row in whole.children["address"]] == ["3 Quiet Yard"]


def test_an_address_and_a_point_can_be_taken_away(town: Any, desk: Any, bilal: Any) -> None:
    staff = desk(bilal)
    fields = _fields(staff.get(_address("kitchen")))
    empty = dict.fromkeys(fields, "") | {"seen": fields["seen"]}
    assert staff.post(_address("kitchen"), empty).status_code == 302
    whole = whole_of(Location.objects.get(pk=key("kitchen-place")))
    assert (whole.point, whole.cells.get("name"), "address" in whole.children) == (None, None, False)
    assert set(Offer.objects.filter(service_id=key("kitchen")).values_list("latitude", flat=True)) == {None}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"point": "13.6, 45.1"}, "changed places"),
        ({"point": "0, 0"}, "in the sea"),
        ({"point": "by the mill"}, "with points"),
        ({"point": "51.5, 0.1"}, "not in the country"),
        ({"city": ""}, "needs this too"),
        ({"name": "The \u202ehouse"}, "turns the direction"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    town: Any,
    desk: Any,
    bilal: Any,
    typed: dict[str, str],
    says: str,
) -> None:
    staff = desk(bilal)
    fields = {**_fields(staff.get(_address("doctor"))), "address_2": "Second floor", **typed}
    answer = staff.post(_address("doctor"), fields)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert says in page
    assert "Second floor" in page
    assert not Location.objects.get(pk=key("doctor-place")).changed_here


def test_of_two_editors_the_second_is_told_and_overwrites_nothing(
    town: Any,
    desk: Any,
    bilal: Any,
    staff: Any,
    lindenbach: Any,
) -> None:
    first, second = desk(bilal), desk(staff("berta", lindenbach, "services_map.editor"))
    fields, same = (_fields(client.get(_address("kitchen"))) for client in (first, second))
    assert fields == same
    assert first.post(_address("kitchen"), {**fields, "name": "Kitchen by the sea"}).status_code == 302
    answer = second.post(_address("kitchen"), {**fields, "name": "Kitchen in the hills"})
    assert answer.status_code == 400
    assert "meanwhile" in answer.content.decode()
    assert "Kitchen in the hills" in answer.content.decode()
    whole = whole_of(Location.objects.get(pk=key("kitchen-place")))
    assert (whole.cells["name"], whole.point) == ("Kitchen by the sea", Point(*KITCHEN))


def test_who_stands_at_the_door_and_strangers_do_not_learn_where_it_is(
    town: Any,
    desk: Any,
    dora: Any,
    stranger: Any,
) -> None:
    for browser, status in ((desk(dora), 403), (desk(stranger), 404), (desk(), 302)):
        assert browser.get(_address("shelter")).status_code == status
        assert browser.post(_address("shelter"), {"name": "Mine"}).status_code == status
    assert whole_of(Location.objects.get(pk=key("shelter-place"))).cells["name"] == "House of shelter"
