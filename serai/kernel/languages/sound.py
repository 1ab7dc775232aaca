"""What can be wrong in a translated sentence, whoever wrote it: in a catalogue, in a change file, on the desk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from serai.lib.direction import find_bidi_controls

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|{(\w+)}")
# Also in capitals, never closed, or a comment: a browser takes all of these for markup.
MARKUP = re.compile(r"<[A-Za-z/!?][^<>]*>?")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class _Anything(dict[str, int]):
    """Has a value for every placeholder."""

    def __missing__(self, key: str) -> int:
        return 1


def wrong_in(source: str, plural: str, texts: Sequence[str]) -> list[str]:
    """Codes of all that is wrong, in the order of the list below; empty for a sound translation.

    plural: the English plural, "" for a sentence that has none; texts: one, or one for each plural form.
    `missing` a text is empty; `placeholder` one is lost, unknown, or would break the sentence; `markup` other tags than
    the original's; `edges` a line break at the beginning or end was lost or added; `control` a character that steers
    the direction of writing, or is none at all.
    """
    if not texts or not all(text.strip() for text in texts):
        return ["missing"]
    found = []
    if any(_placeholders_are_wrong(source, plural, text) for text in texts) or _number_is_lost(plural, texts):
        found.append("placeholder")
    if any(_tags(text) not in (_tags(source), _tags(plural or source)) for text in texts):
        found.append("markup")
    if any(_edges(text) != _edges(source) for text in texts):
        found.append("edges")
    if any(find_bidi_controls(text) or CONTROL.search(text) for text in texts):
        found.append("control")
    return found


def placeholders(text: str) -> set[str]:
    """Names of what is put in where the sentence is said."""
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def _placeholders_are_wrong(source: str, plural: str, text: str) -> bool:
    if placeholders(source + plural) and any(
        _is_left(sign, text) > _is_left(sign, source + plural) for sign in ("%(", "{")
    ):
        return True  # %(name)900000000s would be said, and nine hundred million signs long
    lost = set() if plural else placeholders(source) - placeholders(text)
    unknown = placeholders(text) - placeholders(source) - placeholders(plural)
    return bool(lost or unknown) or not _can_be_said(source, text)


def _is_left(sign: str, text: str) -> bool:
    """Whether something begins like a placeholder and is none of those that sentences have."""
    return sign in PLACEHOLDER.sub("", text)


def _number_is_lost(plural: str, texts: Sequence[str]) -> bool:
    """A form for one may leave the number out; the last form, which is said of many, may not."""
    return bool(plural) and bool(placeholders(plural) - placeholders(texts[-1]))


def _can_be_said(source: str, text: str) -> bool:
    """Whether putting values in would work: a lone per cent sign or brace would break the page."""
    try:
        if "%(" in source or "%%" in source:
            text % _Anything()
        elif PLACEHOLDER.search(source):
            text.format_map(_Anything())
    except (ValueError, KeyError, TypeError, IndexError):
        return False
    return True


def _tags(text: str) -> Counter[str]:
    return Counter(MARKUP.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")
