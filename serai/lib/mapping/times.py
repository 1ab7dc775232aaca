"""Opening hours from flags and words: certain, or unknown with the words kept, and never something between."""

from __future__ import annotations

from serai.lib.direction import visible
from serai.lib.hours import HoursError
from serai.lib.hours_osm import read_osm
from serai.lib.mapping.definition import HoursValue, Template, words_key
from serai.lib.mapping.features import Feature
from serai.lib.mapping.values import Wrong, filled

_LONGEST_NOTE = 300


def hours_of(value: HoursValue, feature: Feature, wrong: list[Wrong], notes: list[Wrong]) -> str:
    """The hours in OSM's syntax; "" where nothing is said.

    What does not come to hours is `unknown "the words"`, and the words are put to `notes`. Words without a meaning,
    and meanings that are no hours (closing before opening), are put to `wrong` besides. A night so long that it may be
    a day whose times changed places is read as a night, and noted too (`over-midnight`).
    """
    names = list(dict.fromkeys(name for template in value.templates for name in template.names))
    said = {name: feature.words(name) for name in names}
    if not any(said.values()):
        return ""
    shown = [", ".join(words) for words in said.values() if words]
    long = False
    text = _meant(value, said, wrong)
    if text:
        try:
            long = any(span.is_long_night for rule in read_osm(text) for span in rule.spans)
        except HoursError as error:
            wrong.append(("hours", f"{', '.join(shown)} ({error.code}: {text})"))
            text = ""
    for template, sure in value.only_if:
        condition = filled(template, feature)
        if condition not in sure:
            text = ""
            shown += [word for name in template.names if name not in said for word in feature.words(name)]
    if text:
        notes += [("over-midnight", text)] if long else []
        return text
    note = visible("; ".join(shown)).replace('"', "'")[:_LONGEST_NOTE]
    notes.append(("hours-unclear", note))
    return f'unknown "{note}"'


def _meant(value: HoursValue, said: dict[str, list[str]], wrong: list[Wrong]) -> str:
    """The first template whose names have a meaning and that leaves nothing out that was said; "" for none."""
    meanings: dict[str, str | None] = {}
    for name, words in said.items():
        key = words_key(words)
        if not words:
            meanings[name] = None
        elif not value.words:
            meanings[name] = ", ".join(words)
        elif key in value.words:
            meanings[name] = value.words[key]
        else:
            meanings[name] = None
            # Several words of which each is known are known to be unclear together.
            wrong += [("hours-word", word) for word in words if words_key([word]) not in value.words]
    spoken = {name for name, words in said.items() if words}
    for template in value.templates:
        if spoken <= set(template.names) and all(meanings[name] is not None for name in template.names):
            return _put(template, meanings)
    return ""


def _put(template: Template, meanings: dict[str, str | None]) -> str:
    parts = [(meanings[part] or "") if at % 2 else part for at, part in enumerate(template.parts)]
    return "".join(parts).strip()
