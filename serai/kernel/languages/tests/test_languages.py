"""Languages fall back in the order their speakers would choose."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import formats, translation
from django.utils.translation import gettext, ngettext

from serai.kernel.languages.converters import LanguageTag
from serai.kernel.languages.interface import counting, interface, translated
from serai.kernel.languages.registry import UnknownLanguage, chain, language, languages
from serai.kernel.languages.words import said_in, say
from serai.lib.dates import format_date


def test_a_reader_of_dari_gets_farsi_before_the_houses_languages() -> None:
    assert chain("prs", ("en", "ar")) == ("prs", "fa", "en", "ar")


def test_every_fallback_names_a_language_the_house_knows() -> None:
    assert all(tag in languages() for row in languages().values() for tag in row.fallback)


@pytest.mark.parametrize(
    ("tag", "direction"), [("ar", "rtl"), ("ckb", "rtl"), ("kmr", "ltr"), ("ti", "ltr"), ("prs", "rtl")]
)
def test_each_language_knows_its_direction(tag: str, direction: str) -> None:
    assert language(tag).direction == direction


def test_an_unknown_tag_is_refused_in_addresses_and_in_code() -> None:
    with pytest.raises(UnknownLanguage):
        language("xx")
    with pytest.raises(ValueError, match="xx"):
        LanguageTag().to_python("xx")


def test_an_address_spells_the_tag_in_one_way_only() -> None:
    assert LanguageTag().to_python("zh-Hans") == "zh-Hans"
    with pytest.raises(ValueError, match="zh-hans"):
        LanguageTag().to_python("zh-hans")


def test_a_text_that_fell_back_says_in_which_language_it_is() -> None:
    assert say({"en": "Town", "fa": "شهر"}, "prs").language == "fa"
    assert say({"de": "Stadt"}, "es").language == "de"
    assert say({}, "es").text == ""


def test_the_language_of_a_name_is_known_only_where_it_stands_under_one() -> None:
    names = {"en": "Open Door", "fr": "Open Door", "ar": "الباب المفتوح"}
    assert said_in("الباب المفتوح", names) == "ar"
    assert said_in("Open Door", names) == ""
    assert said_in("Somebody", names) == ""
    assert said_in("", {"en": ""}) == ""


def test_a_machine_draft_of_the_interface_is_known_as_one() -> None:
    assert interface("ar").is_draft
    assert not interface("en").is_draft
    assert interface("ti").is_draft
    assert interface("prs").tag == "fa"
    assert interface("am").tag == "en"


@pytest.mark.parametrize(
    ("tag", "forms"),
    [
        ("uk", {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 101: 0, 111: 2, 114: 2}),
        ("ru", {0: 2, 1: 0, 3: 1, 5: 2, 11: 2, 14: 2, 31: 0, 104: 1}),
        ("ar", {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3}),
        ("fa", {0: 0, 1: 0, 2: 1}),
        ("ti", {0: 0, 1: 0, 2: 1}),
        ("sw", {0: 1, 1: 0, 2: 1}),
        ("fil", {1: 0, 2: 1, 4: 1}),
    ],
)
def test_each_language_counts_as_its_speakers_do(tag: str, forms: dict[int, int]) -> None:
    count = counting(tag)
    assert {number: count(number) for number in forms} == forms


def test_django_can_speak_to_every_language_of_the_house() -> None:
    for tag in languages():
        with translation.override(tag.lower()):
            assert translation.gettext("Place")
            assert translation.get_language_info(tag.lower())["name_local"]


@pytest.mark.parametrize("tag", translated())
def test_what_django_itself_says_is_there_in_every_language_or_is_plain_english(tag: str) -> None:
    english = "Ensure this value has at most %(limit_value)d character (it has %(show_value)d)."
    many = "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."
    with translation.override(tag):
        one = gettext("This field is required.")
        said = [ngettext(english, many, number) % {"limit_value": number, "show_value": 9} for number in (1, 2, 5, 21)]
        assert formats.number_format(12)
        assert formats.date_format(date(2026, 10, 12), "SHORT_DATE_FORMAT")
    assert one
    assert (one == "This field is required.") is (tag in {"ti", "fil"}), "Django has no catalogue for these two"
    assert all("9" in sentence for sentence in said)


@pytest.mark.parametrize("tag", [*translated(), "prs"])
def test_a_day_has_the_name_of_its_month_in_the_language(tag: str) -> None:
    days = [format_date(date(2026, month, 12), tag) for month in range(1, 13)]
    assert len(set(days)) == 12
    assert all("2026" in day and "12" in day and not day.endswith(".") for day in days)
    english = {format_date(date(2026, month, 12), "en") for month in range(1, 13)}
    assert not english & set(days)
