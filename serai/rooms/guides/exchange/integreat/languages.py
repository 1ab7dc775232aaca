"""Integreat's codes of languages as tags of the house."""

from __future__ import annotations

import re

from serai.kernel.languages.registry import known, language

# Integreat's own codes, retired ISO codes, and codes that say the country where the house says the script.
_OTHER_NAMES = {
    "de-si": "de-simple",
    "de-ls": "de-simple",
    "de-einfach": "de-simple",
    "de-leicht": "de-simple",
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "fa-af": "prs",
    "tl": "fil",
    "in": "id",
    "sr-cyrl": "sr",
    "ku": "kmr",
    "ku-latn": "kmr",
    "ku-tr": "kmr",
    "ku-iq": "ckb",
    "ku-arab": "ckb",
    "am-et": "am",
    "ua": "uk",
}
_WITH_COUNTRY = re.compile(r"([a-z]{2,3})-(?:[a-z]{2}|[0-9]{3})")


def tag_of(code: str) -> str:
    """The house's tag for a code, or "" when the house does not know the language.

    A country behind the language is left out (pt-BR is pt), but never where it means another script (zh-TW).
    """
    plain = code.strip().replace("_", "-").lower()
    if plain in _OTHER_NAMES:
        return _OTHER_NAMES[plain]
    if known(plain):
        return language(plain).tag
    with_country = _WITH_COUNTRY.fullmatch(plain)
    if with_country and with_country[1] != "zh":
        return tag_of(with_country[1])
    return ""
