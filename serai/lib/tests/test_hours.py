"""Open, closed or unknown at one moment: each case is a sentence, its hours, its moment and what must come out."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from serai.lib.hours import Change, Closure, Cycle, Dates, Hours, HoursError, Rule, Span, Weekday
from serai.lib.hours_osm import read_osm
from serai.lib.hours_state import state_at

BERLIN, AMMAN, YORK, NEPAL = "Europe/Berlin", "Asia/Amman", "America/New_York", "Asia/Kathmandu"
OFFICE = "Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-12:00; PH off"
NIGHT = "Fr,Sa 22:00-02:00"
SHELTER = "Mo-Su 18:00-08:00"
# The one holiday that these places keep: Friday, 1 May 2026.
MAY_DAY = date(2026, 5, 1)


def may_day(day):
    return day == MAY_DAY


def at(zone, text):
    """The moment when the clock of `zone` shows this; "~" behind it is its second reading."""
    return datetime.fromisoformat(text.rstrip("~")).replace(tzinfo=ZoneInfo(zone), fold=int(text.endswith("~")))


def shown(moment):
    """A moment as the clock of the place shows it, "~" behind a second reading; "" for none."""
    return f"{moment:%Y-%m-%d %H:%M}{'~' * moment.fold}" if moment else ""


# sentence, zone, hours, moment, status, until and what comes then
CASES = [
    ("an office is open in the morning", BERLIN, OFFICE, "2026-11-20 09:00", "open", "2026-11-20 12:00", "closed"),
    ("opening time itself is open", BERLIN, OFFICE, "2026-11-20 08:00", "open", "2026-11-20 12:00", "closed"),
    ("closing time itself is closed", BERLIN, OFFICE, "2026-11-20 12:00", "closed", "2026-11-20 13:00", "open"),
    ("the last minute is open", BERLIN, OFFICE, "2026-11-20 11:59", "open", "2026-11-20 12:00", "closed"),
    ("lunch is closed until one", BERLIN, OFFICE, "2026-11-20 12:30", "closed", "2026-11-20 13:00", "open"),
    ("friday evening leads to saturday", BERLIN, OFFICE, "2026-11-20 18:00", "closed", "2026-11-21 09:00", "open"),
    ("saturday noon leads to monday", BERLIN, OFFICE, "2026-11-21 12:00", "closed", "2026-11-23 08:00", "open"),
    ("a known holiday is closed", BERLIN, OFFICE, "2026-05-01 09:00", "closed", "2026-05-02 09:00", "open"),
    ("the eve of a holiday leads past it", BERLIN, OFFICE, "2026-04-30 17:30", "closed", "2026-05-02 09:00", "open"),
    ("a holiday with hours of its own", BERLIN, "Mo-Fr 08:00-17:00; PH 10:00-12:00", "2026-05-01 11:00", "open",
     "2026-05-01 12:00", "closed"),
    ("its hours do not hold on other days", BERLIN, "PH 10:00-12:00", "2026-04-30 11:00", "closed",
     "2026-05-01 10:00", "open"),
    ("weekdays and holidays together", BERLIN, "Sa,PH 10:00-12:00", "2026-05-01 11:00", "open",
     "2026-05-01 12:00", "closed"),
    ("a night is open before midnight", BERLIN, NIGHT, "2026-11-20 23:00", "open", "2026-11-21 02:00", "closed"),
    ("a night is open after midnight", BERLIN, NIGHT, "2026-11-21 01:59", "open", "2026-11-21 02:00", "closed"),
    ("a night ends on the next day", BERLIN, NIGHT, "2026-11-21 02:00", "closed", "2026-11-21 22:00", "open"),
    ("the night before friday is closed", BERLIN, NIGHT, "2026-11-20 01:00", "closed", "2026-11-20 22:00", "open"),
    ("sunday night is over", BERLIN, NIGHT, "2026-11-22 02:00", "closed", "2026-11-27 22:00", "open"),
    ("a night before a closed holiday runs to its end", BERLIN, "Mo-Su 22:00-02:00; PH off", "2026-05-01 01:00",
     "open", "2026-05-01 02:00", "closed"),
    ("the night of a closed holiday does not begin", BERLIN, "Mo-Su 22:00-02:00; PH off", "2026-05-02 01:00",
     "closed", "2026-05-02 22:00", "open"),
    ("a shelter is open all evening", BERLIN, SHELTER, "2026-11-20 18:00", "open", "2026-11-21 08:00", "closed"),
    ("a shelter is open in the morning", BERLIN, SHELTER, "2026-11-20 07:59", "open", "2026-11-20 08:00", "closed"),
    ("a shelter is closed by day", BERLIN, SHELTER, "2026-11-20 08:00", "closed", "2026-11-20 18:00", "open"),
    ("a night of half a day", AMMAN, "Mo 20:00-08:00", "2026-11-24 07:00", "open", "2026-11-24 08:00", "closed"),
    ("the longest night in one piece", YORK, "Fr 17:31-08:30", "2026-11-21 08:29", "open", "2026-11-21 08:30",
     "closed"),
    ("a longer night in two pieces", YORK, "17:00-24:00,00:00-09:00", "2026-11-21 08:29", "open", "2026-11-21 09:00",
     "closed"),
    ("a long night in autumn is longer still", BERLIN, SHELTER, "2026-10-25 02:30~", "open", "2026-10-25 08:00",
     "closed"),
    ("closing at 00:00 is the end of the day", NEPAL, "Mo-Fr 08:00-00:00", "2026-11-20 23:59", "open",
     "2026-11-21 00:00", "closed"),
    ("midnight is no seam between two nights", BERLIN, "Fr 20:00-24:00; Sa 00:00-04:00", "2026-11-20 21:00", "open",
     "2026-11-21 04:00", "closed"),
    ("a night in spring is an hour shorter", BERLIN, "Sa 22:00-06:00", "2026-03-29 01:30", "open",
     "2026-03-29 06:00", "closed"),
    ("closing time that does not exist is when clocks jump", BERLIN, "Sa 22:00-02:30", "2026-03-29 01:30", "open",
     "2026-03-29 03:00", "closed"),
    ("opening time that does not exist is when clocks jump", BERLIN, "Su 02:30-08:00", "2026-03-29 01:30", "closed",
     "2026-03-29 03:00", "open"),
    ("what lies in the missing hour never takes place", BERLIN, "Su 02:10-02:50", "2026-03-29 01:30", "closed",
     "2026-04-05 02:10", "open"),
    ("a night in autumn is an hour longer", BERLIN, "Sa 22:00-06:00", "2026-10-25 02:30~", "open",
     "2026-10-25 06:00", "closed"),
    ("closing time that stands twice is the first", BERLIN, "Sa 22:00-02:30", "2026-10-25 02:15", "open",
     "2026-10-25 02:30", "closed"),
    ("after the first reading it is closed", BERLIN, "Sa 22:00-02:30", "2026-10-25 02:15~", "closed",
     "2026-10-31 22:00", "open"),
    ("opening time that stands twice is the first", BERLIN, "Su 02:30-08:00", "2026-10-25 02:10~", "open",
     "2026-10-25 08:00", "closed"),
    ("the day of the change is otherwise ordinary", BERLIN, "Su 10:00-12:00", "2026-10-25 09:00", "closed",
     "2026-10-25 10:00", "open"),
    ("new york springs on another day", YORK, "Sa 22:00-02:30", "2026-03-08 01:30", "open", "2026-03-08 03:00",
     "closed"),
    ("new york falls back", YORK, "Sa 22:00-06:00", "2026-11-01 01:30~", "open", "2026-11-01 06:00", "closed"),
    ("new york closes at the first half past one", YORK, "Sa 22:00-01:30", "2026-11-01 01:30", "closed",
     "2026-11-07 22:00", "open"),
    ("a midnight that did not exist opens at one", AMMAN, "Fr 00:00-06:00", "2022-02-24 23:30", "closed",
     "2022-02-25 01:00", "open"),
    ("amman no longer changes its clocks", AMMAN, "Sa 22:00-02:30", "2026-03-29 01:30", "open", "2026-03-29 02:30",
     "closed"),
    ("the week of amman begins on sunday", AMMAN, "Su-Th 08:00-15:00", "2026-11-19 15:00", "closed",
     "2026-11-22 08:00", "open"),
    ("three quarters of an hour count", NEPAL, "Su-Fr 10:00-17:00", "2026-11-20 10:00", "open", "2026-11-20 17:00",
     "closed"),
    ("saturday is the day of rest in nepal", NEPAL, "Su-Fr 10:00-17:00", "2026-11-21 12:00", "closed",
     "2026-11-22 10:00", "open"),
    ("the last thursday", AMMAN, "Th[-1] 14:00-16:00", "2026-11-26 15:00", "open", "2026-11-26 16:00", "closed"),
    ("a thursday that is not the last", AMMAN, "Th[-1] 14:00-16:00", "2026-11-19 15:00", "closed",
     "2026-11-26 14:00", "open"),
    ("the fourth of five thursdays is not the last", AMMAN, "Th[-1] 14:00-16:00", "2026-12-24 15:00", "closed",
     "2026-12-31 14:00", "open"),
    ("the first and third monday", BERLIN, "Mo[1,3] 09:00-10:00", "2026-11-16 09:30", "open", "2026-11-16 10:00",
     "closed"),
    ("the second monday is neither", BERLIN, "Mo[1,3] 09:00-10:00", "2026-11-09 09:30", "closed",
     "2026-11-16 09:00", "open"),
    ("a fifth friday, where there is one", BERLIN, "Fr[5] 09:00-10:00", "2026-10-30 09:30", "open",
     "2026-10-30 10:00", "closed"),
    ("always open has no end", NEPAL, "24/7", "2026-11-20 03:00", "open", "", ""),
    ("always open but one day", BERLIN, "24/7; Dec 25 off", "2026-12-24 10:00", "open", "2026-12-25 00:00", "closed"),
    ("that day ends at midnight", BERLIN, "24/7; Dec 25 off", "2026-12-25 10:00", "closed", "2026-12-26 00:00",
     "open"),
    ("hours cut out of a day", BERLIN, "24/7; Mo 12:00-13:00 off", "2026-11-23 12:30", "closed", "2026-11-23 13:00",
     "open"),
    ("hours cut out over midnight", BERLIN, "24/7; Fr 22:00-02:00 off", "2026-11-21 01:00", "closed",
     "2026-11-21 02:00", "open"),
    ("never open", YORK, "off", "2026-11-20 10:00", "closed", "", ""),
    ("only a comment is unknown", YORK, '"by appointment"', "2026-11-20 10:00", "unknown", "", ""),
    ("what fills leaves open hours alone", YORK, 'Mo-Fr 08:00-12:00 || "call us"', "2026-11-20 10:00", "open",
     "2026-11-20 12:00", "unknown"),
    ("and holds where it is closed", YORK, 'Mo-Fr 08:00-12:00 || "call us"', "2026-11-20 13:00", "unknown",
     "2026-11-23 08:00", "open"),
    ("a night that is open goes on into an unknown day", YORK, "Fr 22:00-02:00; Sa unknown", "2026-11-21 01:00",
     "open", "2026-11-21 02:00", "unknown"),
    ("a later rule replaces the day", BERLIN, "Mo-Fr 08:00-17:00; We 08:00-12:00", "2026-11-18 14:00", "closed",
     "2026-11-19 08:00", "open"),
    ("an added rule stands beside", BERLIN, "Mo-Fr 08:00-12:00, We 14:00-16:00", "2026-11-18 09:00", "open",
     "2026-11-18 12:00", "closed"),
    ("and its own hours hold", BERLIN, "Mo-Fr 08:00-12:00, We 14:00-16:00", "2026-11-18 15:00", "open",
     "2026-11-18 16:00", "closed"),
    ("dates of each year", AMMAN, "Mar 1-Mar 29 10:00-14:00", "2027-03-29 13:00", "open", "2027-03-29 14:00",
     "closed"),
    ("outside the dates it is closed", AMMAN, "Mar 1-Mar 29 10:00-14:00", "2027-03-30 13:00", "closed", "", ""),
    ("dates over the new year", BERLIN, "Nov-Feb 10:00-14:00", "2027-01-15 11:00", "open", "2027-01-15 14:00",
     "closed"),
    ("dates of one year only", BERLIN, "2026 Dec 24-2027 Jan 2 10:00-14:00", "2027-12-26 11:00", "closed", "", ""),
    ("an opening in exactly fourteen days is seen", BERLIN, "2026 Dec 4 10:00-14:00", "2026-11-20 10:00", "closed",
     "2026-12-04 10:00", "open"),
    ("an opening a minute later is not", BERLIN, "2026 Dec 4 10:01-14:00", "2026-11-20 10:00", "closed", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "zone", "text", "moment", "status", "until", "then"), CASES, ids=[row[0] for row in CASES]
)
def test_the_table(sentence, zone, text, moment, status, until, then):
    state = state_at(Hours(zone, read_osm(text)), at(zone, moment), may_day)
    assert (state.status, shown(state.until), state.then or "") == (status, until, then), sentence
    # What comes next is said again as a time to come or to leave, wherever it is certain.
    assert shown(state.closes_at) == (until if (status, then) == ("open", "closed") else "")
    assert shown(state.opens_at) == (until if then == "open" else "")


def test_the_moment_may_come_from_any_zone_and_the_answer_is_on_the_clock_of_the_place():
    state = state_at(Hours(NEPAL, read_osm("Fr 10:00-17:00")), datetime(2026, 11, 20, 4, 15, tzinfo=UTC))
    assert state.status == "open"
    assert state.closes_at.isoformat() == "2026-11-20T17:00:00+05:45"


def test_a_night_over_the_change_of_clocks_lasts_as_long_as_it_really_does():
    hours = Hours(BERLIN, read_osm("Sa 22:00-06:00"))
    for begins, lasts in (("2026-03-28 22:00", 7), ("2026-10-24 22:00", 9), ("2026-11-21 22:00", 8)):
        start = at(BERLIN, begins)
        assert (
            state_at(hours, start).closes_at.astimezone(UTC) - start.astimezone(UTC)
        ).total_seconds() == lasts * 3600


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="needs a zone"):
        state_at(Hours(BERLIN), datetime(2026, 11, 20, 9))  # noqa: DTZ001


# sentence, moment, holidays known, status, why
HOLIDAYS = [
    ("hours that hang on a holiday are unknown", "2026-11-20 09:00", None, "unknown", "holiday"),
    ("what is closed either way is closed", "2026-11-20 03:00", None, "closed", ""),
    ("a day that the holidays know", "2026-11-20 09:00", lambda day: False, "open", ""),
    ("a day beyond what they know", "2026-11-20 09:00", lambda day: None, "unknown", "holiday"),
    ("a holiday", "2026-11-20 09:00", lambda day: True, "closed", ""),
]


@pytest.mark.parametrize(("sentence", "moment", "known", "status", "why"), HOLIDAYS, ids=[row[0] for row in HOLIDAYS])
def test_holidays_are_never_guessed(sentence, moment, known, status, why):
    state = state_at(Hours(BERLIN, read_osm(OFFICE)), at(BERLIN, moment), known)
    assert (state.status, state.why) == (status, why)


def test_hours_that_name_no_holiday_need_none_known():
    assert state_at(Hours(BERLIN, read_osm("Mo-Fr 08:00-17:00")), at(BERLIN, "2026-05-01 09:00")).status == "open"


def test_after_closed_the_next_opening_is_not_promised_over_something_unknown():
    state = state_at(Hours(BERLIN, read_osm(OFFICE)), at(BERLIN, "2026-11-20 03:00"))
    assert (shown(state.until), state.then, state.opens_at) == ("2026-11-20 08:00", "unknown", None)


def test_an_opening_behind_something_unknown_is_not_called_the_next():
    hours = Hours(YORK, read_osm("Mo 08:00-12:00 unknown; Tu 08:00-12:00"))
    state = state_at(hours, at(YORK, "2026-11-22 10:00"))
    assert (state.status, state.then, state.opens_at) == ("closed", "unknown", None)


def test_the_comment_comes_with_the_state():
    assert state_at(Hours(YORK, read_osm('"by appointment"')), at(YORK, "2026-11-20 10:00")).note == "by appointment"
    rung = Hours(YORK, read_osm('Fr 10:00-12:00 open "ring the bell"'))
    assert state_at(rung, at(YORK, "2026-11-20 10:00")).note == "ring the bell"
    assert state_at(rung, at(YORK, "2026-11-20 13:00")).note == ""


RAMADAN = Change(date(2026, 2, 18), date(2026, 3, 19), read_osm("Su-Th 10:00-14:00"), "Ramadan")
# sentence, moment, status, until, why and note
CHANGES = [
    ("the day before ramadan is ordinary", "2026-02-17 14:30", "open", "2026-02-17 15:00", ""),
    ("on its first day it is not yet open at nine", "2026-02-18 09:00", "closed", "2026-02-18 10:00", "change"),
    ("ramadan hours are open", "2026-02-18 13:00", "open", "2026-02-18 14:00", "change"),
    ("ramadan hours end early", "2026-02-18 14:30", "closed", "2026-02-19 10:00", "change"),
    ("its last day still counts", "2026-03-19 14:30", "closed", "2026-03-22 08:00", "change"),
    ("afterwards the old hours are back", "2026-03-22 14:30", "open", "2026-03-22 15:00", ""),
]


@pytest.mark.parametrize(("sentence", "moment", "status", "until", "why"), CHANGES, ids=[row[0] for row in CHANGES])
def test_other_hours_for_a_while_win(sentence, moment, status, until, why):
    hours = Hours(AMMAN, read_osm("Su-Th 08:00-15:00"), changes=(RAMADAN,))
    state = state_at(hours, at(AMMAN, moment))
    assert (state.status, shown(state.until), state.why) == (status, until, why)
    assert state.note == ("Ramadan" if why else "")


def test_a_closed_day_wins_over_always_open_and_the_later_change_over_the_earlier():
    day = date(2026, 11, 20)
    shut, short = Change(day, day, (), "staff training"), Change(day, day, read_osm("10:00-11:00"), "short day")
    state = state_at(Hours(BERLIN, read_osm("24/7"), changes=(shut,)), at(BERLIN, "2026-11-20 10:30"))
    assert (state.status, shown(state.opens_at), state.note) == ("closed", "2026-11-21 00:00", "staff training")
    assert state_at(Hours(BERLIN, (), changes=(shut, short)), at(BERLIN, "2026-11-20 10:30")).note == "short day"
    assert state_at(Hours(BERLIN, (), changes=(short, shut)), at(BERLIN, "2026-11-20 10:30")).note == "staff training"


def test_a_change_that_begins_inside_a_night_leaves_that_night_to_its_end():
    closed = Change(date(2026, 11, 21), date(2026, 11, 21), (), "holiday of the house")
    hours = Hours(BERLIN, read_osm(NIGHT), changes=(closed,))
    assert shown(state_at(hours, at(BERLIN, "2026-11-21 00:30")).closes_at) == "2026-11-21 02:00"
    assert state_at(hours, at(BERLIN, "2026-11-21 23:00")).status == "closed"
    assert state_at(hours, at(BERLIN, "2026-11-22 01:00")).status == "closed"


# sentence, moment, status, until
TONIGHT = [
    ("before it the night is open until the closure", "2026-11-20 22:30", "open", "2026-11-20 23:00"),
    ("closed at once, in the middle of the night", "2026-11-20 23:00", "closed", "2026-11-21 22:00"),
    ("still closed after midnight", "2026-11-21 01:00", "closed", "2026-11-21 22:00"),
]


@pytest.mark.parametrize(("sentence", "moment", "status", "until"), TONIGHT, ids=[row[0] for row in TONIGHT])
def test_closed_tonight_cuts_at_once(sentence, moment, status, until):
    closure = Closure(at(BERLIN, "2026-11-20 23:00"), at(BERLIN, "2026-11-21 08:00"), "water damage")
    state = state_at(Hours(BERLIN, read_osm(NIGHT), closures=(closure,)), at(BERLIN, moment))
    assert (state.status, shown(state.until)) == (status, until)
    assert (state.why, state.note) == (("closure", "water damage") if status == "closed" else ("", ""))


def test_a_closure_that_ends_inside_hours_lets_them_go_on():
    closure = Closure(at(BERLIN, "2026-11-20 07:00"), at(BERLIN, "2026-11-20 10:00"))
    state = state_at(Hours(BERLIN, read_osm("24/7"), closures=(closure,)), at(BERLIN, "2026-11-20 08:00"))
    assert shown(state.opens_at) == "2026-11-20 10:00"


def test_hours_whose_time_has_passed_are_unknown_and_not_closed():
    rule = Rule(spans=(Span(480, 1020),), valid_from=date(2026, 1, 1), valid_to=date(2026, 11, 20))
    hours = Hours(BERLIN, (rule,))
    assert state_at(hours, at(BERLIN, "2026-11-20 09:00")).status == "open"
    for moment in ("2026-11-21 09:00", "2025-12-31 09:00"):
        assert (state_at(hours, at(BERLIN, moment)).status, state_at(hours, at(BERLIN, moment)).why) == (
            "unknown",
            "out-of-force",
        )
    # Closed on the evening of the last day, and nothing to promise after it.
    assert state_at(hours, at(BERLIN, "2026-11-20 18:00")).opens_at is None
    assert state_at(Hours(BERLIN), at(BERLIN, "2026-11-20 09:00")).why == "out-of-force"


# sentence, cycle and weekday, day, whether it counts; 2 November 2026 is a Monday
CYCLES = [
    ("the first week", Cycle(2, date(2026, 11, 2)), "2026-11-04", True),
    ("the week between", Cycle(2, date(2026, 11, 2)), "2026-11-11", False),
    ("the week after that", Cycle(2, date(2026, 11, 2)), "2026-11-18", True),
    ("weeks count from monday, not from the first day", Cycle(2, date(2026, 11, 5)), "2026-11-18", True),
    ("unless they begin on thursday", Cycle(2, date(2026, 11, 5), week_starts=3), "2026-11-18", False),
    ("nothing before the first day", Cycle(2, date(2026, 11, 5)), "2026-11-04", False),
    ("over the new year", Cycle(2, date(2026, 12, 21)), "2027-01-06", True),
    ("every second month", Cycle(2, date(2026, 11, 1), "months"), "2027-01-06", True),
    ("the month between", Cycle(2, date(2026, 11, 1), "months"), "2026-12-02", False),
]


@pytest.mark.parametrize(("sentence", "cycle", "day", "counts"), CYCLES, ids=[row[0] for row in CYCLES])
def test_every_second_week_or_month(sentence, cycle, day, counts):
    hours = Hours(BERLIN, (Rule(spans=(Span(600, 720),), weekdays=(Weekday(2),), cycle=cycle),))
    assert state_at(hours, at(BERLIN, f"{day} 11:00")).status == ("open" if counts else "closed")


def test_days_of_the_month_count_from_both_ends_and_an_end_ends_it():
    rule = Rule(spans=(Span(600, 720),), monthdays=(15, -1), until=date(2026, 12, 15))
    statuses = [
        state_at(Hours(BERLIN, (rule,)), at(BERLIN, f"{day} 11:00")).status
        for day in ("2026-11-15", "2026-11-30", "2026-11-29", "2026-12-15", "2026-12-31")
    ]
    assert statuses == ["open", "open", "closed", "open", "closed"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Span(480, 480), "times-equal"),
        (lambda: Span(480, 1920), "times-equal"),
        (lambda: Span(480, 420), "span-backward"),
        (lambda: Span(480, 1860), "night-long"),
        (lambda: Span(1020, 1920), "night-long"),
        (lambda: Span(1440, 1500), "time-range"),
        (lambda: Span(0, 2880), "time-range"),
        (lambda: Span(1020, 2400), "night-long"),
        (lambda: Span(1020, 2460), "times-equal"),
        (lambda: Weekday(7), "nth-range"),
        (lambda: Weekday(1, 6), "nth-range"),
        (lambda: Dates(2, 30, 3, 1), "date-missing"),
        (lambda: Dates(2, 29, 2, 29, 2027, 2027), "date-missing"),
        (lambda: Dates(3, 1, 4, 1, 2026), "date-missing"),
        (lambda: Dates(3, 1, 2, 1, 2026, 2026), "dates-backward"),
        (lambda: Cycle(0, MAY_DAY), "cycle-range"),
        (lambda: Rule(spans=()), "times-missing"),
        (lambda: Rule(monthdays=(32,)), "monthday-range"),
        (lambda: Rule(valid_from=MAY_DAY, valid_to=date(2026, 4, 30)), "valid-backward"),
        (lambda: Change(MAY_DAY, date(2026, 4, 30)), "dates-backward"),
        (lambda: Closure(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)), "dates-backward"),
        (lambda: Hours("Europe/Atlantis"), "zone"),
        (lambda: Hours("../etc"), "zone"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, code):
    with pytest.raises(HoursError) as refusal:
        make()
    assert refusal.value.code == code


def test_a_closure_needs_moments_with_a_zone():
    with pytest.raises(ValueError, match="zone"):
        Closure(datetime(2026, 5, 1), datetime(2026, 5, 2))  # noqa: DTZ001
