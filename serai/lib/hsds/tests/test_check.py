"""Every rule has a row that breaks it; a sound directory breaks none."""

from __future__ import annotations

from typing import Any

import pytest

from serai.lib.hsds.check import check_rows, check_service
from serai.lib.hsds.problems import CURES, Problem
from serai.lib.hsds.schema import FIELDS, FILES, NESTING
from serai.lib.hsds.tests.directory import service, sound, tables, uid


def found(table: str, field: str, value: str) -> list[tuple[str, int, str, str]]:
    """What is said when that one field of the sound directory has another value."""
    rows = sound()
    rows[table][0][field] = value
    return [(p.table, p.row, p.field, p.code) for p in check_rows(tables(rows))]


def test_a_sound_directory_has_no_problem_as_tables_and_nested() -> None:
    assert check_rows(tables(sound())) == []
    assert check_service(service()) == []


@pytest.mark.parametrize(
    ("table", "field", "value", "code"),
    [
        ("organization", "name", "", "required"),
        ("organization", "name", " \u00a0", "required"),
        ("service", "organization_id", "", "required"),
        ("service", "status", "open", "enum"),
        ("service", "status", "Active", "enum"),
        ("schedule", "wkst", "MON", "enum"),
        ("service", "minimum_age", "sixteen", "not-a-number"),
        ("service", "minimum_age", "1.6E+1", "not-a-number"),
        ("service", "minimum_age", "NaN", "not-a-number"),
        ("service", "assured_date", "12.10.2026", "date"),
        ("service", "assured_date", "2026-02-30", "date"),
        ("service", "last_modified", "2026-10-12T08:30:00", "datetime"),
        ("schedule", "opens_at", "9am", "time"),
        ("schedule", "opens_at", "24:00", "time"),
        ("service", "email", "advice at linden", "email"),
        ("service", "email", "a@linden.example,b@linden.example", "email"),
        ("service", "email", "a@linden.example?subject=x@y.example", "email"),
        ("service", "url", "linden.example", "link-no-scheme"),
        ("service", "description", "a\0b", "control"),
        ("service", "url", "javascript:alert(1)", "link-scheme"),
        ("service", "url", "https://linden.example@evil.example", "link-userinfo"),
        ("taxonomy", "uri", "urn:", "link-scheme"),
        ("location", "id", "4", "uuid"),
        ("phone", "number", "4.9157E+11", "spoilt-by-spreadsheet"),
        ("phone", "number", "4,9157e+11", "spoilt-by-spreadsheet"),
        ("phone", "number", "491577000000.0", "spoilt-by-spreadsheet"),
        ("phone", "number", "ask at the desk", "phone"),
        ("phone", "number", "+43\u202e1 555", "bidi-control"),
        ("taxonomy_term", "code", "5E+10", "spoilt-by-spreadsheet"),
        ("organization", "name", "City \u202ehcabnedniL", "bidi-control"),
        ("organization", "name", "City\u200f", "bidi-control"),
        ("organization", "name", "Lindenb\u0430ch", "mixed-script"),
        ("organization", "name", "Linden\u200bbach", "invisible"),
        ("organization", "description", "City \u202ehcabnedniL", "bidi-control"),
        ("location", "latitude", "98.2", "lat-range"),
        ("location", "longitude", "", "coordinate-half"),
        ("location", "longitude", "190", "lon-range"),
        ("service", "maximum_age", "9", "order"),
        ("schedule", "valid_to", "2025-12-31", "order"),
        ("service", "organization_id", uid(99), "reference-missing"),
        ("taxonomy_term", "parent_id", uid(99), "reference-missing"),
        ("attribute", "link_id", uid(99), "reference-missing"),
        ("attribute", "link_entity", "services", "enum"),
    ],
)
def test_one_wrong_field_is_said_once_with_its_row(table: str, field: str, value: str, code: str) -> None:
    answers = [answer for answer in found(table, field, value) if answer[3] != "reference-missing" or code == answer[3]]
    assert answers == [(table, 2, field, code)]


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        ("09:00", "17:00", ""),
        ("17:00", "09:00", "closes-before-opens"),
        ("17:00:00", "08:00:00", "closes-before-opens"),
        ("17:00+02:00", "09:00+02:00", "closes-before-opens"),
        ("13:00", "12:59", "closes-before-opens"),
        ("18:00", "08:00", "over-midnight"),
        ("18:00Z", "08:00Z", "over-midnight"),
        ("20:00", "08:00", "over-midnight"),
        ("20:00", "07:59", ""),
        ("22:00", "02:00", ""),
        ("08:00", "00:00", ""),
        ("17:00+02:00", "09:00Z", ""),
        ("09:00", "", ""),
        ("", "09:00", ""),
    ],
)
def test_closing_before_opening_is_a_night_or_two_times_that_changed_places(opens: str, closes: str, code: str) -> None:
    rows = sound()
    rows["schedule"][0] |= {"opens_at": opens, "closes_at": closes}
    said = [(p.row, p.field, p.code, p.value) for p in check_rows(tables(rows))]
    assert said == ([(2, "closes_at", code, f"{opens[:5]}-{closes[:5]}")] if code else [])


def test_a_place_at_zero_zero_is_said() -> None:
    rows = sound()
    rows["location"][0] |= {"latitude": "0", "longitude": "0.0"}
    assert [p.code for p in check_rows(tables(rows))] == ["zero-zero"]


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("phone", "number", "٠٤٣ ١٢٣ ٤٥٦٧"),
        ("phone", "number", "0800-ADVICE1"),
        ("organization", "description", "افتتح عام 2011\u200f، ثم"),
        ("schedule", "opens_at", "23:59:59+02:00"),
        ("location", "name", "می\u200cخواهم"),
        ("service", "status", "temporarily closed"),
    ],
)
def test_what_is_honest_is_let_through(table: str, field: str, value: str) -> None:
    assert found(table, field, value) == []


def test_all_problems_are_said_and_not_the_first_alone() -> None:
    rows = sound()
    rows["service"][0] |= {"status": "open", "email": "none", "name": ""}
    rows["phone"].append({"id": uid(5), "number": "4.9157E+11"})
    assert [(p.table, p.row, p.field, p.code, p.cure) for p in check_rows(tables(rows))] == [
        ("service", 2, "name", "required", "fill-in"),
        ("service", 2, "email", "email", "write-email"),
        ("service", 2, "status", "enum", "choose-listed"),
        ("phone", 3, "number", "spoilt-by-spreadsheet", "format-as-text"),
        ("phone", 3, "id", "id-duplicate", "make-unique"),
    ]


def test_missing_and_unknown_columns_are_said_once_and_not_for_each_row() -> None:
    rows = sound()
    rows["location"] = [{"id": uid(4), "name": "Town hall", "lift": "yes"}, {"id": uid(14), "name": "Hut", "lift": ""}]
    said = [(p.row, p.field, p.code) for p in check_rows(tables(rows))]
    assert said == [(1, "location_type", "column-missing"), (1, "lift", "column-unknown")]


def test_a_table_that_is_referred_to_and_missing_is_said_once() -> None:
    rows = sound()
    del rows["organization"]
    rows["service"].append({**rows["service"][0], "id": uid(22)})
    said = [(p.table, p.row, p.field, p.code, p.value) for p in check_rows(tables(rows))]
    assert said == [("service", 0, "organization_id", "reference-table-missing", "organization")]


def test_an_unknown_table_is_said_and_does_no_harm() -> None:
    rows = {**sound(), "bicycles": [{"id": "1"}]}
    assert [(p.table, p.code) for p in check_rows(tables(rows))] == [("bicycles", "table-unknown")]


def test_what_was_found_is_shown_with_its_hidden_characters() -> None:
    rows = sound()
    rows["organization"][0]["name"] = "\u202e" + "a" * 200
    (problem,) = check_rows(tables(rows))
    assert problem.value.startswith("[U+202E]aaa")
    assert len(problem.value) == 81


def changed(path: list[str | int], value: Any) -> list[tuple[str, str, str, str]]:
    """What is said of the nested service when one value in it is another."""
    whole = service()
    item: Any = whole
    for step in path[:-1]:
        item = item[step]
    item[path[-1]] = value
    return [(p.path, p.table, p.field, p.code) for p in check_service(whole)]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["name"], None, ("", "service", "name", "required")),
        (["name"], 5, ("", "service", "name", "not-text")),
        (["name"], ["Advice"], ("", "service", "name", "not-text")),
        (["minimum_age"], "16", ("", "service", "minimum_age", "not-a-number")),
        (["minimum_age"], True, ("", "service", "minimum_age", "not-a-number")),
        (["minimum_age"], 120, ("", "service", "maximum_age", "order")),
        (["bicycles"], "two", ("", "service", "bicycles", "column-unknown")),
        (["capacities"], [{"id": "1"}], ("", "service", "capacities", "key-unknown")),
        (["phones"], {}, ("", "service", "phones", "not-a-list")),
        (["organization"], [], ("", "service", "organization", "not-an-object")),
        (["phones", 0], "+43 1", ("phones[0]", "phone", "", "not-an-object")),
        (["schedules", 0, "opens_at"], "noon", ("schedules[0]", "schedule", "opens_at", "time")),
        (["schedules", 0, "service_id"], uid(99), ("schedules[0]", "schedule", "service_id", "link-conflict")),
        (
            ["service_at_locations", 0, "location", "latitude"], 0.5e400,
            ("service_at_locations[0].location", "location", "latitude", "not-a-number"),
        ),
        (
            ["service_at_locations", 0, "location", "phones", 0, "number"], "+43 2",
            ("service_at_locations[0].location.phones[0]", "phone", "number", "id-conflict"),
        ),
    ],
)  # fmt: skip
def test_a_wrong_value_in_a_nested_service_is_said_with_its_path(
    path: list[str | int], value: Any, said: tuple[str, str, str, str]
) -> None:
    assert changed(path, value) == [said]


@pytest.mark.parametrize("service", [None, [], "service", 5])
def test_what_is_no_service_at_all_is_said(service: Any) -> None:
    assert [p.code for p in check_service(service)] == ["not-an-object"]


def test_a_service_without_organization_is_no_problem_in_nested_form_where_none_is_asked() -> None:
    whole = service()
    del whole["organization"]
    assert check_service(whole) == []


def test_every_cure_is_named_and_links_have_theirs() -> None:
    assert Problem("service", 2, "url", "link-scheme").cure == "write-link"
    assert all(CURES.values())


def test_the_schema_holds_together() -> None:
    assert len(FILES) == len(set(FILES.values())) == 21
    assert set(FIELDS) == set(FILES)
    assert sum(map(len, FIELDS.values())) == 183
    assert all(field.refers_to in ("", *FILES) for fields in FIELDS.values() for field in fields.values())
    for table, nestings in NESTING.items():
        for key, nesting in nestings.items():
            assert nesting.link in FIELDS[nesting.child if nesting.many else table], (table, key)
            assert key not in FIELDS[table]
    order = list(FILES)
    assert all(order.index(n.table) < order.index(n.child) for ns in NESTING.values() for n in ns.values())
