"""Numbers as people write them, and the emergency numbers of countries."""

from __future__ import annotations

import re
from importlib.metadata import version

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata

from serai.lib.phone import (
    PhoneRefused,
    _Pattern,
    emergency_countries,
    emergency_numbers,
    numbers_source,
    parse_phone,
)


@pytest.mark.parametrize(
    ("text", "region", "dial", "shown", "country"),
    [
        ("0712 345 678", "KE", "+254712345678", "+254 712 345678", "KE"),
        ("+254 (0) 712-345-678", "", "+254712345678", "+254 712 345678", "KE"),
        ("00962 6 550 2222", "JO", "+96265502222", "+962 6 550 2222", "JO"),
        ("٠٧٩٠١٢٣٤٥٦", "JO", "+962790123456", "+962 7 9012 3456", "JO"),
        ("০১৭১২৩৪৫৬৭৮", "BD", "+8801712345678", "+880 1712-345678", "BD"),
        ("06 1234 5678", "IT", "+390612345678", "+39 06 1234 5678", "IT"),
        ("tel:+49-30-123456", "", "+4930123456", "+49 30 123456", "DE"),
        ("+800 1234 5678", "", "+80012345678", "+800 1234 5678", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, region: str, dial: str, shown: str, country: str) -> None:
    phone = parse_phone(text, region)
    assert (phone.dial, phone.shown, phone.country) == (dial, shown, country)
    assert phone.link == f"tel:{dial}"
    assert parse_phone(phone.shown) == phone


def test_an_extension_is_kept_apart_and_dialled_after_the_number() -> None:
    phone = parse_phone("+44 20 7946 0018 ext. 456")
    assert (phone.dial, phone.shown, phone.extension) == ("+442079460018", "+44 20 7946 0018", "456")
    assert phone.link == "tel:+442079460018;ext=456"


def test_a_short_number_is_dialled_as_it_is_and_only_in_its_country() -> None:
    assert parse_phone("116 123", "DE").dial == "116123"
    with pytest.raises(PhoneRefused):
        parse_phone("116 123")


@pytest.mark.parametrize(
    ("text", "region", "code"),
    [
        ("  ", "KE", "empty"),
        ("2.54712E+11", "KE", "spoilt"),
        ("2,54712E+11", "KE", "spoilt"),
        ("ask at the desk", "KE", "not-a-number"),
        ("0712345678", "", "country-missing"),
        ("+999 123 456", "", "country-missing"),
        ("0712 34", "KE", "too-short"),
        ("0712 345 678 9012", "KE", "too-long"),
        ("+254 012 345 678", "", "not-valid"),
        ("+00 555 20 100", "", "country-missing"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text: str, region: str, code: str) -> None:
    with pytest.raises(PhoneRefused) as refused:
        parse_phone(text, region)
    assert refused.value.code == code


# --- emergency numbers -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("DE", ("110", "112")),
        ("KE", ("112", "114", "999")),
        ("SE", ("112", "90000")),
        ("US", ("112", "911")),
        ("GA", ("18", "1730")),
        ("XV", ()),
        ("", ()),
    ],
)
def test_a_country_has_its_numbers_the_shortest_first(country: str, numbers: tuple[str, ...]) -> None:
    assert emergency_numbers(country) == numbers


def test_each_known_number_is_an_emergency_number_of_its_country_to_the_package_too() -> None:
    assert len(emergency_countries()) > 200
    for country in emergency_countries():
        assert emergency_numbers(country), country
        for number in emergency_numbers(country):
            assert phonenumbers.is_emergency_number(number, country), f"{country} {number}"


def test_no_number_of_up_to_four_digits_is_forgotten_but_those_of_open_patterns() -> None:
    for country in phonenumbers.SUPPORTED_SHORT_REGIONS:
        emergency = PhoneMetadata.short_metadata_for_region(country).emergency
        pattern = emergency.national_number_pattern if emergency else None
        if not pattern or "\\d" in pattern:
            continue
        every = (f"{number:0{digits}d}" for digits in (2, 3, 4) for number in range(10**digits))
        matching = {number for number in every if re.fullmatch(pattern, number)}
        assert matching == {number for number in emergency_numbers(country) if len(number) <= 4}, country


def test_only_two_countries_have_open_patterns() -> None:
    found = set()
    for country in phonenumbers.SUPPORTED_SHORT_REGIONS:
        emergency = PhoneMetadata.short_metadata_for_region(country).emergency
        if emergency and "\\d" in emergency.national_number_pattern:
            found.add(country)
    assert found == {"CZ", "GA"}


@pytest.mark.parametrize("pattern", ["1+", "1.2", "(1)", "(?:1", "1*"])
def test_a_pattern_that_nobody_foresaw_is_refused_and_not_guessed(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"unknown sign|no end of a group"):
        _Pattern(pattern).numbers()


def test_the_source_that_people_see_is_that_of_the_package_that_runs() -> None:
    source = numbers_source()
    assert source.version == version("phonenumbers"), "write the new version and its day into lib/phone_source.yaml"
    assert source.url.startswith("https://")
