"""Open now: hundreds are asked at once from what their offers keep, and everything that differs still counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from serai.kernel.access.viewer import NOBODY
from serai.lib.geo import Point

from ..actions.changing_days import change_hours
from ..actions.closing import close_place
from ..actions.offering import make_offers
from ..actions.placing import set_sensitivity
from ..hours import Times, hours_from, hours_of, zone_of
from ..models import Location, Offer, Service, ServiceAtLocation
from ..queries.near import Wanted, services_near
from .a_directory import CENTRE, key, table_of

pytestmark = pytest.mark.django_db
ROME = ZoneInfo("Europe/Rome")
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ROME)


def _open(at: datetime, need: str = "doctor") -> set[str]:
    wanted = Wanted(need=need, open_now=True)
    found = services_near(viewer=NOBODY, point=Point(*CENTRE), wanted=wanted, tag="en", at=at)
    return {line.name.text for line in [*found.places, *found.by_contact]}


def _moved(name: str, lat: float) -> None:
    """A second place of a service, farther off, with hours of its own."""
    at = ServiceAtLocation.objects.select_related("location").get(pk=key(f"{name}-at"))
    place = at.location
    place.pk, place.latitude = key(f"{name}-second"), lat
    place.save(force_insert=True)
    at.pk, at.location, at.hours = key(f"{name}-at-second"), place, "24/7"
    at.save(force_insert=True)
    make_offers([at.service_id])


def test_offers_keep_the_hours_that_the_service_has_at_its_place(town: Any) -> None:
    offers = Offer.objects.select_related("service", "at__location")
    assert any(offer.hours for offer in offers)
    for offer in offers:
        kept = hours_from(Times(offer.hours, offer.schedule), offer.timezone or zone_of(None), "en")
        assert kept == hours_of(offer.service, offer.at, "en")


def test_offers_made_while_a_directory_comes_in_are_those_made_of_what_stands_there(town: Any) -> None:
    kept = [field.attname for field in Offer._meta.concrete_fields if field.name != "id"]
    coming_in = sorted(map(str, Offer.objects.values_list(*kept)))
    make_offers(Service.objects.values_list("pk", flat=True))
    assert sorted(map(str, Offer.objects.values_list(*kept))) == coming_in


@pytest.mark.parametrize("of", ["at", "service", "location"])
def test_hours_said_of_both_together_hold_before_those_of_the_service_and_of_the_place(town: Any, of: str) -> None:
    at = ServiceAtLocation.objects.select_related("location", "service").get(pk=key("doctor-at"))
    rows = {"location": at.location, "service": at.service, "at": at}
    for row in rows.values():
        row.hours, row.children = "", {}
        row.save()
    for name, row in rows.items():
        row.hours, row.children = "", {"schedule": [{"id": "1", "freq": "WEEKLY", "byday": "MO", "opens_at": name}]}
        row.save()
        if name == of:
            break
    make_offers([at.service_id])
    offer = Offer.objects.get(service_id=at.service_id, need="doctor")
    assert (offer.hours, offer.schedule) == ("", f'[{{"byday": "MO", "freq": "WEEKLY", "opens_at": "{of}"}}]')


def test_what_is_closed_at_its_nearest_place_is_found_at_a_farther_one(town: Any) -> None:
    night = datetime(2026, 11, 23, 3, 0, tzinfo=ROME)
    assert "Clinic on the hill" not in _open(night)
    _moved("clinic", CENTRE[0] + 0.2)
    assert "Clinic on the hill" in _open(night)


def test_days_with_other_hours_and_closings_at_once_count_among_hundreds(
    town: Any, dora: Any, staff: Any, lindenbach: Any
) -> None:
    bilal = staff("bilal", lindenbach, "services_map.editor")
    today, now = timezone.localdate(), timezone.now()
    service = {name: Service.objects.get(pk=key(name)) for name in ("doctor", "clinic", "night-doctor")}
    change_hours(by=bilal, service=service["clinic"], first=today, last=today + timedelta(1), hours="24/7", reasons={})
    change_hours(by=bilal, service=service["night-doctor"], first=today, last=today, hours="", reasons={})
    place = Location.objects.get(pk=key("doctor-place"))
    close_place(by=dora, service=service["doctor"], location=place, ends=now + timedelta(hours=8), reasons={})
    assert _open(now + timedelta(minutes=1)) == {"Clinic on the hill"}


def test_a_place_without_hours_is_not_said_to_be_open(town: Any) -> None:
    Offer.objects.update(hours="", schedule="")
    assert _open(MONDAY_NOON) == set()


def test_asking_for_what_is_open_costs_few_questions(town: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        _open(MONDAY_NOON)
    with django_assert_max_num_queries(4):
        services_near(viewer=NOBODY, point=Point(*CENTRE), wanted=Wanted(), tag="en", limit=2)


@pytest.mark.django_db(transaction=True)
def test_offers_made_before_they_kept_hours_have_them_when_the_house_is_brought_up_to_date(town: Any) -> None:
    kept = ("pk", "hours", "schedule", "timezone", "country")
    before = sorted(Offer.objects.values_list(*kept))
    call_command("migrate", "services_map", "0005", verbosity=0)
    call_command("migrate", "services_map", verbosity=0)
    assert sorted(Offer.objects.values_list(*kept)) == before
    assert any(hours for _pk, hours, *_ in before)


def test_a_place_that_a_directory_gives_to_another_service_is_not_found_under_the_first_any_more(
    town: Any, bring: Any, staff: Any, lindenbach: Any
) -> None:
    table = town["service_at_location"]
    rows = [
        {**row.cells, "service_id": key("clinic") if row.text("id") == key("doctor-at") else row.text("service_id")}
        for row in table.rows
    ]
    assert not bring(
        {**town, "service_at_location": table_of("service_at_location", rows)}, places="as-said"
    ).is_refused
    place = Location.objects.get(pk=key("doctor-place"))
    assert {str(pk) for pk in Offer.objects.filter(at__location=place).values_list("service_id", flat=True)} == {
        key("clinic")
    }
    assert Offer.objects.filter(service_id=key("doctor"), latitude=None).exists()
    Offer.objects.filter(at__location=place).update(service_id=key("doctor"))  # as a house of before may have it
    bilal = staff("bilal", lindenbach, "services_map.editor")
    set_sensitivity(by=bilal, location=place, sensitivity="contact-only")
    assert not Offer.objects.filter(at__location=place).exclude(latitude=None).exists()
    assert not Offer.objects.filter(service_id=key("doctor")).exclude(latitude=None).exists()
