"""What people send by mistake: each is refused whole, with the row, a sentence and what helps; nothing is changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from serai.kernel.facts.models import Fact
from serai.lib.hsds.ours import Extras, table_of, with_extras
from serai.lib.hsds.tabular import write_folder

from ..exchange.command import geojson, hsds
from ..keys import fact_key
from ..models import Service
from .a_directory import directory, key

pytestmark = pytest.mark.django_db
MAPPINGS = Path(__file__).resolve().parents[4] / "docs" / "examples" / "mappings"


def _codes(report: Any) -> set[str]:
    return {problem.code for problem in report.problems if problem.refuses}


def _cell(table: str, row: int, column: str, text: str) -> dict[str, Any]:
    tables = directory()
    tables[table].rows[row].cells[column] = text
    return tables


@pytest.mark.parametrize(
    ("table", "column", "text", "code"),
    [
        ("service", "status", "sometimes", "enum"),
        ("service", "assured_date", "31.12.2026", "date"),
        ("phone", "number", "9.62795E+11", "spoilt-by-spreadsheet"),
        ("organization", "name", "Doctors\u202egnp.exe", "bidi-control"),
        ("location", "latitude", "145.1", "lat-range"),
        ("location", "latitude", "north", "not-a-number"),
        ("service", "organization_id", "9a0e4a42-bd9f-4edc-911d-0243a4640aca", "reference-missing"),
    ],
)
def test_one_wrong_cell_refuses_all_and_says_what_helps(
    bring: Any, table: str, column: str, text: str, code: str
) -> None:
    report = bring(_cell(table, 1, column, text))
    assert _codes(report) == {code}
    problem = next(problem for problem in report.problems if problem.refuses)
    assert (problem.table, problem.field, problem.row) == (table, column, 3)
    assert problem.says
    assert problem.cure
    assert not Service.objects.exists()


def test_many_remarks_of_one_kind_hide_no_other_and_the_rest_is_counted(tmp_path: Path, lindenbach: Any) -> None:
    (tmp_path / "organizations.csv").write_text("id,name,description\no1,Centre,Helps\n")
    rows = "".join(f"s{number},o1,Advice {number},active,x\n" for number in range(60))
    (tmp_path / "services.csv").write_text(f"id,organization_id,name,status,shoe size\n{rows}")
    lines = CliRunner().invoke(hsds, [str(tmp_path), "--publisher", "lindenbach"]).output.splitlines()
    assert len([line for line in lines if "is no UUID" in line]) == 3
    assert any("shoe size" in line for line in lines)
    assert any("... and 118 more lines" in line for line in lines), lines
    missing = CliRunner().invoke(hsds, [str(tmp_path / "none")]).output
    assert missing.startswith("none: The file cannot be read"), missing
    wrong = CliRunner().invoke(geojson, ["x.json", "--mapping", "m.yaml", "--file", "ar"])
    assert (wrong.exit_code, "--file: ar (TAG=FILE)" in wrong.output) == (2, True), wrong.output


def test_each_word_that_a_mapping_lacks_is_told_though_one_stands_in_many_rows(tmp_path: Path, lindenbach: Any) -> None:
    mapping = """
name: town
reads: csv
written_in: en
id: "{n}"
organization: {id: "{who}", name: "{who}", description: Helps}
service: {name: "{what}", needs: {from: "{what}", codes: {Food: food}}}
"""
    (tmp_path / "m.yaml").write_text(mapping)
    rows = "".join(f"{number},Centre,{'Money' if number < 50 else 'Beds'}\n" for number in range(60))
    (tmp_path / "d.csv").write_text(f"n,who,what\n{rows}")
    told = CliRunner().invoke(geojson, [str(tmp_path / "d.csv"), "--mapping", str(tmp_path / "m.yaml")])
    assert told.exit_code == 1
    assert (told.output.count("“Money”"), told.output.count("“Beds”")) == (3, 3), told.output


def test_the_same_id_twice_refuses_all(bring: Any) -> None:
    tables = directory()
    tables["service"].rows[2].cells["id"] = tables["service"].rows[1].cells["id"]
    assert "id-duplicate" in _codes(bring(tables))
    assert not Service.objects.exists()


@pytest.mark.parametrize("hours", ["Mo-Fr 17:00-09:00", "Mo-Fr 8-5pm", "whenever"])
def test_hours_that_close_before_they_open_or_say_nothing_are_refused(tmp_path: Path, hours: str) -> None:
    tables = directory()
    attributes = tables["attribute"].rows
    row = next(row for row in attributes if row.text("link_type") == "opening_hours")
    row.cells["value"] = hours
    write_folder(tables, tmp_path)
    result = CliRunner().invoke(hsds, [str(tmp_path), "--json"])
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert [problem["code"] for problem in told["problems"] if problem["refuses"]] == ["hours"]
    assert "Mo-Fr" in told["problems"][0]["cure"]
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("opens", "closes", "refused", "code"),
    [
        ("17:00", "09:00", True, "closes-before-opens"),
        ("18:00", "08:00", False, "over-midnight"),
        ("22:00", "02:00", False, ""),
    ],
)
def test_times_that_changed_places_are_refused_and_the_night_of_a_shelter_is_not(
    tmp_path: Path, opens: str, closes: str, refused: bool, code: str
) -> None:
    row = {"id": key("times"), "service_id": key("shelter"), "freq": "WEEKLY", "byday": "MO"}
    schedule = table_of("schedule", [{**row, "opens_at": f"{opens}+01:00", "closes_at": f"{closes}+01:00"}])
    write_folder({**directory(), "schedule": schedule}, tmp_path)
    told = json.loads(CliRunner().invoke(hsds, [str(tmp_path), "--json"]).output)
    assert told["refused"] is refused
    assert [(problem["code"], problem["row"]) for problem in told["problems"]] == ([(code, 2)] if code else [])
    assert all(f"{opens}-{closes}" in problem["says"] and problem["cure"] for problem in told["problems"])


def test_a_source_whose_address_is_too_long_is_said_with_its_row_and_never_meets_the_database(bring: Any) -> None:
    tables, long = directory(), f"https://lindenbach.example/{'a' * 980}"
    fits = with_extras(tables, {("service", key("hotline")): Extras(needs=("legal",), source_url=long[:1000])})
    assert not bring(fits).is_refused
    assert Fact.objects.get(key=fact_key(key("hotline"))).source_url == long[:1000]
    said = {("service", key("clinic")): Extras(needs=("doctor",), source_url=long)}
    report = bring(with_extras(tables, said))
    problems = [(found.table, found.row, found.field, found.code) for found in report.problems if found.refuses]
    row = next(row.number for row in tables["service"].rows if row.text("id") == key("clinic"))
    assert problems == [("service", row, "source_url", "link-long")]
    assert all(found.says and "shorter" in found.cure for found in report.problems if found.refuses)


def test_an_address_of_the_service_that_is_too_long_for_a_source_is_no_source(bring: Any) -> None:
    tables, long = directory(), f"https://lindenbach.example/{'a' * 980}"
    tables["service"].rows[0].cells["url"] = long
    assert not bring(tables).is_refused
    service = Service.objects.get(pk=tables["service"].rows[0].text("id"))
    assert (service.cells["url"], service.fact.source_url) == (long, "")


def test_an_unknown_need_is_refused(tmp_path: Path) -> None:
    tables = directory()
    with pytest.raises(ValueError, match="enum"):
        with_extras(tables, {("service", key("doctor")): Extras(needs=("magic",))})


def test_a_file_of_200_mb_is_refused_by_its_size_at_once(tmp_path: Path) -> None:
    for name in ("directory.json", "services.csv"):
        file = tmp_path / name
        with file.open("wb") as large:
            large.truncate(200_000_000)  # nothing is written: only the size is large
    result = CliRunner().invoke(hsds, [str(tmp_path / "directory.json"), "--json"])
    assert result.exit_code == 1
    assert [problem["code"] for problem in json.loads(result.output)["problems"]] == ["too-large"]
    assert CliRunner().invoke(hsds, [str(tmp_path), "--json"]).exit_code == 1


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"a": 1}', '[{"id": "x"}]', "\ud800".join(["[", "]"])])
def test_what_is_no_directory_says_so_and_does_not_break(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    result = CliRunner().invoke(hsds, [str(tmp_path / "a.json"), "--json"])
    assert result.exit_code == 1, result.output
    assert json.loads(result.output)["refused"] is True


def test_a_mapping_that_is_wrong_says_the_line(tmp_path: Path) -> None:
    example = (MAPPINGS / "jordan-services.yaml").read_text(encoding="utf-8")
    line = example.split("\n").index("reads: geojson") + 1
    (tmp_path / "m.yaml").write_text(example.replace("reads: geojson", "reads: tealeaves"), encoding="utf-8")
    (tmp_path / "d.json").write_text('{"type": "FeatureCollection", "features": []}')
    result = CliRunner().invoke(geojson, [str(tmp_path / "d.json"), "--mapping", str(tmp_path / "m.yaml"), "--json"])
    assert result.exit_code == 1
    told = json.loads(result.output)["problems"]
    assert {problem["table"] for problem in told} == {"mapping"}
    assert {problem["row"] for problem in told} == {line}


@pytest.mark.shared_data
def test_the_jordan_directory_comes_in_twice_in_both_languages_and_goes_out_and_in_again(
    shared_data: Path, tmp_path: Path
) -> None:
    mapping = str(MAPPINGS / "jordan-services.yaml")
    arguments = [str(shared_data / "jordan_services" / "compiled.json"), "--mapping", mapping, "--json"]
    first = json.loads(CliRunner().invoke(geojson, arguments).output)
    assert (first["refused"], first["tables"]["service"]["created"], first["expired"]) == (False, 562, 562)
    again = json.loads(CliRunner().invoke(geojson, arguments).output)
    assert (again["created"], again["updated"]) == (0, 0)
    assert all(service.said("name", "ar").language == "ar" for service in Service.objects.all())
    from ..exchange.command_out import export_hsds

    assert CliRunner().invoke(export_hsds, [str(tmp_path / "out")]).exit_code == 0
    back = json.loads(CliRunner().invoke(hsds, [str(tmp_path / "out"), "--json"]).output)
    assert (back["refused"], back["created"], back["updated"]) == (False, 0, 0)
    assert back["unchanged"] == first["created"]
    assert back["problems"] == []
