"""The mappings that are shipped, on the real files they were written for: how much comes through, and what is said."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from serai.lib.hours_osm import read_osm
from serai.lib.hsds.check import check_rows
from serai.lib.hsds.nested import read_json, to_nested, to_tables, write_json
from serai.lib.hsds.ours import Extras, check_extras, extras_of
from serai.lib.hsds.tabular import read_zip, write_zip
from serai.lib.mapping.convert import Converted, convert_file
from serai.lib.mapping.tests.lindenbach import mapping
from serai.lib.mapping.tests.test_definition import EXAMPLES

pytestmark = pytest.mark.shared_data

TODAY = date(2026, 11, 22)


@cache
def jordan(folder: Path) -> Converted:
    """Services of UNHCR's partners in Jordan, in two languages."""
    text = (EXAMPLES / "jordan-services.yaml").read_text("utf-8")
    return convert_file(folder / "jordan_services" / "compiled.json", mapping(text), today=TODAY)


@cache
def embassies(folder: Path) -> Converted:
    """Embassies of the world."""
    text = (EXAMPLES / "embassies-wikidata.yaml").read_text("utf-8")
    return convert_file(folder / "embassies_wikidata" / "database_of_embassies.csv", mapping(text), today=TODAY)


def counts(found: Converted) -> dict[str, int]:
    """Rows by table, attributes apart."""
    return {
        name: len(table.rows) for name, table in found.tables.items() if not name.startswith(("attribute", "taxonomy"))
    }


def of(found: Converted, table: str) -> list[Extras]:
    """What attributes say of the rows of a table."""
    return [extras for (name, _), extras in extras_of(found.tables).items() if name == table]


def spoken(found: Converted) -> Counter[tuple[str, str, str]]:
    """Translations by table, field and language."""
    return Counter(
        (name, *said) for (name, _), extras in extras_of(found.tables).items() for said in extras.translations
    )


def test_all_of_jordan_comes_through_in_both_languages_and_nothing_is_refused(shared_data: Path) -> None:
    found = jordan(shared_data)
    assert found.problems == []
    assert found.count == 562
    assert counts(found) == {
        "organization": 44, "service": 562, "location": 82, "service_at_location": 562, "service_area": 503,
        "required_document": 271,
    }  # fmt: skip
    assert spoken(found) == {
        ("service", "name", "ar"): 562,
        ("service_area", "name", "ar"): 503,
        ("required_document", "document", "ar"): 271,
        ("location", "name", "ar"): 81,  # of one the name is the same
    }
    assert check_rows(found.tables) == check_extras(found.tables) == []


def test_entries_of_2014_are_what_they_are(shared_data: Path) -> None:
    found = jordan(shared_data)
    services = found.tables["service"].rows
    assert {row.text("status") for row in services} == {"inactive"}
    assert max(row.text("assured_date") for row in services) < "2016"
    assert Counter(extras.valid_to[:4] for extras in of(found, "service")) == {"2014": 426, "2015": 135, "2016": 1}
    assert all(extras.valid_from for extras in of(found, "service"))


def test_hours_that_are_flags_are_hours_where_they_are_certain(shared_data: Path) -> None:
    found = jordan(shared_data)
    hours = Counter(extras.opening_hours for extras in of(found, "service"))
    unclear = sum(count for text, count in hours.items() if text.startswith("unknown"))
    assert (hours[""], unclear, sum(hours.values())) == (71, 223, 562)
    assert hours["Su-Th 08:30-17:00"] == 99
    assert hours['unknown "Sun-Thurs; 13:00pm, 8:30am"'] == 15
    assert all(read_osm(text) for text in hours if text)
    assert Counter(note.code for note in found.notes) == {"hours-unclear": 223}


def test_needs_papers_and_audience_come_from_words_that_the_mapping_knows(shared_data: Path) -> None:
    services = of(jordan(shared_data), "service")
    assert Counter(extras.papers_asked for extras in services) == {"yes": 271, "no": 186, "": 105}
    needs = Counter(need for extras in services for need in extras.needs)
    assert (needs["cash"], needs["doctor"], needs["violence"], needs["child-protection"]) == (103, 25, 34, 78)
    assert all(extras.needs for extras in services)
    assert Counter(who for extras in services for who in extras.audience) == {
        "children": 79,
        "women": 34,
        "disabled": 1,
    }


def test_names_of_staff_and_wrong_translations_stay_outside(shared_data: Path) -> None:
    found = jordan(shared_data)
    written = write_json(to_nested(found.tables)).decode()
    assert "Remedial Tutoring" in written
    assert "targets public school children" not in written  # a comment
    assert "حالة صحية خطيرة" not in written  # "serious medical condition" for "open to all"


def test_jordan_goes_out_as_hsds_and_comes_back_unchanged(shared_data: Path) -> None:
    found = jordan(shared_data)
    back, problems = to_tables(read_json(write_json(to_nested(found.tables))))
    assert problems == []
    assert extras_of(back) == extras_of(found.tables) == extras_of(read_zip(write_zip(found.tables)).tables)
    for name, table in found.tables.items():
        assert {row.text("id"): row.cells for row in back[name].rows} == {
            row.text("id"): row.cells for row in table.rows
        }


def test_embassies_come_through_but_those_that_cannot_be_right(shared_data: Path) -> None:
    found = embassies(shared_data)
    assert found.problems == []
    assert found.count == 9852
    assert counts(found) == {
        "organization": 218, "service": 9850, "location": 9850, "service_at_location": 9850, "phone": 885,
    }  # fmt: skip
    assert [(note.row, note.field, note.code) for note in found.notes] == [
        (5186, "id", "id-repeated"),  # one embassy under two states
        (3507, "url", "link-control"),  # an invisible character at its end
        (9768, "url", "link-control"),
    ]
    assert check_rows(found.tables) == check_extras(found.tables) == []


def test_an_embassy_says_whose_it_is_where_and_as_of_when(shared_data: Path) -> None:
    found = embassies(shared_data)
    services, places = of(found, "service"), of(found, "location")
    assert {extras.needs for extras in services} == {("consulate",)}
    assert sum(bool(extras.operates_for) for extras in services) == 9784
    assert sum(bool(extras.country) for extras in places) == 9845
    assert {row.text("assured_date") for row in found.tables["service"].rows} == {"2022-11-16"}
    assert sum(bool(row.text("url")) for row in found.tables["service"].rows) == 6513
    assert sum(bool(row.text("latitude")) for row in found.tables["location"].rows) == 8718
