"""Questions with what they should find, over all scripts, and the documents to find it in.

The pairs are finding_quality.csv: collection, language, class (exact; folded: other marks, capitals, keyboards;
misspelt), question, keys of which one is expected among the first five. Of real collections only keys stand here; their
texts are read from the folder of real data.
"""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from serai.kernel.register.ports import SearchDocument, SearchHit

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[4]
FIRST = 5
CLASSES = {"exact": 0.95, "folded": 0.95, "misspelt": 0.85}
"""The least share of questions of each class that must find what they should."""
_TAGS = {"es-LA": "es", "tl": "fil"}
_TICO_ROWS = 300


@dataclass(frozen=True)
class Pair:
    """A question and the keys of which one is expected."""

    collection: str
    language: str
    kind: str
    question: str
    expected: frozenset[str]


def pairs() -> list[Pair]:
    """All of the file."""
    with (HERE / "finding_quality.csv").open(encoding="utf-8", newline="") as file:
        return [
            Pair(row["collection"], row["language"], row["class"], row["question"], frozenset(row["expected"].split()))
            for row in csv.DictReader(file)
        ]


def documents(shared: Path) -> dict[str, list[SearchDocument]]:
    """By collection, what can be found; real ones only where the folder of real data is."""
    found = {"small": list(_small()), "packs": list(_packs())}
    if shared.exists():
        found |= {name: list(read(shared)) for name, read in _REAL.items()}
    return found


def recall(find: Callable[[str, str], list[SearchHit]], asked: list[Pair]) -> tuple[dict[str, float], list[Pair]]:
    """By class, the share of questions that find what they should among the first five; and those that do not."""
    missed = [pair for pair in asked if not _finds(find(pair.question, pair.language), pair)]
    shares = {}
    for kind in CLASSES:
        of_kind = [pair for pair in asked if pair.kind == kind]
        lost = [pair for pair in missed if pair.kind == kind]
        shares[kind] = 1 - len(lost) / len(of_kind) if of_kind else 1.0
    return shares, missed


def _finds(hits: list[SearchHit], pair: Pair) -> bool:
    return any(hit.key in {f"{pair.collection}:{key}" for key in pair.expected} for hit in hits[:FIRST])


def _document(collection: str, key: str, language: str, title: str, summary: str, body: str = "") -> SearchDocument:
    return SearchDocument(f"{collection}:{key}", language, title, summary, body, f"/{language}/{collection}/{key}/")


def _small() -> Iterator[SearchDocument]:
    told = yaml.safe_load((HERE / "small_services.yaml").read_text(encoding="utf-8"))
    for language, services in told.items():
        for key, (title, summary) in services.items():
            yield _document("small", key, language, title, summary)


def _packs() -> Iterator[SearchDocument]:
    for path in sorted((ROOT / "packs").glob("*/guides/*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        told: Mapping[str, str] = yaml.safe_load(front)
        key, language, _ = path.name.split(".")
        yield _document("packs", f"{path.parts[-3]}/{key}", language, told["title"], told["summary"], body)


def _integreat(shared: Path) -> Iterator[SearchDocument]:
    for path in sorted((shared / "integreat_region").glob("*.json")):
        language = path.stem.rsplit("_", 1)[1]
        for page in json.loads(path.read_text(encoding="utf-8")):
            body = html.unescape(re.sub("<[^>]*>", " ", page["content"] or ""))
            yield _document("integreat", str(page["id"]), language, html.unescape(page["title"]), "", body)


def _jordan(shared: Path) -> Iterator[SearchDocument]:
    for name, language in (("compiled.json", "en"), ("compiled_AR.json", "ar")):
        told = json.loads((shared / "jordan_services" / name).read_text(encoding="utf-8"))
        for service in {entry["id"]: entry["properties"] for entry in told}.items():
            key, said = service
            title = f"{said['activityName']}: {said['locationName']}"
            yield _document("jordan", str(key), language, title, said["partnerName"], said.get("comments") or "")


def _tico(shared: Path) -> Iterator[SearchDocument]:
    wanted = {pair.language for pair in pairs() if pair.collection == "tico"}
    keys = set().union(*(pair.expected for pair in pairs() if pair.collection == "tico"))
    with (shared / "tico19" / "parallel_1200.tsv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t")):
            for column in row.keys() & {*wanted, *_TAGS}:
                if number < _TICO_ROWS or row["tuid"] in keys:
                    yield _document("tico", row["tuid"], _TAGS.get(column, column), row[column], "")


def _omos(shared: Path) -> Iterator[SearchDocument]:
    for language in ("ar", "en", "fr", "uk"):
        pages: dict[str, str] = {}
        for line in (shared / "omos_qa" / f"questions_{language}.jsonl").read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            pages[str(told["pageId"])] = told["context"]
        for key, context in pages.items():
            title, _, body = context.partition("\n")
            yield _document("omos", key, language, title, "", body)


_REAL: dict[str, Callable[[Path], Iterator[SearchDocument]]] = {
    "integreat": _integreat,
    "jordan": _jordan,
    "tico": _tico,
    "omos": _omos,
}
