"""The 4W table says who does what where and when, of organisations, and no place that is not public."""

from __future__ import annotations

import re

import pytest

from serai.lib.hsds.hxl import COLUMNS, write_4w
from serai.lib.hsds.ours import Extras, with_extras
from serai.lib.hsds.tests.directory import Rows, sound, tables, uid
from serai.lib.tables import Table, read_csv

_SAID = {
    ("service", uid(2)): Extras(
        needs=("legal", "food"), valid_from="2026-01-01", valid_to="2026-12-31", source_name="City"
    ),
    ("location", uid(4)): Extras(country="AT"),
}


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Rows under the hashtags, by hashtag."""
    table = read_csv(data)
    tags, *rows = [[row.text(column) for column in table.header] for row in table.rows]
    return [dict(zip(tags, row, strict=True)) for row in rows]


def directory(rows: Rows | None = None) -> dict[str, Table]:
    """The sound directory with needs and dates."""
    return with_extras(tables(rows or sound()), _SAID)


def test_each_need_of_a_service_is_a_row_with_who_where_and_when() -> None:
    food, legal = rows_of(write_4w(directory(), is_public=lambda place: True))
    assert food == {
        "#org+name": "مدينة ليندنباخ", "#org+code": uid(1), "#sector+name": "Food", "#sector+code": "food",
        "#service+name": "Advice", "#status": "active", "#country+code": "AT", "#adm1+name": "", "#adm1+code": "",
        "#loc+name": "Town hall", "#geo+lat": "48.2082", "#geo+lon": "16.37", "#date+start": "2026-01-01",
        "#date+end": "2026-12-31", "#date+reported": "2026-10-12", "#meta+source": "City",
    }  # fmt: skip
    assert legal == {**food, "#sector+name": "Legal help", "#sector+code": "legal"}


def test_the_second_row_has_hashtags_as_hxl_writes_them() -> None:
    data = write_4w(directory(), is_public=lambda place: True)
    header, tags = data.decode("utf-8-sig").splitlines()[:2]
    assert header.startswith("Organisation,Organisation ID,Need")
    assert all(re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", tag) for tag in tags.split(","))


def test_a_place_that_is_not_public_is_in_no_row_under_no_name() -> None:
    given = sound()
    given["location"].append(
        {"id": uid(14), "location_type": "physical", "name": "Safe house", "latitude": "1.5", "longitude": "2.5"}
    )
    given["service_at_location"].append({"id": uid(13), "service_id": uid(2), "location_id": uid(14)})
    given["address"] = [
        {
            "id": uid(15), "location_id": uid(14), "address_1": "Secret Lane 1", "city": "Oakbach", "country": "AT",
            "state_province": "Hidden", "postal_code": "1", "address_type": "physical",
        }
    ]  # fmt: skip
    data = write_4w(directory(given), is_public=lambda place: place == uid(4))
    found = rows_of(data)
    assert [row["#loc+name"] for row in found] == ["Town hall", "", "Town hall", ""]
    hidden = [row for row in found if not row["#loc+name"]]
    assert {value for row in hidden for tag, value in row.items() if tag[1:4] in ("cou", "adm", "loc", "geo")} == {""}
    for secret in ("Safe house", "Secret", "Oakbach", "Hidden", "1.5", uid(14)):
        assert secret.encode() not in data


def test_two_places_that_are_not_public_do_not_even_show_that_they_are_two() -> None:
    given = sound()
    given["location"].append({"id": uid(14), "location_type": "physical", "name": "Safe house"})
    given["service_at_location"].append({"id": uid(13), "service_id": uid(2), "location_id": uid(14)})
    assert len(rows_of(write_4w(directory(given), is_public=lambda place: False))) == 2


def test_no_person_and_no_number_is_in_it() -> None:
    given = sound()
    given["contact"] = [{"id": uid(20), "service_id": uid(2), "name": "Ana Example", "email": "ana@linden.example"}]
    data = write_4w(directory(given), is_public=lambda place: True)
    assert all(word not in data for word in (b"Ana", b"@", b"+43"))


def test_regions_come_with_their_codes_and_negative_degrees_stay_numbers() -> None:
    given = sound()
    given["location"][0]["latitude"] = "-35.3"
    data = write_4w(directory(given), is_public=lambda place: True, region_of=lambda place: ("Vienna", "AT-9"))
    assert b",AT,Vienna,AT-9,Town hall,-35.3,16.37," in data


def test_a_directory_that_says_little_still_has_its_rows() -> None:
    rows = {name: sound()[name] for name in ("organization", "service")}
    (row,) = rows_of(write_4w(tables(rows), is_public=lambda place: True))
    assert (row["#service+name"], row["#sector+name"], row["#loc+name"]) == ("Advice", "", "")


def test_the_header_may_be_in_another_language_but_not_of_another_length() -> None:
    words = [f"عمود {number}" for number in range(len(COLUMNS))]
    assert write_4w(directory(), is_public=lambda place: True, header=words).decode("utf-8-sig").startswith("عمود 0,")
    with pytest.raises(ValueError, match="16 columns"):
        write_4w(directory(), is_public=lambda place: True, header=words[1:])
