"""Amounts of money: exact, with their currency, and read only from text.

A worker's fee must come back to the cent and in the currency it was paid in, so no number here was ever a float.
Minor units follow ISO 4217 (list of 2024): Babel's own digits come from CLDR, which rounds dinars and Lebanese pounds
to whole ones and would lose what was really paid. Names and number shapes come from Babel (CLDR).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_name, is_currency

from serai.lib.locales import babel_locale

_WHOLE_ONLY = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
})  # fmt: skip
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_TEN_THOUSANDTHS = frozenset({"CLF", "UYW"})
_NOT_MONEY = frozenset({"X" * 3, "XTS", "XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XUA"})
_DIGITS_BEFORE_POINT = 15


class MoneyRefused(ValueError):
    """Why an amount was not taken. `code`: not-a-number, too-large, too-many-decimals, unknown-currency, mixed."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


@dataclass(frozen=True)
class Money:
    """`amount` in units (not cents) of `currency` (ISO 4217, three capital letters).

    The amount may be negative or zero ("0" means free). Raises MoneyRefused, and TypeError for anything but a Decimal.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("an amount is a Decimal, never a float")
        decimals = minor_units(self.currency)
        exponent = self.amount.as_tuple().exponent
        if not isinstance(exponent, int):
            raise MoneyRefused("not-a-number", str(self.amount))
        if self.amount.adjusted() >= _DIGITS_BEFORE_POINT:
            raise MoneyRefused("too-large", str(self.amount))
        if -exponent > decimals:
            raise MoneyRefused("too-many-decimals", str(self.amount))

    def __add__(self, other: Money) -> Money:
        """Sum; MoneyRefused `mixed` for two currencies."""
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Difference; MoneyRefused `mixed` for two currencies."""
        return Money(self.amount - self._same(other), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise MoneyRefused("mixed", f"{self.currency} {other.currency}")
        return other.amount


def minor_units(currency: str) -> int:
    """Decimals that ISO 4217 gives a currency (EUR 2, JPY 0, JOD 3). MoneyRefused `unknown-currency`."""
    if not re.fullmatch("[A-Z]{3}", currency) or currency in _NOT_MONEY or not is_currency(currency):
        raise MoneyRefused("unknown-currency", currency)
    if currency in _WHOLE_ONLY:
        return 0
    if currency in _TEN_THOUSANDTHS:
        return 4
    return 3 if currency in _THOUSANDTHS else 2


def parse_money(text: str, currency: str) -> Money:
    """Money from `text` such as "1200" or "-3.50": ASCII digits, a point, no grouping, no exponent.

    Grouped input ("1.200") is refused rather than guessed: in half of the world it is twelve hundred, in the other
    half one and a fifth. Raises MoneyRefused; TypeError unless `text` is a string.
    """
    if not isinstance(text, str):
        raise TypeError("an amount is read from text, never from a float")
    if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", text):
        raise MoneyRefused("not-a-number", text[:40])
    return Money(Decimal(text), currency)


def format_money(money: Money, language: str) -> str:
    """The amount in the number shapes of `language` and the currency by its name, as "1.200,50 Euro".

    A whole amount stands without decimals, any other with all of its currency's. The name follows the number in every
    language; a currency that the language has no name for keeps its code.
    """
    locale = babel_locale(language)
    whole = money.amount == money.amount.to_integral_value()
    decimals = 0 if whole else minor_units(money.currency)
    # Only the decimals change; the language keeps its own grouping (12,34,567 in Hindi, Bengali and Nepali).
    grouping = locale.decimal_formats[None].pattern.split(";")[0].split(".")[0]
    pattern = grouping + ("." + "0" * decimals if decimals else "")
    number = format_decimal(money.amount, format=pattern, locale=locale)
    return f"{number}\u00a0{get_currency_name(money.currency, count=money.amount, locale=locale)}"
