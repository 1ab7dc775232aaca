"""Places come with packs, keep what the house changed, and never lie inside themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from serai.kernel.ledger.models import OutboxRow, Touch
from serai.kernel.places.models import Place
from serai.kernel.places.pack_places import TABLE, PlacesPart, export_places
from serai.kernel.places.pack_table import settle
from serai.kernel.places.towns import country_name, own_country

pytestmark = pytest.mark.django_db

HEAD = {"pack": "town", "version": "1.0.0", "publisher": "town", "languages": ["en", "ar"], "fictional": True}
PART = PlacesPart()
ROWS = "quay,town,XV,city,,\ntown,land,XV,city,45.1,-30.20\nland,,XV,country,,\n"


def pack(rows: str = ROWS, **names: str) -> dict[str, bytes]:
    """Children stand before their parents on purpose."""
    files = {TABLE.path: f"key,parent,country,kind,latitude,longitude\n{rows}".encode()}
    for tag in ("en", "ar"):
        said = {"land": f"Land {tag}", "town": f"Town {tag}", "quay": f"Quay {tag}", **names}
        lines = "".join(f"  {key}:\n    name: {name}\n" for key, name in said.items())
        files[f"words/{tag}.yaml"] = f"places:\n{lines}".encode()
    return files


def install(files: dict[str, bytes], **head: Any) -> Any:
    return PART.install({**HEAD, **head}, files, by=None)


def test_a_pack_brings_places_with_what_they_lie_in() -> None:
    report = install(pack())
    quay = Place.objects.get(key="quay")
    assert (quay.parent.key, quay.parent.parent.key) == ("town", "land")
    assert quay.said("ar").text == "Quay ar"
    town = Place.objects.get(key="town")
    assert (town.latitude, town.longitude, town.fictional) == (Decimal("45.1"), Decimal("-30.2"), True)
    assert set(report.created) == {"places/land", "places/town", "places/quay"}
    assert OutboxRow.objects.filter(event="places.place_added").count() == 3
    assert Touch.objects.filter(key="place:quay").exists()


def test_a_country_of_the_house_has_a_name_and_others_have_theirs_from_the_world() -> None:
    install(pack())
    assert (country_name("XV", "ar"), country_name("IT", "fr")) == ("Land ar", "Italie")
    assert (country_name("XQ", "en"), country_name("", "en")) == ("XQ", "")
    assert (own_country("land AR"), own_country("Town en"), own_country("")) == ("XV", "", "")


def test_the_same_pack_again_changes_nothing() -> None:
    install(pack())
    assert install(pack()).unchanged == 3
    assert OutboxRow.objects.count() == 3


def test_a_name_that_the_house_mended_stays() -> None:
    install(pack())
    Place.objects.filter(key="town").update(names={"en": "Towne", "ar": "Town ar"})
    report = install(pack(town="Town anew"), version="1.1.0")
    assert Place.objects.get(key="town").names == {"en": "Towne", "ar": "Town anew"}
    assert report.kept == ("places/town",)


def test_two_packs_may_name_the_same_place_but_not_move_it() -> None:
    install(pack())
    same = install(pack("land,,XV,country,,\n", land="Same land"), pack="other")
    assert same.problems == ()
    assert set(Place.objects.get(key="land").from_pack["packs"]) == {"town", "other"}
    assert not OutboxRow.objects.filter(event="places.place_changed").exists()
    assert Place.objects.get(key="land").said("en").text == "Land en"
    moved = install(pack("town,land,XN,city,45.1,-30.2\n"), pack="other")
    assert [problem.code for problem in moved.problems] == ["place-of-another-pack"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("a,b,XV,city,,\nb,a,XV,city,,\n", "parent-cycle"),
        ("a,a,XV,city,,\n", "parent-cycle"),
        ("a,nowhere,XV,city,,\n", "parent-unknown"),
        ("a,,Kenya,city,,\n", "country"),
        ("a,,ke,city,,\n", "country"),
        ("a,,XV,village,,\n", "kind-unknown"),
        ("a,,XV,city,91,0\n", "position"),
        ("a,,XV,city,NaN,0\n", "position"),
        ("a,,XV,city,1e999999,0\n", "position"),
        ('a,,XV,city,"45,1",0\n', "position"),
        ("a,,XV,city,45.1,\n", "position-half"),
        ("A,,XV,city,,\n", "key-wrong"),
        ("a,,XV,city,,\na,,XV,city,,\n", "key-twice"),
    ],
)
def test_a_wrong_row_is_named_with_its_cure(rows: str, code: str) -> None:
    problems = PART.check(HEAD, pack(rows))
    assert code in {problem.code for problem in problems}
    assert all(problem.cure and problem.line > 1 for problem in problems)


def test_a_parent_may_come_from_a_required_pack_or_be_in_the_house() -> None:
    rows = "a,land,XV,city,,\n"
    assert PART.check({**HEAD, "beside": {"other": pack()}}, pack(rows)) == []
    assert [problem.code for problem in PART.check(HEAD, pack(rows))] == ["parent-unknown"]
    install(pack())
    assert PART.check(HEAD, pack(rows)) == []


def test_what_one_house_exports_another_installs() -> None:
    install(pack())
    export = export_places("town", HEAD)
    assert PART.check(HEAD, export.files) == []
    Place.objects.order_by("-pk").update(parent=None)
    Place.objects.all().delete()
    install(export.files)
    quay = Place.objects.get(key="quay")
    assert quay.parent.parent.names == {"en": "Land en", "ar": "Land ar"}


@pytest.mark.parametrize(
    ("here", "new", "last", "owner", "value", "kept", "disputed"),
    [
        ("", "new", None, "p", "new", [], []),
        ("old", "new", "old", "p", "new", [], []),
        ("mine", "new", "old", "p", "mine", ["x"], []),
        ("", "new", "old", "p", "", ["x"], []),
        ("old", "", "old", "p", "", [], []),
        ("mine", "", "old", "p", "mine", ["x"], []),
        ("theirs", "new", None, "q", "theirs", [], ["x"]),
        ("", "new", None, "q", "new", [], []),
        ("mine", "new", None, "", "mine", ["x"], []),
        ("same", "same", None, "q", "same", [], []),
    ],
)
def test_three_are_held_together(
    here: str, new: str, last: str | None, owner: str, value: str, kept: list[str], disputed: list[str]
) -> None:
    memory = {"owner": owner, "packs": {"p": {} if last is None else {"x": last}}}
    settled = settle({"x": here}, {"x": new}, memory, "p")
    assert (settled.values["x"], settled.kept, settled.disputed) == (value, kept, disputed)
