"""Things of a GeoJSON or CSV file, one after the other, whose properties are asked for by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from serai.lib.hsds.nested import cell_of
from serai.lib.jsonstream import MAX_BYTES, stream_json
from serai.lib.tables import stream_csv

OWN_ID = "@id"  # how a mapping names the id that stands beside the properties of a GeoJSON feature


@dataclass(frozen=True)
class Feature:
    """One thing: its `number` (in GeoJSON from 1, in CSV the row as spreadsheets count), properties and position.

    `position` is what stands in the geometry, unchecked; None where there is none.
    """

    number: int
    properties: Mapping[str, Any]
    position: Any = None
    used: set[str] = field(default_factory=set, compare=False)

    def words(self, path: str) -> list[str]:
        """All values at `path` as text, without empty ones; of flags ({"Walk-in": true}) the names of those set.

        A path goes into nested objects by a slash, unless a property has that very name.
        """
        return list(_words(self._found(path)))

    def _found(self, path: str) -> Any:
        if path in self.properties:
            self.used.add(path)
            return self.properties[path]
        here: Any = self.properties
        for step in path.split("/"):
            if not isinstance(here, Mapping) or step not in here:
                return None
            here = here[step]
        self.used.add(path.split("/")[0])
        return here


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if text := " ".join(value.split()):
            yield text
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if part is True or (isinstance(part, int | float) and not isinstance(part, bool) and part > 0):
                yield " ".join(str(name).split())
            elif isinstance(part, str | list | Mapping):
                yield from _words(part)
    elif value is not None:
        yield cell_of(value)


def read_geojson(source: Path | BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[Feature]:
    """The features of a FeatureCollection, of a list of features, or of a list of plain objects. JsonRefused."""
    number = 0
    for key, item in stream_json(source, lists=("features",), max_bytes=max_bytes):
        if key not in ("", "features"):
            continue
        number += 1
        if not isinstance(item, dict):
            item = {}
        properties, geometry = item.get("properties"), item.get("geometry")
        if not isinstance(properties, dict):
            properties, geometry = (item, None) if "geometry" not in item else ({}, geometry)
        own = {OWN_ID: item["id"]} if "id" in item else {}
        yield Feature(number, {**properties, **own}, geometry, {OWN_ID})


def read_rows(source: Path | BinaryIO, *, delimiter: str = ",", max_bytes: int = MAX_BYTES) -> Iterator[Feature]:
    """The rows of a CSV file. TableRefused."""
    for row in stream_csv(source, delimiter=delimiter, max_bytes=max_bytes):
        yield Feature(row.number, row.cells)
