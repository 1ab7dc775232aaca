"""Counting at a point: nothing is lost, nothing counts twice, nobody stands in what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from serai.kernel.access.viewer import NOBODY, viewer_for
from serai.kernel.ledger.models import OutboxRow

from ..actions import tallying
from ..models import Location, Service, TallyCount, TallyPress
from ..queries.tally import Point, counted, kinds_shown, point_for, points
from ..tally import BadTallyFile, rules
from .a_directory import key

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(staff: Callable[..., Any], lindenbach: Any) -> Any:
    """Lena stands at the points of Lindenbach."""
    return staff("lena", lindenbach, "services_map.local")


@pytest.fixture
def outsider(staff: Callable[..., Any], port_amsel: Any) -> Any:
    """The stranger may do all of this at Port Amsel."""
    return staff("stranger", port_amsel, "services_map.local", "services_map.editor")


def the_point(user: Any, name: str = "kitchen-place") -> Point:
    found = point_for(viewer=viewer_for(user), pk=UUID(key(name)), tag="en")
    assert found is not None
    return found


def press(user: Any, point: Point, token: UUID | None = None, **said: Any) -> bool:
    words = {"kind": "food", "group": "", "number": 1, **said}
    return tallying.count_services(by=user, point=point, token=token or uuid4(), **words)


def total(**where: Any) -> int:
    return TallyCount.objects.filter(**where).aggregate(sum=models.Sum("count"))["sum"] or 0


def test_a_press_counts_on_the_day_of_the_place(town: Any, lena: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # in Rome it is the 23rd
    monkeypatch.setattr(timezone, "now", lambda: late)
    point = the_point(lena)
    assert press(lena, point, number=5)
    assert press(lena, point, group="women")
    rows = TallyCount.objects.values_list("day", "kind", "group", "count")
    assert sorted(rows) == [(date(2026, 11, 23), "food", "", 5), (date(2026, 11, 23), "food", "women", 1)]


def test_the_same_page_sent_twice_counts_once_and_another_button_of_it_counts(town: Any, lena: Any) -> None:
    point, token = the_point(lena), uuid4()
    assert press(lena, point, token)
    assert not press(lena, point, token)
    assert press(lena, point, token, number=5)
    assert press(lena, point, token, kind="washing")
    assert total() == 7


def test_the_last_press_is_taken_back_once(town: Any, lena: Any) -> None:
    point, token = the_point(lena), uuid4()
    press(lena, point)
    press(lena, point, token, number=5)
    said = {"by": lena, "point": point, "kind": "food", "group": "", "number": 5, "token": token}
    assert tallying.undo_press(**said)
    assert not tallying.undo_press(**said)
    assert total() == 1
    with pytest.raises(tallying.NotPressed):
        tallying.undo_press(**{**said, "kind": "washing"})
    assert total() == 1


def test_a_press_whose_number_was_corrected_away_cannot_be_taken_back_below_nothing(town: Any, lena: Any) -> None:
    point, token = the_point(lena), uuid4()
    press(lena, point, token, number=5)
    TallyCount.objects.update(count=2)
    with pytest.raises(tallying.NotPressed):
        tallying.undo_press(by=lena, point=point, kind="food", group="", number=5, token=token)
    assert total() == 2
    assert not TallyPress.objects.get().undone, "it is as if nobody had tried"


@pytest.mark.parametrize(
    ("said", "code"), [({"kind": "gold"}, "kind"), ({"group": "tall"}, "group"), ({"number": 7}, "step")]
)
def test_what_nobody_offers_is_not_counted(town: Any, lena: Any, said: dict[str, Any], code: str) -> None:
    with pytest.raises(tallying.BadCount) as refused:
        press(lena, the_point(lena), **said)
    assert refused.value.code == code
    assert total() == 0


def test_a_sheet_writes_the_difference_so_that_what_others_pressed_meanwhile_stays(town: Any, lena: Any) -> None:
    point = the_point(lena)
    press(lena, point, number=5)
    seen = counted(viewer=viewer_for(lena), point=point, day=point.today)
    press(lena, point, number=1)
    said = {("food", ""): 30, ("food", "boys"): 4}
    token = uuid4()
    sheet = {"by": lena, "point": point, "day": point.today, "seen": seen, "said": said, "token": token}
    assert tallying.write_sheet(**sheet)
    assert not tallying.write_sheet(**sheet), "the same page again"
    assert counted(viewer=viewer_for(lena), point=point, day=point.today) == {("food", ""): 31, ("food", "boys"): 4}


def test_a_sheet_that_would_take_away_what_is_gone_changes_nothing(town: Any, lena: Any) -> None:
    point = the_point(lena)
    press(lena, point, number=5)
    with pytest.raises(tallying.ChangedMeanwhile):
        tallying.write_sheet(
            by=lena, point=point, day=point.today, seen={("food", "girls"): 2}, token=uuid4(),
            said={("food", ""): 9, ("food", "girls"): 0},
        )  # fmt: skip
    assert total() == 5


@pytest.mark.parametrize("days", [1, -93])
def test_no_sheet_of_a_day_to_come_or_long_over(town: Any, lena: Any, days: int) -> None:
    point = the_point(lena)
    with pytest.raises(tallying.BadCount) as refused:
        tallying.write_sheet(
            by=lena, point=point, day=point.today + timedelta(days=days), seen={}, said={}, token=uuid4()
        )
    assert refused.value.code == "day"


def test_only_who_stands_at_the_points_of_the_publisher_counts(town: Any, lena: Any, ana: Any, outsider: Any) -> None:
    point = the_point(lena)
    token = uuid4()
    press(lena, point, token)
    for other in (ana, outsider):
        assert point_for(viewer=viewer_for(other), pk=UUID(point.key), tag="en") is None
        assert points(viewer=viewer_for(other), tag="en").rows == []
        assert counted(viewer=viewer_for(other), point=point, day=point.today) == {}
        said = {"kind": "food", "group": "", "number": 1, "token": token}
        with pytest.raises(tallying.MayNotCount):
            tallying.count_services(by=other, point=point, **said)
        with pytest.raises(tallying.MayNotCount):
            tallying.undo_press(by=other, point=point, **said)
        with pytest.raises(tallying.MayNotCount):
            tallying.write_sheet(by=other, point=point, day=point.today, seen={}, said={}, token=token)
    assert points(viewer=NOBODY, tag="en").rows == []
    assert total() == 1


def test_points_are_places_and_services_without_one_those_counted_lately_first(town: Any, lena: Any) -> None:
    names = [point.name.text for point in points(viewer=viewer_for(lena), tag="en").rows]
    assert len(names) == 7
    assert "Advice by phone" in names, "a service without a place"
    hotline = the_point(lena, "hotline")
    press(lena, hotline, kind="legal")
    rows = points(viewer=viewer_for(lena), tag="en").rows
    assert rows[0].name.text == "Advice by phone"
    assert [point.name.text for point in points(viewer=viewer_for(lena), tag="en", words="meal").rows] == [
        "House of kitchen"
    ]


def test_a_point_shows_what_is_offered_there_and_what_was_counted(town: Any, lena: Any) -> None:
    point = the_point(lena)
    assert [need.key for need in kinds_shown(point, ())] == ["food", "washing"]
    assert [need.key for need in kinds_shown(point, [("sim", "")])] == ["food", "washing", "sim"]
    assert len(kinds_shown(point, (), everything=True)) > 20


def test_points_are_read_with_the_same_number_of_queries_however_many_they_are(
    town: Any, lena: Any, django_assert_num_queries: Any
) -> None:
    viewer = viewer_for(lena)
    with django_assert_num_queries(7):
        points(viewer=viewer, tag="en")
    Service.objects.filter(pk__in=[key("doctor"), key("clinic"), key("wifi")]).update(status="inactive")
    with django_assert_num_queries(7):
        assert len(points(viewer=viewer, tag="en").rows) == 4


def test_what_is_kept_holds_no_person_no_moment_and_nobody_who_counted(town: Any, lena: Any) -> None:
    for model in (TallyCount, TallyPress):
        for field in model._meta.get_fields():
            assert not isinstance(field, models.DateTimeField | models.TimeField | models.TextField), field.name
            if field.is_relation:
                assert field.name in {"publisher", "location", "service"}
    point = the_point(lena)
    for _ in range(3):
        press(lena, point)
    assert list(OutboxRow.objects.filter(event__contains="tally").values_list("event", "subject")) == [
        ("services_map.tally_begun", f"services_map.tally:{point.key}/{point.today}")
    ], "of single presses the ledger hears nothing"
    assert TallyCount.objects.count() == 1


def test_presses_are_forgotten_after_the_days_that_the_rules_say(town: Any, lena: Any) -> None:
    point = the_point(lena)
    press(lena, point)
    tallying.forget_presses()
    assert TallyPress.objects.count() == 1
    TallyPress.objects.update(day=point.today - timedelta(days=rules().press_days + 2))
    tallying.forget_presses()
    assert TallyPress.objects.count() == 0
    assert total() == 1


def test_a_count_is_of_a_place_or_of_a_service_never_of_both_or_none(town: Any, lindenbach: Any) -> None:
    both = {"location_id": key("kitchen-place"), "service_id": key("kitchen")}
    for columns in ({}, both):
        with pytest.raises(IntegrityError), transaction.atomic():
            TallyCount.objects.create(publisher=lindenbach, day=date(2026, 11, 1), kind="food", **columns)


def test_a_place_where_something_was_counted_is_not_deleted(town: Any, lena: Any) -> None:
    press(lena, the_point(lena))
    with pytest.raises(models.RestrictedError):
        Location.objects.get(pk=key("kitchen-place")).delete()


GOOD = {"groups": [], "steps": [1], "small_number": 5, "round_to": 5, "sheet_days": 9, "press_days": 2}


def test_the_operator_chooses_the_groups(settings: Any, tmp_path: Any, town: Any, lena: Any) -> None:
    file = tmp_path / "tally.yaml"
    own = [{"key": "under-5", "names": {"en": "Under 5", "ar": "أقل من 5"}}, {"key": "women"}]
    file.write_text(json.dumps({**GOOD, "groups": own}), encoding="utf-8")
    settings.SERAI_TALLY_FILE = str(file)
    assert [(group.key, str(group.name)) for group in rules().groups] == [
        ("under-5", "Under 5"), ("women", "Women"), ("", "Not said"),
    ]  # fmt: skip
    assert press(lena, the_point(lena), group="under-5")


@pytest.mark.parametrize(
    "change",
    [
        {"round_to": 1}, {"small_number": 1}, {"steps": []}, {"steps": [0]}, {"steps": ["1"]}, {"press_days": True},
        {"groups": [{"key": "tall"}]}, {"groups": [{"key": "Women"}]}, {"groups": [{"key": "men"}, {"key": "men"}]},
        {"groups": ["women"]}, {"groups": [{"key": f"g{n}", "names": {"en": "G"}} for n in range(9)]}, {"more": 1},
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_whole(settings: Any, tmp_path: Any, change: dict[str, Any]) -> None:
    file = tmp_path / f"{uuid4()}.yaml"
    file.write_text(json.dumps({**GOOD, **change}), encoding="utf-8")
    settings.SERAI_TALLY_FILE = str(file)
    with pytest.raises(BadTallyFile):
        rules()


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1203, 1205)]
)
def test_a_number_leaves_the_house_hidden_or_rounded(count: int, shown: int | None) -> None:
    assert rules().published(count) == shown
