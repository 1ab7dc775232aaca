"""A small directory of our own, sound in every field, that tests spoil one field at a time."""

from __future__ import annotations

import copy
from typing import Any

from serai.lib.tables import Row, Table

Rows = dict[str, list[dict[str, str]]]


def uid(number: int) -> str:
    """An id that says which."""
    return f"00000000-0000-4000-8000-{number:012d}"


def sound() -> Rows:
    """Lindenbach's advice centre: one service at one place, with a phone that both share."""
    return copy.deepcopy(_SOUND)


def tables(rows: Rows) -> dict[str, Table]:
    """Rows as tables, each with the columns of its rows."""
    return {
        name: Table(
            (header := tuple(dict.fromkeys(key for row in items for key in row))),
            [Row(number, {key: row.get(key, "") for key in header}) for number, row in enumerate(items, 2)],
        )
        for name, items in rows.items()
    }


def service() -> dict[str, Any]:
    """The same, nested."""
    from serai.lib.hsds.nested import to_nested

    return to_nested(tables(sound()))["service"][0]


_SOUND: Rows = {
    "organization": [{"id": uid(1), "name": "مدينة ليندنباخ", "description": "City", "website": "https://linden.example"}],
    "service": [
        {
            "id": uid(2), "organization_id": uid(1), "name": "Advice", "status": "active", "minimum_age": "16",
            "maximum_age": "99", "email": "advice@linden.example", "url": "https://linden.example/advice",
            "assured_date": "2026-10-12", "last_modified": "2026-10-12T08:30:00+02:00",
        }
    ],
    "service_at_location": [{"id": uid(3), "service_id": uid(2), "location_id": uid(4)}],
    "location": [
        {"id": uid(4), "location_type": "physical", "name": "Town hall", "latitude": "48.2082", "longitude": "16.37"}
    ],
    "phone": [{"id": uid(5), "service_id": uid(2), "location_id": uid(4), "number": "+43 1 555 0100"}],
    "schedule": [
        {
            "id": uid(6), "service_id": uid(2), "opens_at": "09:00", "closes_at": "17:00:00", "wkst": "MO",
            "freq": "WEEKLY", "byday": "MO,TU", "valid_from": "2026-01-01", "valid_to": "2026-12-31",
        }
    ],
    "taxonomy": [{"id": uid(7), "name": "Needs", "description": "What for", "uri": "urn:example:needs"}],
    "taxonomy_term": [
        {"id": uid(8), "code": "law", "name": "Law", "description": "Advice on law", "taxonomy_id": uid(7)}
    ],
    "attribute": [{"id": uid(9), "link_id": uid(2), "link_entity": "service", "taxonomy_term_id": uid(8)}],
}  # fmt: skip
