"""Words of opening hours as OpenStreetMap spells them, and what somebody meant who wrote another word.

People write "Monday", "Montag" or "lundi". Those words are refused, since "Mar" is a month here and a day in French,
but the refusal names what to write. Names of days and months come from Babel (CLDR).
"""

from __future__ import annotations

from functools import cache

from serai.lib.hours import DAY, HoursError, clock
from serai.lib.locales import babel_locale

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATUSES = ("off", "closed", "open", "unknown")
# Parts of the syntax that stand outside the subset read here.
BEYOND = frozenset({"SH", "week", "easter", "sunrise", "sunset", "dawn", "dusk", "year", "day", "days"})

_LANGUAGES = (
    "en", "ar", "fr", "es", "de", "it", "pt", "nl", "pl", "tr", "ru", "uk", "ro", "el", "fa", "ur", "sw", "so", "am",
    "ti", "bn", "hi", "ne",
)  # fmt: skip
_OTHERS = {
    "off": "geschlossen zu ruhetag fermé ferme cerrado fechado chiuso gesloten kapalı zamknięte closed off مغلق بسته "
    "закрыто зачинено",
    "-": "to until till bis à hasta a até tot إلى حتى до",
    ",": "and und et y e en and و ve и",
    "PH": "feiertag feiertage ph holiday holidays feiertags férié fériés festivo festivos feriado feriados",
    "24/7": "always immer toujours siempre sempre daily täglich دائما",
    "unknown": "unknown unbekannt inconnu desconocido",
    "open": "open geöffnet ouvert abierto offen",
}


@cache
def _meanings() -> dict[str, frozenset[str]]:
    """For each word in small letters what may have been meant by it."""
    found: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        locale = babel_locale(language)
        for width in ("wide", "abbreviated", "short"):
            for number, word in locale.days["format"].get(width, {}).items():
                found.setdefault(_plain(word), set()).add(DAYS[number])
            for number, word in locale.months["format"].get(width, {}).items():
                found.setdefault(_plain(word), set()).add(MONTHS[number - 1])
    for cure, words in _OTHERS.items():
        for word in words.split():
            found.setdefault(word, set()).add(cure)
    for word in (*DAYS, *MONTHS):
        found.setdefault(word.casefold(), set()).add(word)
    return {word: frozenset(cures) for word, cures in found.items()}


def _plain(word: str) -> str:
    return word.casefold().rstrip(".")


def refuse_word(word: str, at: int) -> HoursError:
    """The error for a word that is none of this syntax: `not-supported`, or `word` with what to write instead.

    Where a word means different things in different languages the cure names each, as in "Mar / Tu".
    """
    if word in BEYOND:
        return HoursError("not-supported", word, at=at)
    meant = _meanings().get(_plain(word)) or _meanings().get(_plain(word).rstrip("s"), frozenset())
    return HoursError("word", word, at=at, cure=" / ".join(sorted(meant)))


def refuse_time(text: str, at: int) -> HoursError:
    """The error `time` for a time in another shape ("8", "8h30", "5 pm", "1700"), with how to write it."""
    small = text.casefold()
    digits = "".join(char if char.isdigit() else " " for char in small).split()
    hour, minute = (int(digits[0]), int(digits[1])) if len(digits) > 1 else divmod(int(digits[0]), 100)
    if len(digits) == 1 and len(digits[0]) < 3:
        hour, minute = int(digits[0]), 0
    if small.endswith("pm") and hour < 12:
        hour += 12
    elif small.endswith("am") and hour == 12:
        hour = 0
    cure = clock(hour * 60 + minute) if minute < 60 and hour * 60 + minute <= DAY else ""
    return HoursError("time", text, at=at, cure=cure)
