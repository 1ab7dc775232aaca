"""What may be asked of the open directory: a table of the standard's paths, their parameters, and how each is read.

`open_api.py` describes exactly this table; nothing is said twice. What is not in it is refused with a sentence: a
filter that is silently left out would answer another question than was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from .queries.open_data import PER_PAGE, Asked, searchable_terms

MOST_A_PAGE = 200
_LAST_PAGE = 1_000_000


class BadQuestion(ValueError):
    """parameter: its name; the message is a sentence for whoever wrote the program that asked."""

    def __init__(self, parameter: str, says: str) -> None:
        super().__init__(says)
        self.parameter = parameter


@dataclass(frozen=True)
class Parameter:
    """read: makes the value of a text, ValueError with a sentence. schema: of that text, as JSON Schema."""

    says: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]


@dataclass(frozen=True)
class Path:
    """A table that can be asked for. row: the standard's name of its rows; parameters: names of those of its list."""

    row: str
    says: str
    parameters: tuple[str, ...]


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most):
            raise ValueError(f"Write a whole number from 1 to {most}.")
        return int(text)

    return read


def _choice(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"Write {' or '.join(known)}.")
        return text

    return read


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("Write a UUID.") from None


def _term(text: str) -> str:
    if text not in searchable_terms():
        raise ValueError(
            "Services are found by the ids of terms whose code begins with serai:need: or serai:audience:."
        )
    return text


def _named(text: str) -> str:
    if not 0 < len(text) <= 200:
        raise ValueError("Write the id of a taxonomy.")
    return text


PARAMETERS = {
    "page": Parameter(
        "Number of the page, from 1.", {"type": "integer", "minimum": 1, "maximum": _LAST_PAGE}, _whole(_LAST_PAGE)
    ),
    "per_page": Parameter(
        f"Rows on a page. Answers of {PER_PAGE} are kept and come fastest.",
        {"type": "integer", "minimum": 1, "maximum": MOST_A_PAGE, "default": PER_PAGE}, _whole(MOST_A_PAGE),
    ),
    "full": Parameter(
        "Each row with all that stands under it; else only what there is one of.",
        {"type": "boolean", "default": False}, lambda text: _choice("true", "false")(text) == "true",
    ),
    "format": Parameter("JSON is the only one.", {"type": "string", "enum": ["json"]}, _choice("json")),
    "organization_id": Parameter("Only what this organization offers.", {"type": "string", "format": "uuid"}, _uuid),
    "taxonomy_term_id": Parameter(
        "Only what answers this need or is for these people: the id of such a term.",
        {"type": "string", "format": "uuid"}, _term,
    ),
    "taxonomy_id": Parameter("Only terms of this taxonomy.", {"type": "string"}, _named),
}  # fmt: skip
_PAGES = ("page", "per_page", "format")
_NARROWED = (*_PAGES, "full", "organization_id", "taxonomy_term_id")
PATHS = {
    "services": Path("service", "Services that are found in this house.", _NARROWED),
    "organizations": Path("organization", "Organizations that offer any of these services.", _NARROWED),
    "service_at_locations": Path("service_at_location", "Services at their places.", _NARROWED),
    "taxonomies": Path("taxonomy", "The vocabularies of the directory.", _PAGES),
    "taxonomy_terms": Path("taxonomy_term", "Words of these vocabularies.", (*_PAGES, "taxonomy_id")),
}


def read_question(table: str, query: QueryDict) -> Asked:
    """What a query asks of a table. BadQuestion."""
    read: dict[str, Any] = {}
    known = PATHS[table].parameters
    for name, values in query.lists():
        if name not in known:
            raise BadQuestion(name[:80], f"This path has no such parameter. It has {', '.join(known)}.")
        if len(values) != 1:
            raise BadQuestion(name, "Write it once.")
        try:
            read[name] = PARAMETERS[name].read(values[0])
        except ValueError as error:
            raise BadQuestion(name, str(error)) from None
    read.pop("format", None)
    return Asked(**read)
