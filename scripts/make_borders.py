"""Makes serai/lib/borders.json anew from `countries-50m.json` of the npm package world-atlas.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/make_borders.py package/countries-50m.json

Names, codes and the second layer of the source stay out: what is left are lines, and which of them go around what.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "serai" / "lib" / "borders.json"


def made(source: str) -> str:
    """The file's text: `step` and `start` (longitude, latitude) in degrees, `lines` (x, y, then steps from each point
    to the next), `rings` (numbers of lines; -1 is line 0 backwards), as in TopoJSON. One line of the file each."""
    topology = json.loads(source)
    shapes = topology["objects"]["countries"]["geometries"]
    rings = [
        ring
        for shape in shapes
        for polygon in (shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]])
        for ring in polygon
    ]
    lines = [[number for point in arc for number in point] for arc in topology["arcs"]]
    transform = topology["transform"]
    parts = {"step": transform["scale"], "start": transform["translate"]}
    head = ",\n".join(f'"{name}":{json.dumps(value)}' for name, value in parts.items())
    return f'{{{head},\n"lines":[\n{_rows(lines)}],\n"rings":[\n{_rows(rings)}]}}\n'


def _rows(rows: list[list[int]]) -> str:
    return ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)


if __name__ == "__main__":
    TARGET.write_text(made(Path(sys.argv[1]).read_text(encoding="utf-8")), encoding="utf-8")
