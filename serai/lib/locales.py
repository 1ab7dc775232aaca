"""Which of Babel's locales speaks for one of the house's languages.

Babel does not know every code that people's languages have (prs), and knows some only in part. Numbers, dates and
currencies ask here, so that a missing language yields readable English instead of an error in front of a person.
"""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# Plain English is the world's (2 October 2026), not that of the United States (October 2, 2026).
_SPOKEN_BY = {"prs": "fa_AF", "tl": "fil", "en": "en_001"}


@lru_cache(maxsize=256)
def babel_locale(language: str) -> Locale:
    """Locale for a BCP 47 tag such as `ar`, `pt-BR` or `prs`; its main language, then English, if there is none."""
    tag = language.replace("-", "_")
    main = tag.split("_")[0].lower()
    for name in (_SPOKEN_BY.get(tag, tag), _SPOKEN_BY.get(main, main)):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_SPOKEN_BY["en"])


def country_zone(country: str) -> str:
    """The IANA time zone of a country that has one only, by its ISO 3166-1 alpha-2 code; "" for others."""
    zones = get_global("territory_zones").get(country, [])
    return str(zones[0]) if len(zones) == 1 else ""
