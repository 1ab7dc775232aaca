"""The standard's own examples: read whole, with no problem but those that are truly in them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from serai.lib.hsds.check import check_rows, check_service
from serai.lib.hsds.nested import read_json, to_nested, to_tables, write_json
from serai.lib.hsds.schema import FIELDS, FILES
from serai.lib.hsds.tabular import read_folder, read_zip, write_zip

pytestmark = pytest.mark.shared_data

# A latitude of 100, a phone number in quotes, an entity that is no table, and ids of rows that no table has.
TRULY_THERE = {
    ("location", "latitude", "lat-range"),
    ("phone", "number", "phone"),
    ("attribute", "link_entity", "enum"),
    ("organization", "parent_organization_id", "reference-missing"),
    ("location", "organization_id", "reference-missing"),
    ("contact", "organization_id", "reference-missing"),
    ("contact", "service_at_location_id", "reference-missing"),
    ("taxonomy_term", "parent_id", "reference-missing"),
    ("taxonomy_term", "taxonomy_id", "reference-missing"),
    ("metadata", "resource_id", "reference-missing"),
}


@pytest.fixture
def published(shared_data: Path) -> Path:
    """The folder of the standard's files."""
    return shared_data / "hsds_examples"


def test_the_tables_are_read_and_only_what_is_truly_wrong_is_said(published: Path) -> None:
    found = read_folder(published / "examples" / "csv")
    assert found.problems == []
    assert list(found.tables) == list(FILES)
    problems = check_rows(found.tables)
    assert {(p.table, p.field, p.code) for p in problems} == TRULY_THERE
    assert len(problems) == len(TRULY_THERE)
    assert {p.row for p in problems} == {2}


def test_the_tables_come_back_from_nested_form_and_from_an_archive_unchanged(published: Path) -> None:
    tables = read_folder(published / "examples" / "csv").tables
    back, problems = to_tables(read_json(write_json(to_nested(tables))))
    assert problems == []
    assert back == tables
    assert read_zip(write_zip(tables)).tables == tables


@pytest.mark.parametrize("name", ["service_full.json", "service_list.json"])
def test_the_nested_services_have_only_the_same_problems(published: Path, name: str) -> None:
    for service in read_json((published / "examples" / name).read_bytes())["service"]:
        assert {(p.table, p.field, p.code) for p in check_service(service)} <= TRULY_THERE


def test_the_nested_service_has_the_rows_of_the_tables(published: Path) -> None:
    tables = read_folder(published / "examples" / "csv").tables
    found, problems = to_tables(read_json((published / "examples" / "service_full.json").read_bytes()))
    assert problems == []
    assert set(found) == set(tables) - {"meta_table_description"}
    for name, table in found.items():
        assert [row.text("id") for row in table.rows] == [row.text("id") for row in tables[name].rows]
    for name in ("schedule", "address", "required_document", "cost_option", "program"):
        shared = {key: text for key, text in found[name].rows[0].cells.items() if text}
        assert shared.items() <= tables[name].rows[0].cells.items()


def test_our_schema_has_the_tables_fields_and_lists_of_the_data_package(published: Path) -> None:
    package = json.loads((published / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        fields = FIELDS[resource["name"]]
        assert FILES[resource["name"]] == resource["path"]
        assert list(fields) == [field["name"] for field in resource["schema"]["fields"]]
        for field in resource["schema"]["fields"]:
            ours, rules = fields[field["name"]], field["constraints"]
            assert (ours.required, ours.unique) == (rules["required"], rules["unique"])
            assert list(ours.enum) == rules.get("enum", [])
            assert ours.kind == (field.get("format") or {"string": "text"}.get(field["type"], field["type"]))
        for key in resource["schema"].get("foreignKeys", []):
            assert fields[key["fields"]].refers_to == key["reference"]["resource"]


def test_no_prose_of_the_standard_is_copied(published: Path) -> None:
    with (published / "schema.csv").open(encoding="utf-8", newline="") as file:
        sentences = {row["description"] for row in csv.DictReader(file) if len(row["description"]) > 25}
    ours = "".join(path.read_text("utf-8") for path in Path(__file__).parents[1].glob("*.*"))
    assert sentences
    assert [sentence for sentence in sentences if sentence in ours] == []
