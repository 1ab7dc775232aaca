"""Rows of the standard's table `schedule`: understood, or unknown and reported; and written back."""

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.hours import Change, Closure, Cycle, Hours, HoursError, Rule, Span, Weekday
from serai.lib.hours_hsds import read_hsds, write_hsds
from serai.lib.hours_osm import read_osm
from serai.lib.hours_state import state_at

BERLIN, NEPAL, YORK = "Europe/Berlin", "Asia/Kathmandu", "America/New_York"
TODAY = date(2026, 11, 20)
MONDAYS = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00+01:00", "closes_at": "12:00+01:00"}
MONTHLY = MONDAYS | {"freq": "MONTHLY", "byday": ""}
START = date(2026, 11, 2)


def _mondays(**more):
    return Rule(**{"spans": (Span(540, 720),), "weekdays": (Weekday(0),), "join": "adds"} | more)


# sentence, zone, row, rule
READ = [
    ("every monday", BERLIN, MONDAYS, _mondays()),
    ("seconds and an offset without colon", BERLIN, MONDAYS | {"opens_at": "09:00:00+0100"}, _mondays()),
    ("the offset of summer means the same clock", BERLIN,
     MONDAYS | {"opens_at": "09:00+02:00", "closes_at": "12:00+02:00"}, _mondays()),
    ("an offset may stand in the timezone", BERLIN,
     MONDAYS | {"opens_at": "09:00", "closes_at": "12:00", "timezone": 1}, _mondays()),
    ("utc is exact where clocks never change", NEPAL,
     MONDAYS | {"opens_at": "03:15Z", "closes_at": "06:15Z"}, _mondays()),
    ("a timezone of three quarters", NEPAL,
     MONDAYS | {"opens_at": "09:00", "closes_at": "12:00", "timezone": "5.75"}, _mondays()),
    ("the first and the last monday", BERLIN, MONDAYS | {"freq": "MONTHLY", "byday": "1MO,-1MO"},
     _mondays(weekdays=(Weekday(0, -1), Weekday(0, 1)))),
    ("all seven days are every day", BERLIN, MONDAYS | {"byday": "MO,TU,WE,TH,FR,SA,SU"}, _mondays(weekdays=())),
    ("days of the month", BERLIN, MONTHLY | {"bymonthday": "2,-1"}, _mondays(weekdays=(), monthdays=(-1, 2))),
    ("the day that it began on", BERLIN, MONTHLY | {"dtstart": "2026-11-02"},
     _mondays(weekdays=(), monthdays=(2,), cycle=Cycle(1, START, "months"))),
    ("the weekday that it began on", BERLIN, MONDAYS | {"byday": "", "dtstart": "2026-11-02"},
     _mondays(cycle=Cycle(1, START))),
    ("every second week", BERLIN, MONDAYS | {"interval": 2, "dtstart": "2026-11-02", "wkst": "SUN"},
     _mondays(cycle=Cycle(2, START, week_starts=6))),
    ("three times", BERLIN, MONDAYS | {"interval": 2, "dtstart": "2026-11-02", "count": "3"},
     _mondays(cycle=Cycle(2, START), until=date(2026, 11, 30))),
    ("until a day", BERLIN, MONDAYS | {"until": "2026-12-31"}, _mondays(until=date(2026, 12, 31))),
    ("valid for a while", BERLIN, MONDAYS | {"valid_from": "2026-01-01", "valid_to": "2026-12-31"},
     _mondays(valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31))),
    ("what is said in words", BERLIN, MONDAYS | {"description": "Ask for Amal."}, _mondays(comment="Ask for Amal.")),
    ("a night", BERLIN, MONDAYS | {"opens_at": "22:00+01:00", "closes_at": "02:00+01:00"},
     _mondays(spans=(Span(1320, 1560),))),
    ("a night of fourteen hours", BERLIN, MONDAYS | {"opens_at": "18:00+01:00", "closes_at": "08:00+01:00"},
     _mondays(spans=(Span(1080, 1920),))),
    ("midnight is the end of the day", BERLIN, MONDAYS | {"closes_at": "00:00+01:00"},
     _mondays(spans=(Span(540, 1440),))),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "zone", "row", "rule"), READ, ids=[row[0] for row in READ])
def test_a_row_is_understood(sentence, zone, row, rule):
    read = read_hsds([row | {"id": "1", "service_id": "2"}], zone, TODAY)
    assert read.rules == (rule,)
    assert read.lost == ()


# sentence, zone, what stands in the row, code, field
UNCLEAR = [
    ("weeks of the year", BERLIN, {"byweekno": "41"}, "not-supported", "byweekno"),
    ("days of the year", BERLIN, {"byyearday": "-1"}, "not-supported", "byyearday"),
    ("no frequency", BERLIN, {"freq": None}, "freq", "freq"),
    ("another frequency", BERLIN, {"freq": "DAILY"}, "freq", "freq"),
    ("the second monday of a week", BERLIN, {"byday": "2MO"}, "byday", "byday"),
    ("no day of any language", BERLIN, {"byday": "MO,LU"}, "byday", "byday"),
    ("a day of the month in a week", BERLIN, {"bymonthday": "2"}, "bymonthday", "bymonthday"),
    ("day forty of a month", BERLIN, {"freq": "MONTHLY", "bymonthday": "40"}, "bymonthday", "bymonthday"),
    ("no day at all", BERLIN, {"byday": ""}, "dtstart-missing", "byday"),
    ("every second week from nowhere", BERLIN, {"interval": 2}, "dtstart-missing", "interval"),
    ("every minus second week", BERLIN, {"interval": -2}, "number", "interval"),
    ("both ends", BERLIN, {"count": 3, "until": "2026-12-31"}, "count-and-until", "count"),
    ("three times from nowhere", BERLIN, {"count": 3}, "count-start", "count"),
    ("a count beyond twenty years", BERLIN, {"count": 9999, "dtstart": "2026-11-02"}, "number", "count"),
    ("a day in another order", BERLIN, {"valid_from": "31.12.2026"}, "day", "valid_from"),
    ("a start in another order", BERLIN, {"dtstart": "20261102"}, "day", "dtstart"),
    ("a week that begins on no day", BERLIN, {"wkst": "XX"}, "day", "wkst"),
    ("valid to before from", BERLIN, {"valid_from": "2026-12-31", "valid_to": "2026-01-01"}, "valid-backward",
     "valid_to"),
    ("no opening time", BERLIN, {"opens_at": ""}, "time", "opens_at"),
    ("no closing time", BERLIN, {"closes_at": None}, "time", "closes_at"),
    ("twenty-five o'clock", BERLIN, {"opens_at": "25:00+01:00"}, "time", "opens_at"),
    ("a time in words", BERLIN, {"opens_at": "9 am"}, "time", "opens_at"),
    ("closing when it opens", BERLIN, {"closes_at": "09:00+01:00"}, "times-equal", "closes_at"),
    ("closing an hour before it opens", BERLIN, {"closes_at": "08:00+01:00"}, "night-long", "closes_at"),
    ("the hours of a day that changed places", BERLIN, {"opens_at": "17:00+01:00", "closes_at": "09:00+01:00"},
     "night-long", "closes_at"),
    ("an offset of somewhere else", BERLIN, {"opens_at": "09:00-05:00"}, "offset-foreign", "opens_at"),
    ("utc where clocks change", BERLIN, {"opens_at": "09:00Z"}, "offset-foreign", "opens_at"),
    ("an offset that moves the day", NEPAL, {"opens_at": "21:00Z", "closes_at": "23:00Z"}, "offset-moves-day",
     "opens_at"),
    ("a timezone by name", BERLIN, {"timezone": "CET"}, "number", "timezone"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "zone", "part", "code", "field"), UNCLEAR, ids=[row[0] for row in UNCLEAR])
def test_a_row_that_cannot_be_understood_is_unknown_and_reported(sentence, zone, part, code, field):
    read = read_hsds([MONDAYS | part | {"description": "See the door."}], zone, TODAY)
    assert read.rules == (Rule("unknown", comment="See the door.", join="fills"),)
    assert [(lost.code, lost.field, lost.row) for lost in read.lost] == [(code, field, 0)]


def test_a_row_that_is_unknown_leaves_the_others_their_hours():
    rows = [MONDAYS, MONDAYS | {"byday": "TU", "byweekno": "41"}]
    hours = Hours(BERLIN, read_hsds(rows, BERLIN, TODAY).rules)
    for hour, status in ((10, "open"), (13, "unknown")):
        assert state_at(hours, datetime(2026, 11, 23, hour, tzinfo=ZoneInfo(BERLIN))).status == status


def test_what_stands_beside_the_times_is_reported_and_harms_nothing():
    row = {"notes": "Lunch at any time", "schedule_link": "https://example.org", "attributes": [], "metadata": None}
    read = read_hsds([MONDAYS, MONDAYS | row | {"attending_type": "by phone"}], BERLIN, TODAY)
    assert read.rules == (_mondays(), _mondays())
    assert {(lost.code, lost.field, lost.row) for lost in read.lost} == {
        ("not-kept", field, 1) for field in ("notes", "schedule_link", "attending_type")
    }


@pytest.mark.parametrize(
    ("part", "code"),
    [({"opens_at": "09:00", "closes_at": "12:00"}, "offset-missing"), ({"timezone": 5}, "timezone-differs")],
)
def test_a_doubt_about_the_clock_is_reported_though_the_times_are_kept(part, code):
    read = read_hsds([MONDAYS | part], BERLIN, TODAY)
    assert read.rules == (_mondays(),)
    assert [(lost.code, lost.row) for lost in read.lost] == [(code, 0)]


@pytest.mark.shared_data
def test_the_example_of_the_standard_is_unknown_for_the_weeks_it_names(shared_data: Path):
    path = shared_data / "hsds_examples" / "examples" / "service_at_location_full.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["schedules"]
    read = read_hsds(rows, "Europe/Istanbul", TODAY)
    assert [rule.status for rule in read.rules] == ["unknown"]
    assert {lost.field for lost in read.lost} == {"byweekno", "schedule_link", "attending_type", "notes"}


def test_an_unknown_zone_is_refused():
    with pytest.raises(HoursError) as refusal:
        read_hsds([], "Europe/Atlantis", TODAY)
    assert refusal.value.code == "zone"


def test_rows_say_the_offset_of_the_day_they_are_written_on():
    hours = Hours(YORK, read_osm("Mo-Fr 09:00-12:00,13:00-24:00"))
    winter, summer = write_hsds(hours, TODAY), write_hsds(hours, date(2026, 7, 1))
    assert [(row["opens_at"], row["closes_at"], row["timezone"]) for row in winter.rows] == [
        ("09:00-05:00", "12:00-05:00", -5),
        ("13:00-05:00", "24:00-05:00", -5),
    ]
    assert summer.rows[0]["opens_at"] == "09:00-04:00"
    assert write_hsds(Hours(NEPAL, read_osm("Mo 09:00-12:00")), TODAY).rows == (
        {
            "freq": "WEEKLY",
            "byday": "MO",
            "opens_at": "09:00+05:45",
            "closes_at": "12:00+05:45",
            "timezone": 5.75,
        },
    )


# sentence, what was typed, weekdays and opening of each row, what was lost
WRITTEN = [
    ("plain weekdays", "Mo,We 09:00-12:00", [("MO,WE", "09")], []),
    ("a day replaced", "Mo-We 09:00-12:00; Tu 14:00-16:00", [("MO,WE", "09"), ("TU", "14")], []),
    ("a day closed", "Mo-We 09:00-12:00; Tu off", [("MO,WE", "09")], []),
    ("every day closed", "Mo-We 09:00-12:00; Mo-We off", [], []),
    ("a day with more hours", "Mo 09:00-12:00, Mo 14:00-16:00", [("MO", "09"), ("MO", "14")], []),
    ("the last thursday", "Mo 09:00-12:00; Th[-1] 14:00-16:00", [("MO", "09"), ("-1TH", "14")], []),
    ("a last monday that replaces", "Mo 09:00-12:00; Mo[-1] 14:00-16:00", [("MO", "09")], ["replaces"]),
    ("holidays", "Mo 09:00-12:00; PH off", [("MO", "09")], ["holidays"]),
    ("mondays and holidays", "Mo,PH 09:00-12:00", [("MO", "09")], ["holidays"]),
    ("dates", "Mo 09:00-12:00; Dec 25 off", [("MO", "09")], ["dates"]),
    ("hours cut out", "Mo 09:00-18:00; Mo 12:00-13:00 off", [("MO", "09")], ["status"]),
    ("only a comment", '"by appointment"', [], ["status"]),
    ("round the clock", "24/7", [("MO,TU,WE,TH,FR,SA,SU", "00")], []),
]


@pytest.mark.parametrize(("sentence", "text", "rows", "lost"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_rows_say_what_they_can_and_the_rest_is_reported(sentence, text, rows, lost):
    written = write_hsds(Hours(BERLIN, read_osm(text)), TODAY)
    assert [(row["byday"], row["opens_at"][:2]) for row in written.rows] == rows
    assert [loss.code for loss in written.lost] == lost


def test_changes_and_closures_are_reported():
    moment = datetime(2026, 11, 20, tzinfo=ZoneInfo(BERLIN))
    change = Change(TODAY, TODAY, (), "training")
    closure = Closure(moment, moment.replace(hour=5), "water")
    lost = write_hsds(Hours(BERLIN, (), (change,), (closure,)), TODAY).lost
    assert [(loss.code, loss.found) for loss in lost] == [("change", "training"), ("closure", "water")]


_START = st.dates(date(2020, 1, 1), date(2030, 1, 1))
_NTH = st.builds(Weekday, st.integers(0, 6), st.sampled_from([1, 2, -1]))
_ENDS = {"until": st.none() | _START, "comment": st.sampled_from(["", "Ask for Amal."]), "join": st.just("adds")}
_SPANS = st.builds(lambda opens, length: (Span(opens, opens + length),), st.integers(0, 1439), st.integers(1, 719))
_WEEKLY = st.builds(
    Rule,
    spans=_SPANS,
    weekdays=st.sets(st.builds(Weekday, st.integers(0, 6)), max_size=6).map(lambda days: tuple(sorted(days))),
    cycle=st.none() | st.builds(Cycle, st.integers(1, 9), _START, week_starts=st.integers(0, 6)),
    valid_from=st.none() | _START,
    **_ENDS,
)
_BY_MONTH = st.builds(
    Rule,
    spans=_SPANS,
    weekdays=st.sets(_NTH, min_size=1).map(lambda days: tuple(sorted(days))),
    monthdays=st.sets(st.integers(1, 31), max_size=3).map(lambda days: tuple(sorted(days))),
    cycle=st.none() | st.builds(Cycle, st.integers(1, 9), _START, st.just("months")),
    valid_to=st.none() | _START,
    **_ENDS,
)


@given(st.lists(_WEEKLY | _BY_MONTH, max_size=4), st.sampled_from([BERLIN, NEPAL, YORK]))
def test_rules_that_rows_can_say_come_back_the_same(rules, zone):
    written = write_hsds(Hours(zone, tuple(rules)), TODAY)
    assert written.lost == ()
    read = read_hsds(written.rows, zone, TODAY)
    assert read.rules == tuple(rules)
    assert read.lost == ()
