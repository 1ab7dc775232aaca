"""Help near a place: the nearest first, what fits and nothing else, and never where a hidden place is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from serai.kernel.access.viewer import NOBODY
from serai.lib.geo import Point, distance
from serai.lib.hours_state import State

from ..actions.closing import close_place, review_closure
from ..actions.offering import make_offers
from ..actions.placing import set_sensitivity
from ..models import Location, Offer, Service, ServiceAtLocation
from ..needs import NAMES, grouped, needs
from ..queries import near
from ..queries.near import Near, Wanted, services_near
from ..words import state_words
from .a_directory import CENTRE, KITCHEN, SHELTER, as_public, directory, key

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=ROME)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ROME)


def _near(at: datetime | None = None, where: tuple[float, float] = CENTRE, **wanted: Any) -> Near:
    return services_near(viewer=NOBODY, point=Point(*where), wanted=Wanted(**wanted), tag="en", at=at)


def _names(found: Near) -> list[str]:
    return [line.name.text for line in found.places]


def test_the_nearest_stands_first_and_each_service_once(town: Any) -> None:
    found = _near()
    assert _names(found)[:3] == ["Wi-Fi and charging", "Doctor at night", "Doctor at the harbour"]
    assert len({line.key for line in found.places}) == len(found.places) == 5
    distances = [line.metres for line in found.places]
    assert distances == sorted(distances)


def test_those_reached_by_phone_only_are_counted_no_further_than_it_helps(bring: Any, monkeypatch: Any) -> None:
    bring(directory())
    found = services_near(viewer=NOBODY, point=Point(*CENTRE), wanted=Wanted(), tag="en", limit=2)
    assert (len(found.by_contact), found.more_by_contact, found.not_all_counted) == (2, 5, False)
    monkeypatch.setattr(near, "COUNTED", 3)
    found = services_near(viewer=NOBODY, point=Point(*CENTRE), wanted=Wanted(), tag="en", limit=2)
    assert (found.more_by_contact, found.not_all_counted) == (3, True)


def test_what_is_reached_by_phone_only_is_read_in_the_order_of_an_index(town: Any) -> None:
    for wanted in (Wanted(), Wanted(need="doctor")):
        plan = near._reached_by_phone(near._fitting(wanted, timezone.now())).explain()
        assert "offer_" in plan or connection.vendor == "postgresql", plan
        assert "TEMP B-TREE" not in plan


def test_only_what_somebody_needs_is_found(town: Any) -> None:
    assert _names(_near(need="pregnancy")) == ["Clinic on the hill"]
    assert _names(_near(need="charging")) == ["Wi-Fi and charging"]


def test_the_nearest_open_doctor_that_asks_no_papers(town: Any) -> None:
    assert _names(_near(SUNDAY_NIGHT, need="doctor", open_now=True, no_papers=True)) == [
        "Doctor at night",
        "Doctor at the harbour",
    ]
    assert _names(_near(MONDAY_NOON, need="doctor", open_now=True, no_papers=True)) == ["Doctor at the harbour"]


def test_on_a_public_holiday_what_is_closed_then_is_not_open(town: Any) -> None:
    christmas = datetime(2026, 12, 25, 10, 0, tzinfo=ROME)
    assert "Clinic on the hill" not in _names(_near(christmas, need="doctor", open_now=True))
    assert "Clinic on the hill" in _names(_near(christmas + timedelta(days=3), need="doctor", open_now=True))


def test_languages_and_price_are_asked_for(town: Any) -> None:
    assert _names(_near(language="ar")) == ["Doctor at the harbour"]
    assert _names(_near(free=True)) == ["Doctor at the harbour"]


def test_an_address_ends_with_its_town_and_not_with_the_code_of_its_country(town: Any) -> None:
    addresses = [line.address for line in _near(need="doctor").places]
    assert addresses
    assert all(address.endswith("TS") and "IT" not in address for address in addresses), addresses


def test_a_day_near_is_said_with_its_weekday_and_a_far_one_with_its_year() -> None:
    now = timezone.now()
    near = state_words(State("closed", opens_at=now + timedelta(days=3)))
    far = state_words(State("closed", opens_at=now + timedelta(days=300)))
    assert (now + timedelta(days=3)).strftime("%A") in near
    assert re.search("[0-9]{4}", near.replace(":", "")[:-4]) is None, near
    assert str((now + timedelta(days=300)).year) in far


def test_what_is_contact_only_is_found_by_what_it_offers_and_has_no_distance(town: Any) -> None:
    found = _near(need="shelter")
    assert found.places == []
    assert [(line.name.text, line.metres, line.point, line.address) for line in found.by_contact] == [
        ("A bed for the night", None, None, "")
    ]
    assert found.by_contact[0].phone == "+39 040 3333333"


def test_from_wherever_one_asks_a_contact_only_place_answers_the_same(town: Any) -> None:
    beside, far = _near(where=SHELTER, need="shelter"), _near(where=(-33.9, 18.4), need="shelter")
    assert beside.by_contact == far.by_contact
    assert beside.places == far.places == []


AMMAN, CAPE_TOWN, TRIESTE = (31.95, 35.93), (-33.9, 18.4), (45.65, 13.77)


@pytest.mark.parametrize(
    ("areas", "amman", "trieste"),
    [
        ([], True, True),
        (["Italy"], False, True),
        (["Slovenia"], False, True),
        (["Italy", "Jordan"], True, True),
        (["Jordan"], True, False),
        (["Trieste"], True, True),
        (["Italy", "all of Europe"], True, True),
    ],
)
def test_what_is_contact_only_is_offered_where_it_says_it_is_for(
    town: Any, areas: list[str], amman: bool, trieste: bool
) -> None:
    shelter = Service.objects.get(pk=key("shelter"))
    shelter.children = {**shelter.children, "service_area": [{"id": key(name), "name": name} for name in areas]}
    shelter.save()
    make_offers([shelter.pk])
    for where, shows in ((AMMAN, amman), (TRIESTE, trieste)):
        assert bool(_near(where=where, need="shelter").by_contact) is shows, where


def test_where_a_place_is_limits_nothing_and_neither_does_an_area_where_the_place_is_known(town: Any) -> None:
    Location.objects.filter(pk=key("shelter-place")).update(country="IT")
    make_offers([Service.objects.get(pk=key("shelter")).pk])
    assert _near(where=CAPE_TOWN, need="shelter").by_contact == _near(need="shelter").by_contact != []
    doctor = Service.objects.get(pk=key("doctor"))
    doctor.children = {**doctor.children, "service_area": [{"id": key("area"), "name": "Jordan"}]}
    doctor.save()
    make_offers([doctor.pk])
    assert "Doctor at the harbour" in _names(_near(need="doctor"))


def test_of_an_approximate_place_only_the_middle_of_its_area_is_known(town: Any) -> None:
    line = _near(need="food").places[0]
    assert line.area_only
    assert line.point is not None
    assert 10 < distance(line.point, Point(*KITCHEN)) < 2000
    offer = Offer.objects.get(service_id=key("kitchen"), need="food")
    assert (offer.latitude, offer.longitude) == (line.point.lat, line.point.lon)


def test_no_offer_holds_the_exact_place_of_what_is_not_public(town: Any) -> None:
    for name, exact in (("shelter", SHELTER), ("kitchen", KITCHEN)):
        for offer in Offer.objects.filter(service_id=key(name)):
            assert (offer.latitude, offer.longitude) != exact


def test_what_was_checked_half_a_year_ago_is_not_found_any_more(bring: Any) -> None:
    bring(as_public(directory(days_ago=179)), places="as-said")
    assert len(_near().places) == 6
    bring(as_public(directory(days_ago=181)), places="as-said")
    later = timezone.now() + timedelta(days=3)
    assert _near(later).places == []


def test_a_place_closed_tonight_is_closed_at_once(town: Any, staff: Any, lindenbach: Any) -> None:
    dora = staff("dora", lindenbach, "services_map.local")
    doctor = Service.objects.get(pk=key("doctor"))
    now = timezone.now()
    close_place(by=dora, service=doctor, ends=now + timedelta(hours=8), reasons={"en": "No water tonight"})
    line = next(line for line in _near(now + timedelta(minutes=1)).places if line.key == key("doctor"))
    assert (line.state.status, line.state.note) == ("closed", "No water tonight")
    assert _names(_near(now + timedelta(hours=9), need="doctor", open_now=True, free=True)) == ["Doctor at the harbour"]


def test_a_closing_that_the_second_person_undoes_is_open_again(town: Any, staff: Any, lindenbach: Any) -> None:
    dora, bilal = staff("dora", lindenbach, "services_map.local"), staff("bilal", lindenbach, "services_map.editor")
    doctor = Service.objects.get(pk=key("doctor"))
    closure = close_place(by=dora, service=doctor, ends=timezone.now() + timedelta(hours=8), reasons={})
    review_closure(by=bilal, closure=closure, keep=False)
    assert "Doctor at the harbour" in _names(_near(need="doctor", open_now=True, free=True))


def test_a_place_made_contact_only_is_near_nothing_from_then_on(town: Any, staff: Any, lindenbach: Any) -> None:
    bilal = staff("bilal", lindenbach, "services_map.editor")
    wifi = Location.objects.get(pk=key("wifi-place"))
    set_sensitivity(by=bilal, location=wifi, sensitivity="contact-only")
    assert _names(_near(need="wifi")) == []
    assert [line.name.text for line in _near(need="wifi").by_contact] == ["Wi-Fi and charging"]


def test_many_services_cost_no_more_questions_than_one(town: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        _near(need="doctor")


def test_offers_of_many_services_are_made_with_as_many_queries_as_of_one(
    town: Any, django_assert_max_num_queries: Any
) -> None:
    services = list(Service.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(5):
        make_offers(services)
    assert set(Offer.objects.values_list("service_id", flat=True)) == set(services)


def test_every_need_has_a_name_and_stands_in_one_group() -> None:
    assert set(NAMES) == set(needs())
    assert [need.key for rows in grouped().values() for need in rows if need.key not in NAMES] == []
    assert sum(map(len, grouped().values())) == len(needs())


def test_layers_lead_to_the_same_place_with_another_need(town: Any, client: Client) -> None:
    page = client.get("/en/near/", {"place": "45.1, 13.6", "need": "doctor"}).content.decode()
    for need in ("wifi", "charging", "sim", "phone-repair", "registration"):
        found = re.search(rf'href="(\?[^"]*need={need})"', page)
        assert found, need
        assert "place=45.1" in found[1]
    assert 'href="/en/consulates/"' in page
    other = client.get("/en/near/?place=45.1%2C+13.6&need=wifi").content.decode()
    assert "Wi-Fi and charging" in other


def test_a_list_that_is_printed_leads_back_to_itself_but_not_to_where_a_phone_was(town: Any, client: Client) -> None:
    asked = client.get("/en/near/", {"place": "45.1, 13.6"}).content.decode()
    assert "place=45.1" in asked[asked.index('class="sheet"') :]
    sent = client.post("/en/near/", {"latitude": "45.10", "longitude": "13.60"}).content.decode()
    assert "45.1" not in sent[sent.index('class="sheet"') :]


def test_what_is_printed_has_the_usual_hours_of_the_day_and_the_day_of_the_check(town: Any, client: Client) -> None:
    line = next(line for line in _near().places if line.key == key("kitchen"))
    assert line.usual == ("12:00–14:00",)
    page = client.get("/en/near/", {"place": "45.1, 13.6", "need": "food"}).content.decode()
    printed = re.findall(r'<p class="printed">(.*?)</p>', page, re.S)
    assert "call before you go" in printed[0]
    assert "12:00–14:00" in printed[1]
    assert "Checked on" in printed[1]


def test_the_nearest_stand_first_also_across_rings_and_the_line_where_days_change(town: Any) -> None:
    middle = Point(-16.5, 179.998)  # Fiji, 200 m west of the antimeridian
    at = {"doctor": (-16.5, -179.9983), "clinic": (-16.5036, -179.9984), "wifi": (-16.5045, 179.998)}
    for name, (lat, lon) in at.items():
        Location.objects.filter(pk=key(f"{name}-place")).update(latitude=lat, longitude=lon)
    make_offers(Service.objects.values_list("pk", flat=True))
    found = services_near(viewer=NOBODY, point=middle, wanted=Wanted(), tag="en")
    assert [line.key for line in found.places] == [key(name) for name in ("doctor", "wifi", "clinic")]
    assert [line.metres for line in found.places] == [400, 500, 550]


def test_a_service_at_many_places_does_not_hide_the_others(town: Any) -> None:
    at = ServiceAtLocation.objects.select_related("location").get(pk=key("wifi-at"))
    for number in range(50):
        place, row = Location.objects.get(pk=at.location_id), ServiceAtLocation.objects.get(pk=at.pk)
        place.pk, row.pk, row.location = uuid4(), uuid4(), place
        place.latitude = CENTRE[0] + number / 1_000_000
        place.save(force_insert=True)
        row.save(force_insert=True)
    make_offers([at.service_id])
    found = services_near(viewer=NOBODY, point=Point(*CENTRE), wanted=Wanted(), tag="en", limit=3)
    assert _names(found) == ["Wi-Fi and charging", "Doctor at night", "Doctor at the harbour"]
