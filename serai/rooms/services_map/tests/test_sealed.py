"""Who copies the database has no more of a hidden place than anybody; who keeps the directory has all of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from serai.lib.geo import Point, distance
from serai.lib.hsds.ours import Extras, extras_of, table_of, with_extras

from ..actions.editing import seen_state, set_hours
from ..actions.placing import set_sensitivity
from ..exchange.leaving import tables_of
from ..models import Location, Sensitivity, Service, ServiceAtLocation
from ..sensitivity import Whole, keep, known_point, whole_of
from .a_directory import KITCHEN, SHELTER, as_public, directory, key
from .test_nowhere import SECRETS


def _place(name: str) -> Location:
    return Location.objects.get(pk=key(f"{name}-place"))


def _copy() -> str:
    """All that lies in the database, table by table; for what is sealed a word, or chance would spell others in it."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        assert Location._meta.db_table in tables
        rows = "\n".join(str(cursor.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables)  # noqa: S608
    return re.sub(r"'gAAAAA[\w-]{80,}=*'", "'sealed'", rows)


def _told() -> list[str]:
    copy = _copy()
    return [secret for secret in SECRETS if secret in copy]


@pytest.fixture
def told_at_the_door(bring: Any) -> Any:
    """A town whose service at the shelter says by which door, in two languages."""
    tables = as_public(directory(), but={"shelter": "contact-only", "kitchen": "approximate"})
    for row in tables["service_at_location"].rows:
        row.cells["description"] = "Blue door behind the mill" if row.text("id") == key("shelter-at") else "Front door"
    phone = {"id": key("door-phone"), "location_id": key("shelter-place"), "number": "+39 040 9", "description": "Mill"}
    tables["phone"] = table_of("phone", [*(row.cells for row in tables["phone"].rows), phone])
    assert not bring(tables, places="as-said").is_refused
    return tables


@pytest.mark.django_db
def test_a_copy_of_the_database_does_not_say_where_a_hidden_place_is(town: Any) -> None:
    assert _told() == []
    shelter = whole_of(_place("shelter"))
    assert (shelter.point, shelter.cells["name"]) == (Point(*SHELTER), "House of shelter")


@pytest.mark.django_db
def test_of_an_approximate_place_the_columns_hold_the_middle_of_its_area(town: Any) -> None:
    kitchen = _place("kitchen")
    there = known_point(kitchen)
    assert there is not None
    assert 200 < distance(there, Point(*KITCHEN)) < 3000
    assert whole_of(kitchen).point == Point(*KITCHEN)


@pytest.mark.django_db
def test_what_is_said_of_the_way_in_is_sealed_with_the_place(told_at_the_door: Any, client: Client) -> None:
    copy = _copy()
    assert "mill" not in copy.lower()
    assert "Front door" in copy  # of a public place
    at = ServiceAtLocation.objects.get(pk=key("shelter-at"))
    assert whole_of(at).cells["description"] == "Blue door behind the mill"
    page = client.get(f"/en/services/{key('shelter')}/").content.decode()
    assert "Mill" not in page


@pytest.mark.django_db
def test_a_place_that_becomes_public_is_open_and_one_that_becomes_hidden_is_sealed(
    told_at_the_door: Any, staff: Any, lindenbach: Any
) -> None:
    editor = staff("bilal", lindenbach, "services_map.editor")
    set_sensitivity(by=editor, location=_place("shelter"), sensitivity=Sensitivity.PUBLIC)
    assert {"Hidden Lane", "House of shelter"} <= set(_told())
    assert ServiceAtLocation.objects.get(pk=key("shelter-at")).cells["description"] == "Blue door behind the mill"
    assert known_point(_place("shelter")) == Point(*SHELTER)
    set_sensitivity(by=editor, location=_place("shelter"), sensitivity=Sensitivity.CONTACT_ONLY)
    assert _told() == []
    assert "mill" not in _copy().lower()
    assert whole_of(_place("shelter")).point == Point(*SHELTER)


@pytest.mark.django_db
def test_an_import_that_hides_a_place_seals_what_stands_at_it(told_at_the_door: Any, bring: Any) -> None:
    hidden = as_public(
        told_at_the_door,
        but={"shelter": "contact-only", "kitchen": "approximate", "doctor": "contact-only"},
    )
    report = bring(hidden, places="as-said")
    assert (report.total("updated"), report.is_refused) == (1, False)
    at = ServiceAtLocation.objects.get(pk=key("doctor-at"))
    assert (at.cells, whole_of(at).cells) == ({}, {"description": "Front door"})
    assert "House of doctor" not in _copy()


@pytest.mark.django_db
def test_a_service_that_moves_from_a_hidden_place_takes_nothing_sealed_to_a_public_one(
    told_at_the_door: Any, bring: Any
) -> None:
    moved = directory()
    for row in moved["service_at_location"].rows:
        if row.text("id") == key("shelter-at"):
            row.cells["location_id"] = key("doctor-place")
    assert not bring(moved).is_refused
    at = ServiceAtLocation.objects.get(pk=key("shelter-at"))
    assert (str(at.location_id), at.cells, at.sealed) == (key("doctor-place"), {}, "")
    assert "mill" not in _copy().lower()


@pytest.mark.django_db
def test_no_free_words_of_rows_under_a_hidden_place_are_open_and_a_round_keeps_them(bring: Any) -> None:
    tables = directory()
    place = {"location_id": key("shelter-place")}
    phone = {"id": key("door"), **place, "number": "+39 040 9", "turning": "Mill Bend"}
    spoken = {"id": key("spoken"), **place, "code": "ti", "note": "Ask in the mill"}
    tables["phone"] = table_of("phone", [*(row.cells for row in tables["phone"].rows), phone])
    tables["language"] = table_of("language", [*(row.cells for row in tables["language"].rows), spoken])
    assert not bring(tables).is_refused
    assert "mill" not in _copy().lower()
    assert whole_of(_place("shelter")).children["language"][0]["note"] == "Ask in the mill"
    assert _place("shelter").children["phone"][0]["number"] == "+39 040 9"
    spoken["note"] = ""
    tables["language"] = table_of("language", [*(row.cells for row in directory()["language"].rows), spoken])
    again = bring(tables)
    assert (again.total("updated"), again.is_refused) == (0, False)


@pytest.mark.django_db
def test_hours_written_for_a_hidden_place_replace_those_that_lie_sealed(
    bring: Any, staff: Any, lindenbach: Any
) -> None:
    tables = directory()
    schedule = {
        "id": key("night"), "service_at_location_id": key("shelter-at"), "opens_at": "20:00", "closes_at": "23:00",
        "freq": "WEEKLY", "byday": "MO", "description": "Ring at the blue door",
    }  # fmt: skip
    assert not bring({**tables, "schedule": table_of("schedule", [schedule])}).is_refused
    at = ServiceAtLocation.objects.select_related("service").get(pk=key("shelter-at"))
    assert ("blue door" in str(whole_of(at)), "blue door" in str(at.children)) == (True, False)
    editor = staff("bilal", lindenbach, "services_map.editor")
    set_hours(by=editor, service=at.service, at=at, seen=seen_state(at), hours="Mo-Su 18:00-23:00")
    at.refresh_from_db()
    assert (at.hours, whole_of(at).children, at.sealed) == ("Mo-Su 18:00-23:00", {}, "")


@pytest.mark.django_db
def test_a_translation_of_a_hidden_place_is_sealed_too(town: Any, lindenbach: Any) -> None:
    from ..exchange.importing import import_tables

    rows = [{**row.cells, "name": "Maison du refuge"} for row in directory()["location"].rows]
    tables = {**directory(), "location": table_of("location", rows)}
    assert not import_tables(tables, [], by=None, publisher=lindenbach, tag="fr").is_refused
    assert whole_of(_place("shelter")).texts["fr"]["name"] == "Maison du refuge"
    assert _place("shelter").texts.get("fr", {}) == {}
    assert _place("doctor").texts["fr"]["name"] == "Maison du refuge"


@pytest.mark.django_db
def test_with_another_key_the_place_stays_sealed_and_an_import_says_what_to_do(
    town: Any, bring: Any, settings: Any
) -> None:
    settings.SECRET_KEY = "another-key-of-another-house"
    report = bring(town)
    assert [problem.code for problem in report.problems if problem.refuses] == ["sealed-elsewhere"] * 2
    assert "SECRET_KEY_FALLBACKS" in report.problems[0].cure


@pytest.mark.django_db
def test_the_database_refuses_a_hidden_place_with_a_point(town: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.filter(pk=key("shelter-place")).update(latitude=SHELTER[0], longitude=SHELTER[1])


def test_what_nobody_may_know_is_all_that_is_held_back() -> None:
    open_place = Whole({"name": "Square"}, {}, {}, "1.000000", "2.000000")
    row = Location(sensitivity=Sensitivity.PUBLIC)
    keep(row, open_place, Sensitivity.PUBLIC)
    assert (row.sealed, whole_of(row)) == ("", open_place)


@pytest.mark.django_db(transaction=True)
def test_places_of_a_house_that_stood_before_are_sealed_when_it_is_brought_up_to_date(town: Any) -> None:
    call_command("migrate", "services_map", "0002", verbosity=0)
    try:
        old = apps.get_model("services_map", "Location").objects.filter(pk=key("shelter-place"))
        assert old.values_list("cells__name", "latitude").get() == ("House of shelter", _decimal(SHELTER[0]))
    finally:
        call_command("migrate", "services_map", verbosity=0)
    assert _told() == []
    assert whole_of(_place("shelter")).point == Point(*SHELTER)


def _decimal(value: float) -> Any:
    from decimal import Decimal

    return Decimal(str(value))


@pytest.mark.django_db
def test_a_pack_that_comes_again_does_not_open_a_place_that_a_person_has_hidden(
    town: Any, bring: Any, staff: Any, lindenbach: Any
) -> None:
    editor = staff("bilal", lindenbach, "services_map.editor")
    set_sensitivity(by=editor, location=_place("doctor"), sensitivity=Sensitivity.CONTACT_ONLY)
    assert bring(town, places="as-said").total("updated") == 0
    assert _place("doctor").sensitivity == "contact-only"
    assert not bring(town, places="as-said", theirs=True).is_refused
    assert _place("doctor").sensitivity == "public"


@pytest.mark.django_db
def test_words_beside_the_hours_of_a_hidden_place_are_sealed_and_a_round_keeps_them(bring: Any, client: Client) -> None:
    tables = directory()
    said = extras_of(tables)
    said["service", key("shelter")] = replace(said["service", key("shelter")], opening_hours="")
    said["service_at_location", key("shelter-at")] = Extras(opening_hours='Mo-Fr 20:00-23:00 "ring at the mill"')
    said["location", key("shelter-place")] = Extras(country="IT", opening_hours='unknown "ask the miller"')
    tables = with_extras(tables, said)
    assert not bring(tables).is_refused
    at = ServiceAtLocation.objects.select_related("location").get(pk=key("shelter-at"))
    assert (at.hours, at.location.hours) == ("Mo-Fr 20:00-23:00 unknown", "unknown")
    assert whole_of(at).hours == 'Mo-Fr 20:00-23:00 "ring at the mill"'
    assert "mill" not in _copy().lower()
    assert "mill" not in client.get(f"/en/services/{key('shelter')}/").content.decode().lower()
    assert bring(tables).total("updated") == 0
    assert bring(tables_of(Service.objects.all())).total("updated") == 0
    assert not bring(as_public(tables), places="as-said", theirs=True).is_refused
    at = ServiceAtLocation.objects.select_related("location").get(pk=key("shelter-at"))
    assert (at.hours, at.location.hours) == ('Mo-Fr 20:00-23:00 "ring at the mill"', 'unknown "ask the miller"')


@pytest.mark.django_db(transaction=True)
def test_words_that_stood_open_before_are_sealed_when_the_house_is_brought_up_to_date(town: Any) -> None:
    call_command("migrate", "services_map", "0004", verbosity=0)
    try:
        spoken = {"language": [{"id": key("spoken"), "code": "ti", "note": "Ask in the mill"}]}
        Location.objects.filter(pk=key("shelter-place")).update(hours='24/7 "at the mill"', sealed="", children=spoken)
        ServiceAtLocation.objects.filter(pk=key("shelter-at")).update(hours='24/7 "at the mill"')
    finally:
        call_command("migrate", "services_map", verbosity=0)
    assert "mill" not in _copy().lower()
    at = ServiceAtLocation.objects.select_related("location").get(pk=key("shelter-at"))
    assert (whole_of(at).hours, whole_of(at.location).hours) == ('24/7 "at the mill"',) * 2
    assert whole_of(at.location).children == spoken
