"""The tables that parts below this one own, as files of a pack: organisations and places of a publisher."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from serai.kernel.access.models import Organisation
from serai.kernel.places.models import Place
from serai.kernel.register.ports import PackExport

from .checking import ORGANISATIONS, PLACES, organisation_keys
from .models import InstalledPack
from .words import words_text

COLUMNS = {
    ORGANISATIONS: ("key", "kind", "url", "phone", "email"),
    PLACES: ("key", "parent", "country", "kind", "latitude", "longitude"),
}


def words_needed(pack: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """For PACK_WORDS: names of organisations and places."""
    for key in organisation_keys(files):
        yield from (f"organisations.{key}.name", f"organisations.{key}.about")
    for key in organisation_keys(files, PLACES):
        yield f"places.{key}.name"


def export_organisations(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """The publisher, and the organisations that its pack described here."""
    keys = {publisher, *_in_manifest(pack["pack"], "organisations")}
    rows, texts = [], {}
    for row in Organisation.objects.filter(key__in=keys):
        rows.append((row.key, row.kind, row.url, row.phone, row.email))
        texts[f"organisations.{row.key}.name"], texts[f"organisations.{row.key}.about"] = row.names, row.abouts
    return _export(ORGANISATIONS, rows, texts, pack)


def export_places(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """The places that the publisher's pack described here; of others only their keys are used."""
    wanted = set(_in_manifest(pack["pack"], "places"))
    rows, texts = [], {}
    for row in Place.objects.filter(key__in=wanted).select_related("parent"):
        parent = row.parent.key if row.parent else ""
        at = ["" if number is None else f"{number:.4f}" for number in (row.latitude, row.longitude)]
        rows.append((row.key, parent, row.country, row.kind, *at))
        texts[f"places.{row.key}.name"] = row.names
    return _export(PLACES, rows, texts, pack)


def _in_manifest(pack: str, table: str) -> list[str]:
    """Keys that the installed version of the pack brought."""
    row = InstalledPack.objects.filter(pack=pack).select_related("now").first()
    return list(row.now.tables.get(table, [])) if row else []


def _export(
    path: str, rows: Iterable[tuple[str, ...]], texts: Mapping[str, Mapping[str, str]], pack: Mapping[str, Any]
) -> PackExport:
    rows = list(rows)
    if not rows:
        return PackExport({})
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([COLUMNS[path], *rows])
    files = {path: buffer.getvalue().encode()}
    for tag in pack["languages"]:
        here = {key: by_tag[tag] for key, by_tag in texts.items() if by_tag.get(tag)}
        if here:
            files[f"words/{tag}.yaml"] = words_text(here)
    return PackExport(files)
