"""The vocabularies of the directory for other programs: our own taxonomy, and those that publishers brought in."""

from __future__ import annotations

from typing import Any

from serai.lib.hsds.nested import to_nested
from serai.lib.hsds.ours import fixed_terms, table_of
from serai.lib.tables import Table

from ..access import findable
from ..models import KeptRow, Service


def taxonomies() -> list[dict[str, Any]]:
    """Ours first, then those of publishers of whom anything is found."""
    return to_nested({"taxonomy": _table("taxonomy")}).get("taxonomy", [])


def taxonomy_terms(taxonomy_id: str = "") -> list[dict[str, Any]]:
    """Terms, each with its taxonomy; of one taxonomy only where it is named."""
    tables = {name: _table(name) for name in ("taxonomy", "taxonomy_term")}
    rows = to_nested(tables).get("taxonomy_term", [])
    return [
        row for row in rows if taxonomy_id in ("", row.get("taxonomy_detail", {}).get("id"), row.get("taxonomy_id"))
    ]


def _table(name: str) -> Table:
    """Rows of a vocabulary, each id once: two publishers may have brought the same one."""
    rows = {row.text("id"): {key: row.text(key) for key in row.cells} for row in fixed_terms()[name].rows}
    shown = Service.objects.filter(findable()).values("publisher_id")
    for kept in KeptRow.objects.filter(table=name, publisher_id__in=shown):
        rows.setdefault(kept.row_id, {**kept.cells, "id": kept.row_id})
    return table_of(name, rows.values())
