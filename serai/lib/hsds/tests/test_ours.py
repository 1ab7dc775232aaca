"""What HSDS has no field for goes out as attributes, stays valid, and comes back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from serai.lib.hsds.check import check_rows, check_service
from serai.lib.hsds.nested import read_json, to_nested, to_tables, write_json
from serai.lib.hsds.ours import (
    AUDIENCES,
    NEEDS,
    SINGLE,
    TAXONOMY,
    Extras,
    check_extras,
    extras_of,
    problems_of,
    with_extras,
)
from serai.lib.hsds.problems import CURES
from serai.lib.hsds.tabular import read_zip, write_zip
from serai.lib.hsds.tests.directory import sound, tables, uid
from serai.lib.tables import Row, Table

SERVICE, PLACE, CITY = ("service", uid(2)), ("location", uid(4)), ("organization", uid(1))
FULL = Extras(
    translations={("name", "ar"): "استشارة", ("description", "fa"): "مشاوره", ("name", "zh-Hant"): "諮詢"},
    needs=("food", "legal"), audience=("children", "women"), operates_for=("JO", "XK"), written_in="en",
    opening_hours="Mo-Fr 08:00-12:00; PH off", timezone="Asia/Amman", country="JO", papers_asked="no", free="yes",
    step_free="limited", sensitivity="contact-only", source_name="City of Lindenbach",
    source_url="https://linden.example/list", review_by="2027-01-31", valid_from="2014-01-01", valid_to="2014-12-31",
)  # fmt: skip
SAID = {SERVICE: FULL, PLACE: Extras(timezone="Europe/Vienna"), CITY: Extras(translations={("name", "en"): "City"})}


def spoilt(code: str, value: str, link_entity: str = "service") -> dict[str, Table]:
    """The sound directory with our time zone, whose term and value became something else."""
    found = with_extras(tables(sound()), {SERVICE: Extras(timezone="Asia/Amman")})
    cells = found["attribute"].rows[-1].cells
    cells["value"], cells["link_entity"] = value, link_entity
    found["taxonomy_term"].rows[-1].cells["code"] = f"serai:{code}"
    return found


def test_all_that_can_be_said_comes_back_and_the_directory_stays_valid() -> None:
    assert all(getattr(FULL, name) for name in SINGLE)
    found = with_extras(tables(sound()), SAID)
    assert extras_of(found) == SAID
    assert check_extras(found) == []
    assert check_rows(found) == []
    nested = to_nested(found)
    assert [check_service(service) for service in nested["service"]] == [[]]
    back, problems = to_tables(read_json(write_json(nested)))
    assert problems == []
    assert extras_of(back) == SAID
    assert extras_of(read_zip(write_zip(found)).tables) == SAID


def test_every_need_and_audience_is_a_term_with_a_name_that_others_can_read() -> None:
    found = with_extras(tables(sound()), {SERVICE: Extras(needs=NEEDS, audience=AUDIENCES)})
    assert check_rows(found) == []
    assert set(extras_of(found)[SERVICE].needs) == set(NEEDS) > {"doctor", "consulate", "other"}
    assert set(extras_of(found)[SERVICE].audience) == set(AUDIENCES) > {"women", "children"}
    names = {row.text("code"): row.text("name") for row in found["taxonomy_term"].rows}
    assert names["serai:need:doctor"] == "Doctor"


def test_attributes_of_others_are_neither_read_nor_lost() -> None:
    found = with_extras(tables(sound()), {SERVICE: Extras(free="yes")})
    again = with_extras(found, {SERVICE: Extras()})
    for directory in (found, again):
        assert uid(9) in [row.text("id") for row in directory["attribute"].rows]
        assert uid(8) in [row.text("id") for row in directory["taxonomy_term"].rows]
        assert uid(7) in [row.text("id") for row in directory["taxonomy"].rows]
    assert extras_of(tables(sound())) == {}


def test_what_is_said_anew_replaces_what_was_said_of_that_row_and_of_no_other() -> None:
    found = with_extras(with_extras(tables(sound()), SAID), {SERVICE: Extras(needs=("water",))})
    assert extras_of(found) == {**SAID, SERVICE: Extras(needs=("water",))}
    assert check_rows(found) == []
    nothing = with_extras(found, {thing: Extras() for thing in SAID})
    assert extras_of(nothing) == {}
    assert TAXONOMY not in [row.text("id") for row in nothing["taxonomy"].rows]
    assert len(nothing["taxonomy_term"].rows) == 1


def test_the_same_extras_give_the_same_rows() -> None:
    found = with_extras(tables(sound()), SAID)
    assert with_extras(tables(sound()), SAID) == found
    turned = replace(FULL, needs=("legal", "food", "food"), translations=dict(reversed(FULL.translations.items())))
    assert with_extras(tables(sound()), {**SAID, SERVICE: turned}) == found


def test_a_directory_that_has_no_attributes_gets_them() -> None:
    bare = sound()
    for name in ("attribute", "taxonomy_term", "taxonomy"):
        del bare[name]
    assert with_extras(tables(bare), {}) == tables(bare)
    found = with_extras(tables(bare), SAID)
    assert extras_of(found) == SAID
    assert check_rows(found) == []


@pytest.mark.parametrize(
    ("code", "value", "problem"),
    [
        ("timezone", "Asia/Ammann", "zone"),
        ("timezone", " ", "required"),
        ("opening_hours", "Mo-Fr 17:00-08:00", "hours"),
        ("opening_hours", "8am-5pm", "hours"),
        ("need:bread", "", "enum"),
        ("audience:people", "", "enum"),
        ("operates_for", "Jordan", "country"),
        ("operates_for", "EU", "country"),
        ("country", "jo", "country"),
        ("written_in", "English", "language"),
        ("papers_asked", "maybe", "enum"),
        ("free", "true", "enum"),
        ("step_free", "partly", "enum"),
        ("sensitivity", "secret", "enum"),
        ("review_by", "31.01.2027", "date"),
        ("source_url", "javascript:alert(1)", "link-scheme"),
        ("source_name", "Red\u202eCross", "bidi-control"),
        ("weather", "fine", "term-unknown"),
        ("translation:name:ar", "", "required"),
        ("translation:name:ar", "\u202ename", "bidi-control"),
        ("translation:colour:ar", "x", "field-unknown"),
        ("translation:status:ar", "x", "field-unknown"),
        ("translation:name:arabic!", "x", "language"),
    ],
)
def test_what_cannot_be_meant_is_said_and_left_out(code: str, value: str, problem: str) -> None:
    found = spoilt(code, value)
    assert [(p.table, p.row, p.code) for p in check_extras(found)] == [("attribute", 3, problem)]
    assert extras_of(found) == {}
    (cure,) = {p.cure for p in check_extras(found)}
    assert cure == "write-link" if problem.startswith("link-") else cure == CURES[problem]


def test_one_thing_said_twice_counts_once_and_is_said() -> None:
    found = with_extras(tables(sound()), {SERVICE: Extras(free="yes", operates_for=("JO", "SY"))})
    rows = found["attribute"].rows
    second = next(row for row in rows if row.text("link_type") == "free")
    rows.append(Row(9, {**second.cells, "id": uid(50), "value": "no"}))
    assert extras_of(found)[SERVICE] == Extras(free="yes", operates_for=("JO", "SY"))
    assert [(p.row, p.code, p.value) for p in check_extras(found)] == [(9, "said-twice", "no")]


def test_extras_that_cannot_be_said_are_not_written() -> None:
    wrong = Extras(needs=("bread",), timezone="Mars", translations={("latitude", "ar"): "1"})
    assert list(problems_of(wrong, "location")) == [
        ("translation", "field-unknown", "1"),
        ("need", "enum", "bread"),
        ("timezone", "zone", "Mars"),
    ]
    assert list(problems_of(FULL, "service")) == []
    with pytest.raises(ValueError, match="field-unknown"):
        with_extras(tables(sound()), {PLACE: wrong})
