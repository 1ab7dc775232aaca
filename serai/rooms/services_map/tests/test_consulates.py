"""Consulates: of one's state, where one is; shown when old, with the day of the data; and a card to print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings as house
from django.test import Client

from serai.kernel.access.viewer import NOBODY
from serai.kernel.places.models import Place
from serai.lib.phone import emergency_numbers

from ..exchange.reading import read_mapped
from ..models import Location, Offer, Service
from ..queries.consulates import consulates_of, countries_with, states

pytestmark = pytest.mark.django_db
MAPPING = Path(house.BASE_DIR) / "docs/examples/mappings/embassies-wikidata.yaml"
HEAD = (
    "operator;operatorQID;jurisdictions;jurisdictionQIDs;country;countryQID;city;cityQID;address;latitude;longitude;phone;"
    "email;website;facebook;twitter;youtube;picture;pictureAuthor;pictureLicense;pictureLicenseURL;type;typeQID;creation;QID;"
)
FIRST_VIEW = 14 * 1024


def _row(number: int, operator: str, country: str, city: str, at: tuple[float, float], phone: str = "") -> str:
    site = f"https://embassy{number}.example"
    cells = [operator, "", "", "", country, "", city, "", "", f"{at[0]}", f"{at[1]}", phone, "", site, *[""] * 7,
             "embassy", "", "", f"http://www.wikidata.org/entity/Q9{number}", ""]  # fmt: skip
    return ";".join(cells)


ROWS = (
    _row(1, "Eritrea", "Germany", "Berlin", (52.5, 13.35), "+49 30 4467460"),
    _row(2, "Eritrea", "Germany", "Frankfurt", (50.11, 8.68)),
    _row(3, "Eritrea", "Kenya", "Nairobi", (-1.29, 36.8)),
    _row(4, "Nepal", "Germany", "Berlin", (52.52, 13.3)),
)


@pytest.fixture
def table(tmp_path: Path, lindenbach: Any) -> Any:
    """table(places): the small table, brought in as an operator would."""
    from ..exchange.importing import import_tables

    file = tmp_path / "embassies.csv"
    file.write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")

    def run(path: Path = file, places: str = "public", megabytes: int = 8) -> Any:
        made = read_mapped(path, MAPPING, {}, megabytes)
        return import_tables(
            made.tables, made.problems, by=None, publisher=lindenbach, tag=made.language, places=places
        )

    return run


def _names(**asked: Any) -> list[str]:
    return [row.name.text for row in consulates_of(viewer=NOBODY, tag="en", **asked).rows]


def test_only_consulates_of_the_state_in_the_country_are_listed(table: Any) -> None:
    assert not table().is_refused
    assert _names(of="ER", country="DE") == ["Eritrea: embassy, Berlin", "Eritrea: embassy, Frankfurt"]
    assert _names(of="ER", country="FR") == []
    assert states(viewer=NOBODY) == ["ER", "NP"]
    assert countries_with(viewer=NOBODY, of="ER") == ["DE", "KE"]


def test_old_data_shows_with_its_day_and_says_so(table: Any, client: Client) -> None:
    table()
    page = client.get("/en/consulates/", {"of": "ER", "place": "Germany"}).content.decode()
    assert page.count("Out of date") == 2
    assert "Last checked on 16 November 2022" in page
    assert "Call or look at their page on the web before you go" in page
    assert 'href="https://embassy1.example"' in page
    assert 'href="tel:+49304467460"' in page
    assert "We no longer show the details" not in page


def test_old_consulates_are_still_not_found_among_services_near(table: Any, client: Client) -> None:
    table()
    page = client.get("/en/near/", {"place": "Berlin", "need": "consulate"}).content.decode()
    assert "Eritrea" not in page


def test_the_country_is_understood_in_the_language_of_the_page_and_a_town_is_too(table: Any, client: Client) -> None:
    table()
    arabic = client.get("/ar/consulates/", {"of": "ER", "place": "ألمانيا"}).content.decode()
    assert "Eritrea: embassy, Berlin" in arabic
    assert "إريتريا" in arabic
    near = client.get("/en/consulates/", {"of": "ER", "place": "Frankfurt am Main"}).content.decode()
    assert near.index("embassy, Frankfurt") < near.index("embassy, Berlin")


def test_a_state_that_only_the_house_knows_is_called_by_its_name(table: Any, client: Client) -> None:
    table()
    Place.objects.create(key="nandaru", kind="country", country="XN", names={"en": "Nandaru", "ar": "ناندارو"})
    page = client.get("/ar/consulates/", {"of": "XN", "place": "Nandaru"}).content.decode()
    assert page.count("<bdi>ناندارو</bdi>") == 2
    assert "<bdi>XN</bdi>" not in page


def test_what_is_no_place_is_said_beside_the_field(table: Any, client: Client) -> None:
    table()
    page = client.get("/en/consulates/", {"of": "ER", "place": "qqqqq"}).content.decode()
    assert "Write the name of a country or a town." in page
    assert 'aria-invalid="true"' in page


def test_where_there_is_none_other_countries_are_named(table: Any, client: Client) -> None:
    table()
    page = client.get("/en/consulates/", {"of": "ER", "place": "France"}).content.decode()
    assert "We know of no consulate there." in page
    assert "?of=ER&amp;in=KE" in page


def test_a_consulate_that_is_reached_by_phone_only_is_in_no_country(table: Any, client: Client) -> None:
    table(places="contact-only")
    assert countries_with(viewer=NOBODY, of="ER") == []
    assert not Offer.objects.filter(tags__contains="in:").exists()
    assert Location.objects.filter(country="DE").exists()


def test_of_an_approximate_consulate_neither_address_nor_name_of_the_place_shows(table: Any) -> None:
    table(places="approximate")
    row = consulates_of(viewer=NOBODY, of="NP", country="DE", tag="en").rows[0]
    assert (row.place.text, row.address) == ("", "")


def test_the_warning_stands_before_the_question(client: Client) -> None:
    page = client.get("/en/consulates/").content.decode()
    assert page.index("Talk to a person first") < page.index("<form")


def test_the_card_has_the_consulate_the_emergency_numbers_and_its_own_address(table: Any, client: Client) -> None:
    table()
    nepal = Service.objects.get(operates_for=["NP"])
    page = client.get("/en/consulates/card/", {"of": "NP", "in": "DE", "id": str(nepal.pk)}).content.decode()
    assert "Nepal: embassy, Berlin" in page
    assert "Eritrea" not in page
    assert emergency_numbers("DE")
    for number in emergency_numbers("DE"):
        assert f'href="tel:{number}"' in page
    assert f"?of=NP&amp;in=DE&amp;id={nepal.pk}" in page[page.index('class="sheet"') :]


@pytest.mark.parametrize("query", ["", "?of=XX&in=YY", "?of=NP&in=KE", "?of=NP&in=DE&id=7"])
def test_a_card_of_nothing_is_an_honest_page(table: Any, client: Client, query: str) -> None:
    table()
    answer = client.get(f"/en/consulates/card/{query}")
    assert answer.status_code == (200 if "id=7" in query else 404)


def test_one_question_finds_them_and_one_the_states(table: Any, django_assert_num_queries: Any) -> None:
    table()
    with django_assert_num_queries(1):
        _names(of="ER", country="DE")
    with django_assert_num_queries(1):
        states(viewer=NOBODY)


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.once
def test_the_real_table_answers_for_every_state_within_the_first_view(
    table: Any, shared_data: Path, client: Client
) -> None:
    report = table(shared_data / "embassies_wikidata" / "database_of_embassies.csv", megabytes=16)
    assert not report.is_refused
    assert len(states(viewer=NOBODY)) > 180
    assert len(countries_with(viewer=NOBODY, of="PH")) > 40
    assert _names(of="PH", country="IT") == ["Philippines: embassy, Rome"] * 2  # to Italy and to the Holy See
    for tag, of, place in (("en", "PH", "Italy"), ("ar", "US", "المكسيك"), ("en", "MX", "United States")):
        page = client.get(f"/{tag}/consulates/", {"of": of, "place": place}).content
        assert page.count(b"card contact") >= 1
        assert len(brotli.compress(page, quality=5)) < FIRST_VIEW
