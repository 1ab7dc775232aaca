"""Short texts that are data (names of organisations, places, topics): a mapping of tag to text, read by fallback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from .registry import chain


@dataclass(frozen=True)
class Said:
    """A text and the language it is really in: when that is not the one asked for, the screen says so."""

    text: str
    language: str


def said_in(text: str, texts: Mapping[str, str]) -> str:
    """The tag under which a name stands among what somebody is called; empty when under none, or under several: nothing
    is guessed."""
    found = [tag for tag, name in texts.items() if name == text]
    return found[0] if text and len(found) == 1 else ""


def say(texts: Mapping[str, str], tag: str) -> Said:
    """The text in the language, or the nearest along the chain; empty when there is none at all."""
    for candidate in chain(tag, tuple(settings.SERAI_LANGUAGES)):
        if texts.get(candidate):
            return Said(texts[candidate], candidate)
    for candidate, text in texts.items():
        if text:
            return Said(text, candidate)
    return Said("", tag)
