"""A mapping file says what it means, or is refused with the line where it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from serai.lib.geo import Box
from serai.lib.mapping.definition import TOP_KEYS, VALUE_KEYS, Template, load_mapping, words_key
from serai.lib.mapping.tests.lindenbach import MAPPING, mapping

EXAMPLES = Path(__file__).resolve().parents[4] / "docs" / "examples" / "mappings"


def line_of(text: str, words: str) -> int:
    """The line in which some words first stand."""
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
def test_the_mappings_that_are_shipped_have_no_error(path: Path) -> None:
    found, errors = load_mapping(path.read_text("utf-8"))
    assert errors == []
    assert found is not None
    assert found.name == path.stem


def test_the_mapping_that_the_documents_explain_has_no_error_and_every_key() -> None:
    text = (EXAMPLES.parents[1] / "formats.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert load_mapping(example)[1] == []
    explained = set(re.findall(r"(\w+):", example))
    assert explained >= {*TOP_KEYS, *VALUE_KEYS, "words", "only_if", "position", "lat", "lon", "of", "each", "hours"}


def test_a_mapping_is_read_to_what_it_says() -> None:
    found = mapping()
    assert (found.name, found.reads, found.written_in, found.repeated) == ("lindenbach", "geojson", "en", "refuse")
    assert found.box == Box(46.4, 9.5, 49.1, 17.2)
    sections = {(section.table, section.of): section for section in found.sections}
    assert sections["service", ""].fields["name"].templates == (
        Template(("", "what", " (", "for", ")")),
        Template(("", "what", "")),
    )
    assert sections["service", ""].extras["needs"].codes == {
        "Doctor": ("doctor",),
        "Soup kitchen": ("food", "water"),
        "Meeting": (),
    }
    assert sections["location", ""].position == "geometry"
    assert sections["language", "service"].each == "code"
    assert sections["phone", "location"].fields["type"].is_constant


@pytest.mark.parametrize(
    ("before", "after", "code", "words"),
    [
        ("name: lindenbach", "nome: lindenbach", "key-unknown", "nome"),
        ("reads: geojson", "reads: shapefile", "choice", "reads"),
        ("written_in: en", "written_in: en\ndelimiter: ;;", "choice", "delimiter"),
        ("written_in: en", "written_in: English", "language", "written_in"),
        ("  ar: places.ar.json", "  arabic!: places.ar.json", "language", "arabic!"),
        ("box: [46.4, 9.5, 49.1, 17.2]", "box: [49.1, 9.5, 46.4, 17.2]", "box", "box"),
        ("box: [46.4, 9.5, 49.1, 17.2]", "box: [9.5]", "box", "box"),
        ('code: "43"', 'code: "+43"', "digits", "phones"),
        ("https://linden.example/list", "linden.example", "link-no-scheme", "linden.example"),
        ('  id: "{run by}"\n', "", "key-missing", "organization"),
        ('"{run by}"\n  description', '"{run by"\n  description', "placeholder", '"{run by"'),
        ('["{what} ({for})", "{what}"]', "{codes: {a: b}}", "key-missing", "name: {codes"),
        ("format: DD.MM.YYYY", "format: DD.MM.YY", "choice", "assured_date"),
        ("needs:", "need:", "key-unknown", "need:"),
        ("timezone:", "latitude:", "key-unknown", "latitude"),
        ("position: geometry", "position: {lat: x}", "key-missing", "position"),
        ("known: languages", "known: places", "choice", "code: {from"),
        ("of: location", "of: schedule", "choice", "of: schedule"),
        ("each: document", "each: paper", "choice", "each: paper"),
        ("[weekly]", "weekly", "not-a-list", "only_if"),
        ("fr: Aide", "fr: true", "not-text", "fr: true"),
        ("  ar: places.ar.json", "  - x", "not-a-mapping", "files"),
        ("{Doctor: doctor,", "{Doctor: physician,", "enum", "physician"),
        ('not asked: "no"', "not asked: maybe", "enum", "maybe"),
        ("timezone: Europe/Vienna", "timezone: Europe/Wien", "zone", "Europe/Wien"),
        ("description: Listed by the city", 'description: "Listed\\u202E"', "bidi-control", "Listed"),
        ("name: lindenbach", "name: lindenbach\nname: x", "yaml-duplicate", "name: x"),
    ],
)
def test_a_slip_of_the_pen_is_refused_with_its_line(before: str, after: str, code: str, words: str) -> None:
    assert before in MAPPING
    text = MAPPING.replace(before, after, 1)
    found, errors = load_mapping(text)
    assert found is None
    assert (line_of(text, words), code) in [(error.line, error.code) for error in errors]


def test_all_errors_are_said_at_once_in_their_order() -> None:
    text = (
        MAPPING.replace("reads: geojson", "reads: x").replace("[weekly]", "weekly").replace("each: document", "each: y")
    )
    _, errors = load_mapping(text)
    assert [error.code for error in errors] == ["choice", "not-a-list", "choice"]
    assert [error.line for error in errors] == sorted(error.line for error in errors)


def test_what_must_be_there_is_named() -> None:
    _, errors = load_mapping("name: x\n")
    assert [error.detail for error in errors] == ["reads", "id", "organization", "service"]


def test_words_together_are_known_in_any_order() -> None:
    assert words_key(["8:30am", "1  pm"]) == words_key(["1 pm", "8:30am"]) == "1 pm + 8:30am"
