"""The map under the list: it says what the list says, and of no place more."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import brotli
import pytest
from django.test import Client

from serai.kernel.access.viewer import NOBODY
from serai.lib.geo import Point

from ..drawing import Drawing, Sign, drawing
from ..queries.near import Wanted, services_near
from ..views.public import FIRST_VIEW_KB
from .a_directory import CENTRE, KITCHEN, SHELTER, as_public, directory

pytestmark = pytest.mark.django_db
FIRST_VIEW = FIRST_VIEW_KB * 1024


def _drawn(where: tuple[float, float] = CENTRE, **wanted: Any) -> Drawing | None:
    point = Point(*where)
    return drawing(services_near(viewer=NOBODY, point=point, wanted=Wanted(**wanted), tag="en").places, point)


def test_each_place_of_the_list_is_in_the_map_or_named_as_farther_away(town: Any) -> None:
    drawn = _drawn()
    assert drawn is not None
    shown = [number for sign in drawn.signs for number in sign.numbers]
    assert sorted([*shown, *drawn.beyond]) == [1, 2, 3, 4, 5]


def test_north_is_up_and_east_is_right(town: Any) -> None:
    drawn = _drawn(need="pregnancy")  # the clinic, north-east of the centre
    assert drawn is not None
    (sign,) = drawn.signs
    assert sign.x > 0 > sign.y
    assert (sign.numbers, sign.reach) == ((1,), 0)


def test_the_outer_circle_is_as_far_as_it_says(town: Any) -> None:
    drawn = _drawn(need="pregnancy")
    assert drawn is not None
    assert (drawn.reach, [ring.words for ring in drawn.rings]) == (5000, ["5 km", "2.5 km"])
    (sign,) = drawn.signs
    away = (sign.x**2 + sign.y**2) ** 0.5 * drawn.reach / drawn.rings[0].radius
    assert away == pytest.approx(3240, abs=40)


def test_an_approximate_place_is_a_circle_that_holds_its_whole_area(town: Any, settings: Any) -> None:
    drawn = _drawn(where=(45.11, 13.62), need="food")
    assert drawn is not None
    (sign,) = drawn.signs
    metres = sign.reach * drawn.reach / drawn.rings[0].radius
    assert metres >= settings.SERAI_APPROXIMATE_METRES / 2**0.5
    assert drawn.has_areas


def test_what_is_contact_only_is_on_no_map(town: Any, client: Client) -> None:
    assert _drawn(where=SHELTER, need="shelter") is None
    page = client.get("/en/near/", {"place": f"{SHELTER[0]}, {SHELTER[1]}", "need": "shelter"}).content.decode()
    assert "A bed for the night" in page
    assert 'class="map"' not in page


def test_moving_an_approximate_place_within_its_area_changes_no_byte_of_the_page(town: Any, client: Client) -> None:
    from ..actions.offering import make_offers
    from ..models import Location
    from .a_directory import key

    address = "/en/near/?place=45.1, 13.6&need=food"
    before = client.get(address).content
    kitchen = Location.objects.get(pk=key("kitchen-place"))
    kitchen.latitude, kitchen.longitude = KITCHEN[0] + 0.0004, KITCHEN[1] + 0.0004  # some 50 metres
    kitchen.save()
    make_offers([at.service_id for at in kitchen.at.all()])
    assert client.get(address).content == before


def test_land_and_borders_show_only_where_they_are_fine_enough(bring: Any, town: Any) -> None:
    near, far = _drawn(need="doctor"), _drawn(where=(45.6, 13.75), need="doctor")
    assert near is not None
    assert far is not None
    assert near.land == ""
    assert far.reach >= 50_000
    assert far.land.startswith("M")


def test_places_that_stand_on_each_other_share_a_sign(town: Any) -> None:
    drawn = _drawn(where=(45.6, 13.75))
    assert drawn is not None
    shared = [sign for sign in drawn.signs if len(sign.numbers) > 2]
    assert shared
    for one in drawn.signs:
        for other in drawn.signs:
            apart = abs(one.x - other.x) * 2 >= one.width + other.width or abs(one.y - other.y) >= 22
            assert one is other or apart or one.reach or other.reach


@pytest.mark.parametrize(
    ("numbers", "words"), [((3,), "3"), ((1, 2, 3), "1–3"), ((1, 4), "1, 4"), ((2, 5, 6, 9), "2, 5 +2")]
)
def test_a_shared_sign_says_whose_it_is_in_few_letters(numbers: tuple[int, ...], words: str) -> None:
    assert Sign(0, 0, numbers).words == words


def test_the_number_of_an_area_does_not_stand_in_its_middle() -> None:
    assert Sign(10, 20, (4,), 30).middle == -10


def test_twenty_places_with_their_map_fit_into_the_first_answer(bring: Any, client: Client) -> None:
    from serai.rooms.services_map.actions.offering import make_offers

    from ..models import Location, Service, ServiceAtLocation
    from .a_directory import key

    bring(as_public(directory()), places="as-said")
    clinic = Service.objects.select_related("fact").get(pk=key("clinic"))
    place = clinic.at.select_related("location").get().location
    for number in range(20):
        fact = clinic.fact
        fact.pk, fact.key = None, f"services_map.service:{uuid4()}"
        fact.save()
        at = Location.objects.get(pk=place.pk)
        at.pk, at.latitude, at.longitude = uuid4(), 45.1 + number * 0.031, 13.6 + (number * 7 % 20) * 0.02
        at.save()
        service = Service.objects.get(pk=clinic.pk)
        service.pk, service.fact = uuid4(), fact
        service.texts = {"ar": {"name": f"عيادة رقم {number} في شارع الميناء القديم"}}
        service.save()
        ServiceAtLocation.objects.create(publisher=service.publisher, service=service, location=at)
    make_offers(Service.objects.values_list("pk", flat=True))
    for tag in ("en", "ar"):
        page = client.get(f"/{tag}/near/", {"place": "45.3, 13.7", "need": "pregnancy"}).content
        assert page.count(b'class="card service"') == 20
        assert b'class="land"' in page
        assert len(brotli.compress(page, quality=5)) < FIRST_VIEW


def test_the_numbers_in_the_map_are_the_same_in_arabic(town: Any, client: Client) -> None:
    signs = {
        tag: re.findall(r'class="sign.*?</g>', client.get(f"/{tag}/near/?place=45.1,13.6").content.decode())
        for tag in ("en", "ar", "fr")
    }
    assert signs["en"] == signs["ar"] == signs["fr"] != []
