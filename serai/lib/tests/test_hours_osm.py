"""What people type as opening hours: read, written back the same, and refused with the place and the cure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.hours import WHOLE_DAY, Cycle, Dates, HoursError, Rule, Span, Weekday
from serai.lib.hours_osm import LONGEST, read_osm, write_osm

WEEK = tuple(Weekday(day) for day in range(5))

READ = [
    ("", ()),
    ("24/7", (Rule(),)),
    ("off", (Rule("closed"),)),
    ("closed", (Rule("closed"),)),
    ("unknown", (Rule("unknown"),)),
    ('"by appointment"', (Rule("unknown", comment="by appointment"),)),
    ("Mo-Fr 08:00-12:00", (Rule(spans=(Span(480, 720),), weekdays=WEEK),)),
    ("Mo-Fr 8:00 - 12:00 ;", (Rule(spans=(Span(480, 720),), weekdays=WEEK),)),
    ("13:00-17:00,08:00-12:00", (Rule(spans=(Span(480, 720), Span(780, 1020))),)),
    ("Mo-Su 08:00-12:00", (Rule(spans=(Span(480, 720),)),)),
    ("Sa-Mo off", (Rule("closed", weekdays=(Weekday(0), Weekday(5), Weekday(6))),)),
    ("Th[-1] 22:00-02:00", (Rule(spans=(Span(1320, 1560),), weekdays=(Weekday(3, -1),)),)),
    ("Mo[1-2,4] off", (Rule("closed", weekdays=(Weekday(0, 1), Weekday(0, 2), Weekday(0, 4))),)),
    ("PH off", (Rule("closed", holidays=True),)),
    ("PH,Sa 10:00-24:00", (Rule(spans=(Span(600, 1440),), weekdays=(Weekday(5),), holidays=True),)),
    ("Dec 25 off", (Rule("closed", dates=(Dates(12, 25, 12, 25),)),)),
    ("Dec 24-26,Jan 1 off", (Rule("closed", dates=(Dates(12, 24, 12, 26), Dates(1, 1, 1, 1))),)),
    ("Feb off", (Rule("closed", dates=(Dates(2, 1, 2, 29),)),)),
    ("2027 Feb off", (Rule("closed", dates=(Dates(2, 1, 2, 28, 2027, 2027),)),)),
    ("2026 Mar 1-2027 Mar 29 off", (Rule("closed", dates=(Dates(3, 1, 3, 29, 2026, 2027),)),)),
    ("Mar-Oct: Mo off", (Rule("closed", weekdays=(Weekday(0),), dates=(Dates(3, 1, 10, 31),)),)),
    ('Mo 12:00-13:00 off "lunch"', (Rule("closed", (Span(720, 780),), (Weekday(0),), comment="lunch"),)),
    ("Mo off, Mo-Su 13:00-14:00", (Rule("closed", weekdays=(Weekday(0),)), Rule(spans=(Span(780, 840),), join="adds"))),
    ("00:00-12:00, Mo-Su 13:00-14:00", (Rule(spans=(Span(0, 720),)), Rule(spans=(Span(780, 840),), join="adds"))),
    ("Mo-Su,PH off", (Rule("closed", weekdays=tuple(Weekday(day) for day in range(7)), holidays=True),)),
    ("24/7; 12:00-13:00 off", (Rule(), Rule("closed", (Span(720, 780),)))),
    ("Sa,PH off; Mo off", (Rule("closed", weekdays=(Weekday(5),), holidays=True),
                           Rule("closed", weekdays=(Weekday(0),)))),
    ("24/7, Mo off || unknown", (Rule(), Rule("closed", weekdays=(Weekday(0),), join="adds"),
                                Rule("unknown", join="fills"))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rules"), READ, ids=[row[0] or "nothing" for row in READ])
def test_what_is_typed_is_read(text, rules):
    assert read_osm(text) == rules
    assert read_osm(write_osm(rules)) == rules


# text, code, position, piece, cure
REFUSED = [
    ("Mo 25:00-26:00", "time-range", 3, "25:00", "01:00"),
    ("Mo 08:61-12:00", "time-range", 3, "08:61", ""),
    ("Mo 24:00-02:00", "time-range", 3, "24:00", "00:00"),
    ("Mo 20:00-26:00", "time-range", 9, "26:00", "02:00"),
    ("Mo 08:00-08:00", "times-equal", 3, "08:00-08:00", "00:00-24:00"),
    ("Mo 17:00-08:00", "night-long", 3, "17:00-08:00", ""),
    ("Mo 17:00-09:00", "night-long", 3, "17:00-09:00", ""),
    ("Mo 16:00-08:00", "night-long", 3, "16:00-08:00", ""),
    ("Mo 09:00-08:59", "night-long", 3, "09:00-08:59", ""),
    ("Mo 08:00-12:00,11:00-13:00", "spans-overlap", 15, "11:00-13:00", ""),
    ("Mo 8-12", "time", 3, "8", "08:00"),
    ("Mo 8h30-12h", "time", 3, "8h30", "08:30"),
    ("Mo 5 pm", "time", 3, "5 pm", "17:00"),
    ("Mo 12 pm", "time", 3, "12 pm", "12:00"),
    ("Mo 12 am", "time", 3, "12 am", "00:00"),
    ("Mo 1730-1900", "time", 3, "1730", "17:30"),
    ("Mo 8.30-12:00", "time", 3, "8.30", "08:30"),
    ("Mo 9999", "time", 3, "9999", ""),
    ("Mo ٠٨:٠٠-12:00", "digits", 3, "٠٨:٠٠", "08:00"),
    ("Mo–Fr 08:00-12:00", "dash", 2, "–", "-"),
    ("Mo 08:00–12:00", "dash", 8, "–", "-"),
    ("Mo-Fr", "times-missing", 3, "Fr", "Fr 00:00-24:00"),
    ("Mo-Fr open", "times-missing", 6, "open", "open 00:00-24:00"),
    ("Mo 08:00", "span-end", 3, "08:00", ""),
    ("Mo 08:00-", "span-end", 3, "08:00", ""),
    ("Mo 08:00+", "span-end", 3, "08:00", ""),
    ("Mo 08:00-sunset", "not-supported", 9, "sunset", ""),
    ("SH off", "not-supported", 0, "SH", ""),
    ("week 1-53/2 Mo off", "not-supported", 0, "week", ""),
    ("easter off", "not-supported", 0, "easter", ""),
    ("Monday 08:00-12:00", "word", 0, "Monday", "Mo"),
    ("Montag 08:00-12:00", "word", 0, "Montag", "Mo"),
    ("mo-fr 08:00-12:00", "word", 0, "mo", "Mo"),
    ("lundi 08:00-12:00", "word", 0, "lundi", "Mo"),
    ("viernes 08:00-12:00", "word", 0, "viernes", "Fr"),
    ("الاثنين 08:00-12:00", "word", 0, "الاثنين", "Mo"),
    ("mar 08:00-12:00", "word", 0, "mar", "Mar / Tu"),
    ("Mo bis Fr off", "word", 3, "bis", "-"),
    ("Mo and Fr off", "word", 3, "and", ","),
    ("Mo geschlossen", "word", 3, "geschlossen", "off"),
    ("Mo Closed", "word", 3, "Closed", "off"),
    ("Feiertag off", "word", 0, "Feiertag", "PH"),
    ("always", "word", 0, "always", "24/7"),
    ("xyzzy", "word", 0, "xyzzy", ""),
    ("Th[7] off", "nth", 2, "[7]", "[1] / [-1]"),
    ("Th[] off", "nth", 2, "[]", "[1] / [-1]"),
    ("Feb 30 off", "date-missing", 0, "Feb 30", ""),
    ("2026 Mar 9-Mar 1 off", "dates-backward", 0, "2026 Mar 9-Mar 1", ""),
    ("2026 Mo off", "year-alone", 0, "2026", "2026 Jan 1-Dec 31"),
    ("Dec 2025 off", "year-place", 4, "2025", "2025 Jan 1"),
    ("Mo off \"lunch", "comment-open", 7, '"', '"'),
    ('Mo off ""', "comment-empty", 7, '""', ""),
    ("Mo off “lunch”", "sign", 7, "“", '"'),
    ("Mo، Fr off", "sign", 2, "،", ","),
    ("Mo 08:00-12:00 13:00-15:00", "sign", 15, "13:00", ",13:00"),
    ("PH Mo off", "sign", 3, "Mo", ",Mo"),
    ("Mo @ off", "sign", 3, "@", ""),
    ("; Mo off", "rule-empty", 0, ";", ""),
    ("Mo off,", "rule-empty", 7, "", ""),
    ("Mo off ||", "rule-empty", 9, "", ""),
    ("Mo off; 24/7", "hides-earlier", 6, ";", " ||"),
    ('Mo off; "call us"', "hides-earlier", 6, ";", " ||"),
    ("PH off; Mo-Fr 08:00-12:00", "holidays-hidden", 8, "Mo", "PH off"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "at", "found", "cure"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_not_understood_is_refused_with_its_place_and_cure(text, code, at, found, cure):
    with pytest.raises(HoursError) as refusal:
        read_osm(text)
    error = refusal.value
    assert (error.code, error.at, error.found, error.cure) == (code, at, found, cure)


def test_a_text_too_long_for_any_place_is_refused():
    with pytest.raises(HoursError) as refusal:
        read_osm("Mo off; " * LONGEST)
    assert (refusal.value.code, refusal.value.at) == ("long", LONGEST)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (Rule(monthdays=(1,)), "monthdays"),
        (Rule(cycle=Cycle(2, date(2026, 1, 1))), "cycle"),
        (Rule(until=date(2026, 1, 1)), "until"),
        (Rule(valid_from=date(2026, 1, 1)), "valid_from"),
        (Rule(valid_to=date(2026, 1, 1)), "valid_to"),
    ],
)
def test_what_the_syntax_cannot_say_is_not_written(rule, found):
    with pytest.raises(HoursError) as refusal:
        write_osm((rule,))
    assert (refusal.value.code, refusal.value.found) == ("not-in-osm", found)


def test_a_comment_with_a_quotation_mark_is_not_written():
    with pytest.raises(HoursError, match="comment-open"):
        write_osm((Rule("unknown", comment='say "hello"'),))


@given(st.text(alphabet='MoTuFrPH0123456789:-,;|[]/ "offDecMar٣–', max_size=40))
def test_whatever_is_typed_is_read_or_refused_inside_the_text(text):
    try:
        rules = read_osm(text)
    except HoursError as error:
        refusal = error
    else:
        assert read_osm(write_osm(rules)) == rules
        return
    assert 0 <= refusal.at <= len(text)
    assert refusal.code


def _span(opens, length):
    closes = opens + length
    return Span(opens, closes if closes <= 1440 or length < 720 else 1440)


def _rule(status, spans, weekdays, holidays, dates, comment):
    """A rule in the shape that reading gives: in order, without overlap, all seven weekdays left out."""
    apart = []
    for span in sorted(spans):
        if not apart or apart[-1].closes <= span.opens:
            apart.append(span)
    named = () if len({day for day in weekdays if not day.nth}) == 7 and not holidays else tuple(sorted(weekdays))
    return Rule(status, tuple(apart) or (WHOLE_DAY,), named, holidays, tuple(dates), comment=comment.strip())


_DATES = st.one_of(
    st.builds(Dates, st.integers(1, 12), st.integers(1, 28), st.integers(1, 12), st.integers(1, 28)),
    st.builds(
        lambda first, days: (lambda last: Dates(first.month, first.day, last.month, last.day, first.year, last.year))(
            date.fromordinal(first.toordinal() + days)
        ),
        st.dates(date(2000, 1, 1), date(2090, 1, 1)),
        st.integers(0, 800),
    ),
)
_RULE = st.builds(
    _rule,
    st.sampled_from(["open", "closed", "unknown"]),
    st.sets(st.builds(_span, st.integers(0, 1439), st.integers(1, 1439)), max_size=3),
    st.sets(st.builds(Weekday, st.integers(0, 6), st.sampled_from([0, 0, 1, 4, -1])), max_size=8),
    st.booleans(),
    st.lists(_DATES, max_size=3),
    st.text(alphabet="abcé مغلق;,|-'", max_size=12),
)
_JOINED = st.lists(st.tuples(_RULE, st.sampled_from(["adds", "fills"])), max_size=4)


@given(_RULE, _JOINED)
def test_what_is_written_is_read_back_the_same(first, others):
    rules = (first, *(Rule(**{**vars(rule), "join": join}) for rule, join in others))
    assert read_osm(write_osm(rules)) == rules


@given(_RULE.filter(lambda rule: rule.dates), _RULE.filter(lambda rule: rule.dates))
def test_rules_that_replace_are_read_back_the_same(first, second):
    assert read_osm(write_osm((first, second))) == (first, second)
