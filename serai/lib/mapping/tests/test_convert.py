"""What a directory says comes to HSDS as it was meant, in its languages, or is said with its row."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from serai.lib.atomic import FileRefused
from serai.lib.hsds.check import check_rows, check_service
from serai.lib.hsds.nested import to_nested
from serai.lib.hsds.ours import Extras, check_extras, extras_of
from serai.lib.hsds.problems import CURES
from serai.lib.mapping.convert import Converted, convert, convert_file
from serai.lib.mapping.features import read_geojson, read_rows
from serai.lib.mapping.tests.lindenbach import MAPPING, TODAY, arabic, converted, doctor, from_files, mapping, spoilt

CSV = """
name: list
reads: csv
id: "{no}"
organization: {id: "{run by}", name: "{run by}", description: Listed}
service: {name: "{what}", needs: food}
location:
  name: "{street}"
  position: {lat: "{lat}", lon: "{lon}"}
phone: {of: service, number: "{phone}"}
"""


def one(found: Converted, table: str) -> dict[str, str]:
    """The filled cells of the only row of a table, without its ids."""
    (row,) = found.tables[table].rows
    return {name: row.text(name) for name in row.cells if row.text(name) and not name.endswith("id")}


def said(found: Converted, table: str) -> Extras:
    """What attributes say of the only row of a table."""
    (extras,) = [extras for (name, _), extras in extras_of(found.tables).items() if name == table]
    return extras


def codes(found: Converted) -> list[tuple[int, str, str, str]]:
    """Row, field, code and where it stands, of all problems."""
    return [(problem.row, problem.field, problem.code, problem.path) for problem in found.problems]


def rows(text: str) -> Converted:
    """A CSV by the mapping above."""
    return convert(read_rows(io.BytesIO(text.encode())), mapping(CSV), {}, today=TODAY)


def test_everything_a_thing_says_comes_through_and_is_valid() -> None:
    found = converted([doctor()], [arabic()])
    assert (found.problems, found.notes, found.count) == ([], [], 1)
    assert check_rows(found.tables) == check_extras(found.tables) == []
    assert [check_service(service) for service in to_nested(found.tables)["service"]] == [[]]
    assert one(found, "organization") == {"name": "Linden Aid", "description": "Listed by the city"}
    assert one(found, "service") == {
        "name": "Doctor", "description": "Free visits", "url": "https://linden.example/d", "status": "active",
        "email": "doctor@linden.example", "assured_date": "2026-10-12",
    }  # fmt: skip
    assert one(found, "location") == {
        "location_type": "physical", "name": "Mill Lane 1", "latitude": "48.2082", "longitude": "16.37",
    }  # fmt: skip
    assert one(found, "phone") == {"number": "+43 1 5550100"}
    assert [row.text("code") for row in found.tables["language"].rows] == ["ar", "de"]
    assert [row.text("document") for row in found.tables["required_document"].rows] == ["Passport", "Photo"]


def test_what_the_standard_has_no_field_for_comes_as_attributes() -> None:
    found = converted([doctor()], [arabic()])
    assert said(found, "service") == Extras(
        translations={("name", "ar"): "طبيب", ("description", "ar"): "زيارات مجانية", ("description", "fr"): "Aide"},
        needs=("doctor",), written_in="en", opening_hours="Mo-Fr 08:30-17:00", papers_asked="no", free="yes",
        source_name="City of Lindenbach", source_url="https://linden.example/list",
    )  # fmt: skip
    assert said(found, "location") == Extras(
        translations={("name", "ar"): "ميل"}, written_in="en", timezone="Europe/Vienna", step_free="yes"
    )
    assert said(found, "organization") == Extras(written_in="en")  # its name is the same in Arabic
    texts = [e.translations for (name, _), e in extras_of(found.tables).items() if name == "required_document"]
    assert sorted(text for one in texts for text in one.values()) == ["جواز", "صورة"]


def test_ids_stay_the_same_and_change_with_the_name_of_the_mapping() -> None:
    assert converted([doctor()]) == converted([doctor()])
    other = converted([doctor()], text=MAPPING.replace("name: lindenbach", "name: oakbach"))
    ids = [{row.text("id") for row in found.tables["service"].rows} for found in (converted([doctor()]), other)]
    assert ids[0].isdisjoint(ids[1])


def test_things_share_their_organisation_and_place() -> None:
    second = doctor()
    second["id"], second["properties"]["what"] = 8, "Soup kitchen"
    found = converted([doctor(), second])
    assert {name: len(found.tables[name].rows) for name in ("organization", "location", "service")} == {
        "organization": 1, "location": 1, "service": 2,
    }  # fmt: skip
    second["geometry"]["coordinates"] = [16.4, 48.2]
    assert [(row, code) for row, _, code, _ in codes(converted([doctor(), second]))] == [(2, "id-conflict")] * 2


@pytest.mark.parametrize("whole", [False, True])
def test_files_beside_each_other_are_joined_by_id(tmp_path: Path, whole: bool) -> None:
    second, third = doctor(), arabic()
    second["id"], third["id"] = 8, 9
    items: Any = [doctor(), second]
    arabics: Any = [arabic(), third]
    wrapped = (
        [{"type": "FeatureCollection", "features": part} for part in (items, arabics)] if whole else [items, arabics]
    )
    found = from_files(tmp_path, *wrapped)
    assert found.problems == []
    assert [(note.row, note.code, note.value) for note in found.notes] == [
        (2, "translation-missing", "ar: 8"),
        (2, "translation-alone", "ar: 9"),
    ]
    names = {
        extras.translations.get(("name", "ar"))
        for (name, _), extras in extras_of(found.tables).items()
        if name == "service"
    }
    assert names == {"طبيب", None}


def test_files_in_other_languages_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    french = arabic()
    french["properties"]["what"] = "Médecin"
    elsewhere.write_text(json.dumps([french]), "utf-8")
    from_files(tmp_path, [doctor()], [arabic()])
    found = convert_file(tmp_path / "places.json", mapping(), today=TODAY, files={"fr": elsewhere})
    texts = said(found, "service").translations
    assert (texts["name", "fr"], texts["name", "ar"]) == ("Médecin", "طبيب")
    with pytest.raises(ValueError, match="no language tag: French"):
        convert_file(tmp_path / "places.json", mapping(), today=TODAY, files={"French": elsewhere})


@pytest.mark.parametrize("name", ["../places.ar.json", "/etc/hostname"])
def test_a_mapping_does_not_reach_outside_the_folder_of_its_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused):
        from_files(tmp_path, [doctor()], [arabic()], MAPPING.replace("places.ar.json", name))


def test_countries_and_languages_are_known_in_the_language_of_the_file() -> None:
    item = doctor()
    item["properties"] |= {"state": "Jordanien", "languages": "Arabisch/ti"}
    found = converted([item], text=MAPPING.replace("written_in: en", "written_in: de"))
    assert found.problems == []
    assert said(found, "service").operates_for == ("JO",)
    assert [row.text("code") for row in found.tables["language"].rows] == ["ar", "ti"]
    assert converted([doctor()], text=MAPPING.replace("written_in: en", "written_in: prs")).count == 1


def test_of_a_translation_that_stands_twice_none_is_taken() -> None:
    found = converted([doctor()], [arabic(), arabic()])
    assert codes(found) == [(2, "id", "id-repeated", "ar: @id")]
    assert ("name", "ar") not in said(found, "service").translations
    lenient = converted([doctor()], [arabic(), arabic()], text=f"{MAPPING}repeated: leave-out\n")
    assert lenient.problems == []
    assert "id-repeated" in {note.code for note in lenient.notes}
    assert ("name", "ar") not in said(lenient, "service").translations


@pytest.mark.parametrize(
    ("properties", "field", "code", "path"),
    [
        ({"what": "Dentist"}, "needs", "code-unknown", "what"),
        ({"papers": "perhaps"}, "papers_asked", "code-unknown", "papers"),
        ({"free": "maybe"}, "free", "enum", "free"),
        ({"state": "Ruritania"}, "operates_for", "code-unknown", "state"),
        ({"languages": "Arabic/Elvish"}, "code", "code-unknown", "languages"),
        ({"checked": "2026-10-12"}, "assured_date", "date", "checked"),
        ({"checked": "30.02.2026"}, "assured_date", "date", "checked"),
        ({"web": "linden.example"}, "url", "link-no-scheme", "web"),
        ({"web": ["https://a.example", "https://b.example"]}, "url", "several", "web"),
        ({"mail": "doctor at linden"}, "email", "email", "mail"),
        ({"run_by": "Linden\u202eAid"}, "name", "bidi-control", "run by"),
        ({"what": "Meeting", "about": "\u202ex"}, "description", "bidi-control", "about"),
        ({"about": "x\0y"}, "description", "control", "about"),
        ({"phone": "9.62E+11"}, "number", "spoilt-by-spreadsheet", "phone"),
        ({"phone": 4315550100.0}, "number", "spoilt-by-spreadsheet", "phone"),
        ({"phone": 431555010000}, "number", "phone-plus-missing", "phone"),
        ({"phone": "43 1 555 010000"}, "number", "phone-plus-missing", "phone"),
        ({"phone": "155501000"}, "number", "phone-zero-missing", "phone"),
        ({"phone": "ask at the desk!"}, "number", "phone", "phone"),
        ({"days": {"Mon-Fry": True}}, "hours", "hours-word", "days, opens, closes"),
        ({"opens": "5pm", "closes": "8:30am"}, "hours", "hours", "days, opens, closes"),
    ],
)
def test_a_value_that_is_not_understood_is_said_with_its_row_and_left_out(
    properties: dict[str, Any], field: str, code: str, path: str
) -> None:
    found = spoilt(**properties)
    reported = [problem for problem in codes(found) if problem[2] != "required"]
    assert reported == [(1, field, code, path)]
    assert all(problem.cure in (*CURES.values(), "write-link") and problem.cure != "look" for problem in found.problems)
    assert check_rows(found.tables) == check_extras(found.tables) == []


@pytest.mark.parametrize("phone", ["+43 1 5550100", "01 5550100", "0043 1 5550100", "112", "1234 or 5678"])
def test_numbers_that_people_really_write_are_left_as_they_are(phone: str) -> None:
    found = spoilt(phone=phone)
    assert found.problems == []
    assert one(found, "phone") == {"number": phone}


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ([48.2082, 16.37], "swapped"),
        ([48.2, 95.0], "lat-range"),
        ([0, 0], "zero-zero"),
        ([200.0, 48.0], "lon-range"),
        ([2.35, 48.85], "outside-box"),
        ([16.37], "not-a-point"),
        (["16.37", "48.2"], "not-a-point"),
        ([[16.37, 48.2], [16.4, 48.3]], "not-a-point"),
    ],
)
def test_coordinates_that_cannot_be_are_said_and_left_out(geometry: list[Any], code: str) -> None:
    item = doctor()
    item["geometry"]["coordinates"] = geometry
    found = converted([item])
    assert codes(found) == [(1, "latitude", code, "geometry")]
    assert "latitude" not in one(found, "location")


def test_a_thing_without_a_position_still_has_its_place() -> None:
    item = doctor()
    item["geometry"] = None
    found = converted([item])
    assert found.problems == []
    assert one(found, "location")["name"] == "Mill Lane 1"


@pytest.mark.parametrize(
    ("properties", "hours"),
    [
        ({}, "Mo-Fr 08:30-17:00"),
        ({"opens": {"1pm": True, "8:30am": True}}, 'unknown "Mon-Fri; 1pm, 8:30am; 5pm"'),
        ({"opens": "", "closes": ""}, "Mo-Fr off"),
        ({"opens": "sometimes"}, 'unknown "Mon-Fri; sometimes; 5pm"'),
        ({"days": {"Mon-Fri": True, "Sunday": True}}, 'unknown "Mon-Fri, Sunday; 8:30am; 5pm"'),
        ({"how often": "monthly"}, 'unknown "Mon-Fri; 8:30am; 5pm; monthly"'),
        ({"how often": ""}, 'unknown "Mon-Fri; 8:30am; 5pm"'),
        ({"days": "", "opens": "", "closes": ""}, ""),
        ({"days": '"any\u202e"'}, "unknown \"'any[U+202E]'; 8:30am; 5pm\""),
    ],
)
def test_hours_are_certain_or_unknown_with_their_words(properties: dict[str, Any], hours: str) -> None:
    item = doctor()
    item["properties"].update(properties)
    found = converted([item])
    assert said(found, "service").opening_hours == hours
    unclear = [note.code for note in found.notes] == ["hours-unclear"]
    assert unclear == hours.startswith("unknown")


def test_a_night_whose_times_may_have_changed_places_is_read_as_a_night_and_noted() -> None:
    item = doctor()
    item["properties"] |= {"opens": "5pm", "closes": "8:30am"}
    found = converted([item], text=MAPPING.replace('5pm: "17:00"', '5pm: "18:00"'))
    assert said(found, "service").opening_hours == "Mo-Fr 18:00-08:30"
    assert [(note.code, note.value) for note in found.notes] == [("over-midnight", "Mo-Fr 18:00-08:30")]
    assert found.problems == []
    assert all(note.cure in CURES.values() for note in found.notes)


def test_what_is_over_is_not_active_any_more() -> None:
    for until, status in (("21.11.2026", "inactive"), ("22.11.2026", "active")):
        found = spoilt(until=until)
        assert one(found, "service")["status"] == status
        assert said(found, "service").valid_to.startswith("2026-11-2")


def test_of_two_things_with_one_id_none_comes_in() -> None:
    second = doctor()
    second["properties"]["what"] = "Soup kitchen"
    third = doctor()
    third["id"] = 8
    found = converted([doctor(), second, third])
    assert codes(found) == [(2, "id", "id-repeated", "@id")]
    assert len(found.tables["service"].rows) == 1
    lenient = converted([doctor(), second, third], text=f"{MAPPING}repeated: leave-out\n")
    assert lenient.problems == []
    assert [(note.row, note.code) for note in lenient.notes] == [(2, "id-repeated")]
    assert lenient.tables == found.tables


@pytest.mark.parametrize(("name", "path"), [("run by", "run by"), ("what", "what, for")])
def test_without_organisation_or_name_a_thing_cannot_stand(name: str, path: str) -> None:
    item = doctor()
    item["properties"][name] = " "
    found = converted([item])
    assert {(row, code, where) for row, _, code, where in codes(found)} == {(1, "required", path)}
    assert "service" not in found.tables


def test_what_a_mapping_leaves_out_is_noted_and_refuses_nothing() -> None:
    text = MAPPING.replace('url: "{web}"', 'url: {from: "{web}", if_wrong: leave-out}')
    item = doctor()
    item["properties"]["web"] = "linden.example"
    found = converted([item], text=text)
    assert found.problems == []
    assert [(note.row, note.field, note.code) for note in found.notes] == [(1, "url", "link-no-scheme")]
    assert "url" not in one(found, "service")


def test_a_property_that_nothing_reads_is_noted_once() -> None:
    items = [doctor(), doctor()]
    items[1]["id"] = 8
    for item in items:
        item["properties"] |= {"opinion": "good", "rank": 1}
    found = converted(items, text=f"{MAPPING}ignore: [rank]\n")
    assert [(note.code, note.value) for note in found.notes] == [("not-mapped", "opinion")]


def test_rows_of_a_csv_are_counted_as_a_spreadsheet_does() -> None:
    found = rows(
        'no,run by,what,street,lat,lon,phone\n1,Aid,Soup,Mill 1,48.2,16.3,\n\n2,Aid,Bread,Mill 2,"48,2",16.3,\n'
    )
    assert codes(found) == [(4, "latitude", "not-a-number", "lat, lon")]
    assert [row.text("latitude") for row in found.tables["location"].rows] == ["48.2", ""]
    half = rows("no,run by,what,street,lat,lon,phone\n1,Aid,Soup,Mill 1,48.2,,\n")
    assert codes(half) == [(2, "latitude", "coordinate-half", "lat, lon")]
    zero = rows("no,run by,what,street,lat,lon,phone\n,Aid,Soup,Mill 1,0,0,\n1,Aid,Soup,Mill 1,0,0.0,\n")
    assert codes(zero) == [(2, "id", "required", "no"), (3, "latitude", "zero-zero", "lat, lon")]


def test_flags_lists_and_nested_properties_are_read() -> None:
    data = b"""[{"type": "Feature", "id": 1, "properties": {"a": {"b": {"c": "x"}}, "a/b": "own", "n": 7, "no": null,
        "flags": {"yes": true, "not": false, "three": 3, "none": 0}, "list": ["p", "", "q  r"]}}, {"plain": "row"}]"""
    first, second = read_geojson(io.BytesIO(data))
    assert [first.words(path) for path in ("a/b/c", "a/b", "n", "no", "gone/b", "@id")] == [
        ["x"],
        ["own"],
        ["7"],
        [],
        [],
        ["1"],
    ]
    assert (first.words("flags"), first.words("list")) == (["yes", "three"], ["p", "q r"])
    assert (second.number, second.words("plain"), second.position) == (2, ["row"], None)


@pytest.mark.parametrize("text", ["[]", "{}", '{"type": "FeatureCollection", "features": []}'])
def test_a_file_with_nothing_in_it_is_no_empty_directory(text: str) -> None:
    found = convert(read_geojson(io.BytesIO(text.encode())), mapping(), {}, today=TODAY)
    assert [(problem.row, problem.code, problem.cure) for problem in found.problems] == [
        (0, "nothing-found", "export-again")
    ]
