"""Amounts to the last minor unit, and every way to get them wrong refused by name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.money import Money, MoneyRefused, format_money, minor_units, parse_money


@pytest.mark.parametrize(
    ("currency", "decimals"), [("EUR", 2), ("JPY", 0), ("JOD", 3), ("IQD", 3), ("LBP", 2), ("CLF", 4), ("MMK", 2)]
)
def test_minor_units_are_those_of_iso_4217_and_not_of_cldr(currency, decimals):
    assert minor_units(currency) == decimals


@given(st.decimals(min_value="-99999999", max_value="99999999", places=2))
def test_every_amount_in_cents_is_read_back_exactly(amount):
    assert parse_money(f"{amount:f}", "EUR") == Money(amount, "EUR")


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("1.234", "EUR", "too-many-decimals"),
        ("1.0", "JPY", "too-many-decimals"),
        ("1.2345", "JOD", "too-many-decimals"),
        ("1.200,50", "EUR", "not-a-number"),
        ("1,200", "EUR", "not-a-number"),
        ("1e3", "EUR", "not-a-number"),
        ("NaN", "EUR", "not-a-number"),
        ("", "EUR", "not-a-number"),
        (" 5", "EUR", "not-a-number"),
        ("5\n", "EUR", "not-a-number"),
        ("٥", "EUR", "not-a-number"),
        ("9" * 20, "EUR", "too-large"),
        ("5", "ZZZ", "unknown-currency"),
        ("5", "eur", "unknown-currency"),
        ("5", "XAU", "unknown-currency"),
        ("5", "", "unknown-currency"),
    ],
)
def test_each_wrong_amount_is_refused_by_name(text, currency, code):
    with pytest.raises(MoneyRefused) as refusal:
        parse_money(text, currency)
    assert refusal.value.code == code


def test_a_float_never_becomes_money():
    with pytest.raises(TypeError):
        parse_money(1.5, "EUR")
    with pytest.raises(TypeError):
        Money(1.5, "EUR")
    with pytest.raises(MoneyRefused):
        Money(Decimal("Infinity"), "EUR")


def test_sums_keep_the_currency_and_never_mix_two():
    assert parse_money("10.50", "EUR") - parse_money("0.75", "EUR") == parse_money("9.75", "EUR")
    assert parse_money("1", "EUR") + parse_money("2", "EUR") == parse_money("3", "EUR")
    with pytest.raises(MoneyRefused) as refusal:
        parse_money("1", "EUR") + parse_money("1", "USD")
    assert refusal.value.code == "mixed"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1,234,567.50\u00a0Lebanese pounds"),
        ("de", "1.234.567,50\u00a0Libanesische Pfund"),
        ("hi", "12,34,567.50\u00a0लेबनानी पाउंड"),
        ("prs", "1,234,567.50\u00a0لیرهٔ لبنان"),
        ("zz", "1,234,567.50\u00a0Lebanese pounds"),
    ],
)
def test_an_amount_is_shown_in_the_shapes_of_the_language_without_rounding(language, shown):
    assert format_money(parse_money("1234567.5", "LBP"), language) == shown


def test_a_whole_amount_is_shown_without_decimals():
    assert format_money(parse_money("1200.00", "EUR"), "en") == "1,200\u00a0euros"
