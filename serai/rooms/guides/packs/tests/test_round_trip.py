"""What a house takes in it can give out again: every demo pack comes back as it was, up to its normal form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from serai.kernel.packs.checking import check_files
from serai.kernel.packs.demo import in_order_of_need, install_demo_packs
from serai.kernel.packs.folder import read_pack
from serai.kernel.packs.head import Head, read_head
from serai.kernel.packs.models import InstalledPack
from serai.kernel.packs.publishing import exported, stamped
from serai.kernel.packs.words import read_words
from serai.lib.dates import parse_moment
from serai.rooms.guides.models import GuidePage
from serai.rooms.guides.packs.markdown_file import read_guide, write_guide
from serai.rooms.guides.packs.reading import PATH

pytestmark = pytest.mark.django_db
ORDER = ("title", "summary", "topic", "parent", "order", "places", "source", "checked_on", "checked_by", "review_by")


@pytest.fixture(scope="module")
def demo_house(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All demo packs, installed once; what a test does to them is undone after it, they themselves after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        install_demo_packs(lambda line: None)
        yield
        transaction.set_rollback(True)


def normal(files: dict[str, bytes]) -> dict[str, Any]:
    """The pack in its normal form: guides as text, tables as rows in any order, words by key."""
    head, _problems = read_head(files["pack.yaml"])
    assert head is not None
    files = {**files, **stamped(files)}
    found: dict[str, Any] = {"pack.yaml": head}
    for path, data in files.items():
        match = PATH.match(path)
        if match:
            found[path] = _guide(data, head, match[2])
        elif path.startswith("tables/"):
            found[path] = {row["key"]: _row(row) for row in csv.DictReader(io.StringIO(data.decode()))}
    found["words"] = {tag: words.texts for tag, words in read_words(files)[0].items()}
    return found


def _guide(data: bytes, head: Head, language: str) -> str:
    guide = read_guide(data, head.pack)
    front = dict(guide.front)
    if language == head.languages[0]:
        front.setdefault("order", 100)
        front["places"] = sorted(front.get("places", []))
        front = {key: front[key] for key in ORDER if front.get(key)}
    return write_guide(front, guide.kinds, head.pack).decode()


def _row(row: dict[str, str]) -> dict[str, Any]:
    numbers = {name: float(row[name]) for name in ("latitude", "longitude") if row.get(name)}
    return {**row, **numbers, **{name: parse_moment(row[name]) for name in ("starts", "ends") if row.get(name)}}


def test_every_demo_pack_comes_back_as_it_was(demo_house: None) -> None:
    packs = list(in_order_of_need(settings.SERAI_PACKS))
    assert len(packs) >= 4
    assert InstalledPack.objects.count() == len(packs)
    guides = 0
    for head, files in packs:
        wanted, export = normal(files), exported(head.publisher, head)
        assert export.problems == ()
        given = normal(export.files)
        for path in wanted:
            assert given[path] == wanted[path], f"{head.pack}/{path}"
        assert given.keys() == wanted.keys()
        assert [each for each in check_files(export.files).problems if each.refuses] == []
        guides += sum(path.endswith(f".{head.languages[0]}.md") for path in files)
    assert guides >= 25


def test_the_demo_house_made_again_changes_nothing(demo_house: None) -> None:
    told: list[str] = []
    install_demo_packs(told.append)
    assert told
    assert all(line.endswith("nothing new") for line in told)


def test_guides_of_demo_packs_link_to_each_other_across_packs(demo_house: None) -> None:
    page = GuidePage.objects.get(key="lindenbach/first-days", locale__language_code="ar")
    target = GuidePage.objects.filter(key="nandaru-valmark/check-an-agency").values_list("pk", flat=True)
    assert any(f'id="{pk}"' in str(page.body.get_prep_value()) for pk in target)


def test_every_demo_pack_is_right_and_its_translations_are_stamped() -> None:
    for head, files in in_order_of_need(settings.SERAI_PACKS):
        problems = check_files(
            files, beside={name: read_pack(settings.SERAI_PACKS / name).files for name in head.requires}
        )
        assert [each for each in problems.problems if each.refuses] == []
        assert stamped(files) == {}, f"run: serai pack stamp packs/{head.pack}"
