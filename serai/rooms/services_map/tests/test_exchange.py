"""Directories in and out: nothing changes on the way round, nothing is half done, nothing sensitive leaves."""

from __future__ import annotations

from typing import Any

import pytest

from serai.lib.hsds.check import check_rows, check_service
from serai.lib.hsds.nested import read_json, to_nested, to_tables, write_json
from serai.lib.hsds.ours import check_extras
from serai.lib.hsds.tabular import read_zip, write_zip

from ..exchange.leaving import tables_of
from ..models import Location, Service
from .a_directory import KITCHEN, SHELTER, as_public, directory, key

pytestmark = pytest.mark.django_db


def _all() -> dict[str, Any]:
    return tables_of(Service.objects.all(), kept=True)


def test_what_is_imported_without_a_word_about_places_is_contact_only(bring: Any) -> None:
    report = bring(as_public(directory()))
    assert not report.is_refused
    assert set(Location.objects.values_list("sensitivity", flat=True)) == {"contact-only"}


def test_the_same_directory_again_changes_nothing(town: Any, bring: Any) -> None:
    report = bring(town, places="as-said")
    assert (report.total("created"), report.total("updated")) == (0, 0)
    assert report.total("unchanged") == 7 + 2 + 6 + 6


def test_comparing_a_row_fetches_nothing_of_its_own(town: Any, bring: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(20):  # not one for each link of each of 21 rows
        bring(town, places="as-said")


def test_what_goes_out_is_valid_and_comes_back_in_without_a_change(town: Any, bring: Any) -> None:
    out = _all()
    assert [*check_rows(out), *check_extras(out)] == []
    report = bring(read_zip(write_zip(out)).tables)
    assert (report.total("created"), report.total("updated"), report.is_refused) == (0, 0, False)
    assert Location.objects.get(pk=key("shelter-place")).latitude is not None


def test_nested_json_goes_round_in_the_same_way(town: Any, bring: Any) -> None:
    nested = to_nested(_all())
    assert [problem for service in nested["service"] for problem in check_service(service)] == []
    tables, problems = to_tables(read_json(write_json(nested)))
    report = bring(tables)
    assert problems == []
    assert (report.total("created"), report.total("updated"), report.is_refused) == (0, 0, False)


def test_of_a_place_that_is_not_public_no_file_says_where_it_is(town: Any) -> None:
    told = write_json(to_nested(_all())).decode()
    for secret in (*map(str, SHELTER), *map(str, KITCHEN), "Hidden Lane", "House of shelter", "House of kitchen"):
        assert secret not in told
    assert "A bed for the night" in told


def test_one_mistake_refuses_the_whole_directory_and_says_where(bring: Any) -> None:
    tables = directory()
    row = tables["location"].rows[2]
    row.cells["latitude"], row.cells["longitude"] = "0", "0"
    report = bring(tables)
    assert report.is_refused
    assert Service.objects.count() == 0
    wrong = [problem for problem in report.problems if problem.refuses]
    assert [(problem.table, problem.row, problem.code) for problem in wrong] == [("location", row.number, "zero-zero")]
    assert "sea" in wrong[0].says
    assert "map" in wrong[0].cure


def test_latitude_and_longitude_that_changed_places_are_found_by_the_country(bring: Any) -> None:
    tables = directory()
    row = tables["location"].rows[0]
    row.cells["latitude"], row.cells["longitude"] = row.cells["longitude"], row.cells["latitude"]
    report = bring(tables)
    assert [problem.code for problem in report.problems if problem.refuses] == ["swapped"]
    assert Service.objects.count() == 0


def test_a_check_that_lies_in_the_future_is_refused(bring: Any) -> None:
    report = bring(directory(days_ago=-3))
    assert {problem.code for problem in report.problems if problem.refuses} == {"future"}


def test_a_second_language_brings_its_words_and_nothing_else(town: Any, bring: Any) -> None:
    tables = directory()
    only = {"organization": tables["organization"], "service": tables["service"]}
    for row in only["service"].rows:
        row.cells["name"] = f"FR {row.cells['name']}"
        row.cells["status"] = "inactive"
    from serai.rooms.services_map.exchange.importing import import_tables

    publisher = Service.objects.get(pk=key("doctor")).publisher
    report = import_tables(only, [], by=None, publisher=publisher, tag="fr")
    assert report.counts["service"]["updated"] == 7
    doctor = Service.objects.get(pk=key("doctor"))
    assert doctor.said("name", "fr").text == "FR Doctor at the harbour"
    assert (doctor.said("name", "en").text, doctor.status) == ("Doctor at the harbour", "active")


def test_what_the_house_changed_itself_is_kept_by_the_next_import(town: Any, bring: Any) -> None:
    Service.objects.filter(pk=key("doctor")).update(free="no", changed_here=True)
    assert bring(town).counts["service"]["kept"] == 1
    assert Service.objects.get(pk=key("doctor")).free == "no"
    assert bring(town, theirs=True).counts["service"]["updated"] == 1
    assert Service.objects.get(pk=key("doctor")).free == "yes"


def test_names_of_contact_persons_are_left_out_and_said_so(bring: Any) -> None:
    tables = directory()
    from serai.lib.hsds.ours import table_of

    contact = {"id": key("c"), "service_id": key("doctor"), "name": "Amal Person", "title": "Head nurse"}
    report = bring({**tables, "contact": table_of("contact", [contact])})
    assert "names-left-out" in {problem.code for problem in report.problems}
    kept = Service.objects.get(pk=key("doctor")).under("contact")
    assert kept == [{"id": key("c"), "service_id": key("doctor"), "title": "Head nurse"}]


def test_a_rehearsal_says_what_would_be_done_and_does_nothing(bring: Any) -> None:
    report = bring(directory(), dry_run=True)
    assert report.counts["service"]["created"] == 7
    assert Service.objects.count() == 0


def test_another_publisher_cannot_take_over_a_row(town: Any, port_amsel: Any) -> None:
    from serai.rooms.services_map.exchange.importing import import_tables

    report = import_tables(directory(), [], by=None, publisher=port_amsel, tag="en")
    assert {problem.code for problem in report.problems if problem.refuses} == {"of-another"}
