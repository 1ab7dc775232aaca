"""Languages fall back in the order their speakers would choose."""

from __future__ import annotations

import pytest

from serai.kernel.languages.converters import LanguageTag
from serai.kernel.languages.interface import interface
from serai.kernel.languages.registry import UnknownLanguage, chain, language, languages
from serai.kernel.languages.words import said_in, say


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
    assert interface("ti").tag == "en"


def test_django_can_speak_to_every_language_of_the_house() -> None:
    from django.utils import translation

    for tag in languages():
        with translation.override(tag.lower()):
            assert translation.gettext("Place")
            assert translation.get_language_info(tag.lower())["name_local"]
