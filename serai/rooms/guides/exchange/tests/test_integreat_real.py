"""The real pages of one region, German and English."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from wagtail.models import Page

from serai.engine.content.search import find
from serai.kernel.ledger.models import OutboxRow
from serai.rooms.guides.models import GuidePage

from .regions import codes, imported, write

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data, pytest.mark.slow]


def test_both_real_trees_are_imported_whole_and_once(shared_data: Path) -> None:
    files = sorted((shared_data / "integreat_region").glob("*.json"))
    begun = time.monotonic()
    report = imported(*files)
    assert time.monotonic() - begun < 120
    assert (report["created"], report["pages"]) == (471, {"de": 238, "en": 233})
    assert Page.find_problems() == ([], [], [], [], [])
    assert set(codes(report)) == {"link-moved", "link-mended", "link-broken", "picture", "page-placeholder"}
    assert report["dropped"]["thumbnail"] == 195
    assert GuidePage.objects.values("translation_key").distinct().count() == 238
    depths = list(GuidePage.objects.values_list("depth", flat=True))
    assert [depths.count(depth) for depth in (4, 5, 6)] == [24, 169, 278]
    for raw in GuidePage.objects.values_list("body", flat=True):
        text = str(raw.get_prep_value())
        assert "guide:" not in text
        assert "integreat.app/tel" not in text
    assert find("Arzt", "de")[0].title == "Arztbesuch"
    assert find("doctor", "en")[0].title == "Visiting a doctor"
    events = OutboxRow.objects.count()
    again = imported(*files)
    assert (again["created"], again["updated"], again["unchanged"], OutboxRow.objects.count()) == (0, 0, 471, events)


def test_one_word_changed_in_the_real_file_updates_one_page(shared_data: Path, tmp_path: Path) -> None:
    import json

    source = shared_data / "integreat_region" / "integreat_pages_lkaugsburg_en.json"
    pages = json.loads(source.read_text(encoding="utf-8"))
    imported(source)
    chosen = next(one for one in pages if "Augsburg" in one["content"])
    chosen["content"] = chosen["content"].replace("Augsburg", "Augusta", 1)
    report = imported(write(tmp_path, "changed.json", pages))
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 1, len(pages) - 1)
