"""Nested and back: the same rows, whatever stands under whatever."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.hsds.nested import read_json, to_nested, to_tables, write_json
from serai.lib.hsds.problems import HsdsRefused
from serai.lib.hsds.schema import FIELDS, FILES, OPEN_LINKS
from serai.lib.hsds.tests.directory import Rows, sound, tables, uid
from serai.lib.tables import Table


def plain(found: dict[str, Table]) -> dict[str, dict[str, dict[str, str]]]:
    """Rows by table and id without empty cells."""
    return {
        name: {row.text("id"): {key: row.text(key) for key in row.cells if row.text(key)} for row in table.rows}
        for name, table in found.items()
        if table.rows
    }


def test_a_directory_comes_back_from_json_as_it_was() -> None:
    given_tables = tables(sound())
    back, problems = to_tables(read_json(write_json(to_nested(given_tables))))
    assert problems == []
    assert plain(back) == plain(given_tables)


def test_a_service_has_everything_under_it_and_what_its_place_says_is_not_said_again() -> None:
    nested = to_nested(tables(sound()))
    assert list(nested) == ["service"]
    (service,) = nested["service"]
    assert service["organization"]["id"] == uid(1)
    assert "organization_id" not in service
    assert service["minimum_age"] == 16
    assert service["phones"][0] == {"id": uid(5), "location_id": uid(4), "number": "+43 1 555 0100"}
    place = service["service_at_locations"][0]["location"]
    assert (place["latitude"], place["longitude"]) == (48.2082, 16.37)
    assert place["phones"][0]["service_id"] == uid(2)
    assert service["attributes"][0]["taxonomy_term"]["taxonomy_detail"]["name"] == "Needs"


def test_what_no_service_leads_to_stands_under_its_table() -> None:
    rows = sound()
    rows["organization"].append({"id": uid(31), "name": "Idle", "description": "None"})
    rows["location"].append({"id": uid(32), "location_type": "postal", "organization_id": uid(31)})
    rows["phone"].append({"id": uid(33), "service_id": uid(99), "number": "1"})
    nested = to_nested(tables(rows))
    assert [item["id"] for item in nested["organization"]] == [uid(31)]
    assert nested["organization"][0]["locations"] == [{"id": uid(32), "location_type": "postal"}]
    assert nested["phone"] == [{"id": uid(33), "service_id": uid(99), "number": "1"}]


def test_under_its_service_an_organisation_has_its_own_phone_and_not_those_of_other_places() -> None:
    rows = sound()
    rows["phone"].append({"id": uid(41), "organization_id": uid(1), "number": "1"})
    rows["phone"].append({"id": uid(42), "organization_id": uid(1), "location_id": uid(43), "number": "2"})
    rows["location"].append({"id": uid(43), "organization_id": uid(1), "location_type": "postal"})
    nested = to_nested(tables(rows))
    assert [phone["id"] for phone in nested["service"][0]["organization"]["phones"]] == [uid(41)]
    assert nested["location"][0]["organization_id"] == uid(1)
    assert nested["location"][0]["phones"] == [{"id": uid(42), "organization_id": uid(1), "number": "2"}]


def test_an_attribute_stands_under_the_table_it_names_and_not_under_another_of_the_same_id() -> None:
    rows = sound()
    rows["location"][0]["id"] = rows["service_at_location"][0]["location_id"] = uid(2)
    rows["attribute"][0]["link_entity"] = "location"
    (service,) = to_nested(tables(rows))["service"]
    assert "attributes" not in service
    assert service["service_at_locations"][0]["location"]["attributes"][0]["id"] == uid(9)


def test_few_rows_that_would_become_many_objects_are_refused() -> None:
    rows = sound()
    rows["service"] = [{**rows["service"][0], "id": uid(100 + number)} for number in range(50)]
    rows["phone"] = [
        {"id": uid(200 + number), "organization_id": uid(1), "number": str(number)} for number in range(50)
    ]
    assert to_nested(tables(rows), max_objects=2700)
    with pytest.raises(HsdsRefused) as refused:
        to_nested(tables(rows), max_objects=2500)
    assert refused.value.code == "too-large"


links = st.sampled_from(["", *map(uid, range(5))])


@st.composite
def directories(draw: st.DrawFn) -> Rows:
    """Any rows, linked with each other, with rows that are not there, and not at all."""
    found: Rows = {}
    for table in FILES:
        for number in draw(st.lists(st.integers(0, 4), max_size=2, unique=True)):
            row = {"id": uid(number)}
            for field in FIELDS[table].values():
                if field.refers_to or field.name in ("link_id", "resource_id"):
                    row[field.name] = draw(links)
            if table in OPEN_LINKS:
                row[OPEN_LINKS[table][1]] = draw(st.sampled_from([*FILES, "bicycle"]))
            row["note_of_ours"] = draw(st.sampled_from(["", "=1", "true", "é"]))
            found.setdefault(table, []).append(row)
    return found


@given(directories())
def test_any_rows_come_back_however_they_are_linked(rows: Rows) -> None:
    given_tables = tables(rows)
    back, problems = to_tables(read_json(write_json(to_nested(given_tables))))
    assert problems == []
    assert plain(back) == plain(given_tables)


@given(st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,8})?", fullmatch=True))
def test_a_number_comes_back_as_the_same_number(text: str) -> None:
    rows = sound()
    rows["location"][0]["latitude"] = text
    back, _ = to_tables(read_json(write_json(to_nested(tables(rows)))))
    assert Decimal(back["location"].rows[0].text("latitude")) == Decimal(text)


def test_an_extension_keeps_its_leading_zero() -> None:
    rows = sound()
    rows["phone"][0]["extension"] = "0100"
    nested = to_nested(tables(rows))
    assert nested["service"][0]["phones"][0]["extension"] == "0100"
    assert to_tables(nested)[0]["phone"].rows[0].text("extension") == "0100"


def test_a_row_that_would_be_lost_is_refused() -> None:
    rows = sound()
    rows["phone"].append({"id": uid(5), "number": "2"})
    with pytest.raises(HsdsRefused) as refused:
        to_nested(tables(rows))
    assert (refused.value.code, refused.value.found.startswith("phone, row 3")) == ("id-duplicate", True)
    rows["phone"][1]["id"] = ""
    with pytest.raises(HsdsRefused) as refused:
        to_nested(tables(rows))
    assert refused.value.code == "id-missing"


def test_one_id_that_says_two_things_keeps_the_first_and_is_said() -> None:
    nested: dict[str, list[Any]] = {
        "service": [
            {"id": uid(1), "name": "A", "phones": [{"id": uid(5), "number": "1"}]},
            {"id": uid(2), "name": "B", "phones": [{"id": uid(5), "number": "2"}]},
        ]
    }
    back, problems = to_tables(nested)
    assert [row.text("number") for row in back["phone"].rows] == ["1"]
    assert [(p.path, p.field, p.code) for p in problems] == [
        ("service[1].phones[0]", "number", "id-conflict"),
        ("service[1].phones[0]", "service_id", "link-conflict"),
    ]


def test_the_forms_in_which_services_come_are_known() -> None:
    service = {"id": uid(1), "name": "A"}
    forms = [service, [service], {"contents": [service], "total_items": 1}, {"service": [service]}]
    assert all(read_json(json.dumps(form).encode("utf-8-sig")) == {"service": [service]} for form in forms)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"id": "1", "id": "2"}', "key-duplicate"),
        (b'{"latitude": NaN}', "not-json"),
        (b'{"latitude": -Infinity}', "not-json"),
        (b'{"id": ', "not-json"),
        (b"[" * 200_000, "not-json"),
        (b"9" * 5000, "not-json"),
        (b'["\\ud800"]', "not-json"),
        ('{"name": "café"}'.encode("latin-1"), "not-utf-8"),
        (b"5", "not-a-directory"),
        (b'"service"', "not-a-directory"),
        (b" " * 1001, "too-large"),
    ],
)
def test_json_that_is_none_or_means_two_things_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(HsdsRefused) as refused:
        read_json(data, max_bytes=1000 if code == "too-large" else 1_000_000)
    assert refused.value.code == code
