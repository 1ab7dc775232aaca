"""Groups of digits with a check digit: every slip of one digit is found, and it is said where."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.digitgroups import GROUP, GroupsRefused, check_digit, read_groups, show_groups

ALL = range(10_000)
PLACES = range(1, 11)  # the eleventh place computes as the first
SCRIPTS = {
    "Arabic-Indic": "٠١٢٣٤٥٦٧٨٩",
    "Persian": "۰۱۲۳۴۵۶۷۸۹",
    "Bengali": "০১২৩৪৫৬৭৮৯",
    "Devanagari": "०१२३४५६७८९",
    "Burmese": "၀၁၂၃၄၅၆၇၈၉",
    "Khmer": "០១២៣៤៥៦៧៨៩",
    "fullwidth": "０１２３４５６７８９",
}
numbers = st.lists(st.integers(0, 9999), min_size=1, max_size=40)


def groups_at(place: int) -> set[str]:
    return {f"{n:04d}{check_digit(f'{n:04d}', place)}" for n in ALL}


def refusal(text: str, count: int | None = None) -> tuple[str, tuple[int, ...]]:
    with pytest.raises(GroupsRefused) as refused:
        read_groups(text, count)
    return refused.value.code, refused.value.groups


def test_the_check_digit_is_the_one_its_author_published() -> None:
    assert check_digit("572", 10) == "4"


@pytest.mark.parametrize("place", PLACES)
def test_no_single_wrong_digit_makes_another_right_group(place: int) -> None:
    groups = groups_at(place)
    for position in range(GROUP):
        assert len({group[:position] + group[position + 1 :] for group in groups}) == len(ALL)


@pytest.mark.parametrize("place", PLACES)
def test_no_swap_of_two_neighbours_makes_another_right_group(place: int) -> None:
    groups = groups_at(place)
    for group in groups:
        for at in range(GROUP - 1):
            swapped = group[:at] + group[at + 1] + group[at] + group[at + 2 :]
            assert swapped == group or swapped not in groups


def test_a_group_fits_its_own_place_only() -> None:
    by_place = [groups_at(place) for place in PLACES]
    for first, second in pairwise([*by_place, by_place[0]]):
        assert not first & second
    assert sum(map(len, by_place)) == len(set().union(*by_place))


@given(numbers)
def test_what_is_shown_is_read(values: list[int]) -> None:
    shown = show_groups(values)
    assert read_groups(" ".join(shown)) == read_groups("".join(shown)) == read_groups("\n".join(shown)) == values


@pytest.mark.parametrize("script", SCRIPTS)
def test_digits_of_every_script_are_read(script: str) -> None:
    shown = " ".join(show_groups([0, 1234, 5678, 9090]))
    assert read_groups(shown.translate(str.maketrans("0123456789", SCRIPTS[script]))) == [0, 1234, 5678, 9090]


@pytest.mark.parametrize(
    "between", [" ", "-", " - ", "\u2013", "\u00a0", "\n", "\r\n", "\t", ".", ", ", "\u200f ", "", "،", "।", "|", "*"]
)
def test_whatever_people_write_between_groups_is_passed_over(between: str) -> None:
    shown = show_groups([17, 4, 9999])
    assert read_groups(f" {between.join(shown)}\u200e\n") == [17, 4, 9999]


@pytest.mark.parametrize("wrong", ["፩", "²", "①", "一", "x", "Ⅳ", "½"])
def test_a_sign_that_is_no_decimal_digit_is_refused_with_its_group(wrong: str) -> None:
    first, second = show_groups([17, 4])
    assert refusal(f"{first} {second[:3]}{wrong}{second[4]}") == ("not-digits", (2,))


@given(numbers, st.data())
def test_a_wrong_digit_is_found_in_its_group(values: list[int], data: st.DataObject) -> None:
    shown = "".join(show_groups(values))
    at = data.draw(st.integers(0, len(shown) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != shown[at]]))
    assert refusal(shown[:at] + other + shown[at + 1 :]) == ("wrong-group", (at // GROUP + 1,))


@given(st.lists(st.integers(0, 9999), min_size=3, max_size=20), st.data())
def test_a_digit_lost_or_doubled_is_found_by_the_spaces(values: list[int], data: st.DataObject) -> None:
    shown = show_groups(values)
    place = data.draw(st.integers(1, len(shown)))
    at = data.draw(st.integers(0, GROUP - 1))
    for slip in (shown[place - 1][:at] + shown[place - 1][at + 1 :], shown[place - 1] + shown[place - 1][at]):
        written = [*shown[: place - 1], slip, *shown[place:]]
        assert refusal(" ".join(written), len(values)) == ("wrong-group", (place,))


@given(st.lists(st.integers(0, 9999), min_size=2, max_size=9), st.data())
def test_a_group_left_out_doubled_or_swapped_is_found_where_it_begins(values: list[int], data: st.DataObject) -> None:
    shown = show_groups(values)
    place = data.draw(st.integers(1, len(shown) - 1))
    before, here, next_, after = shown[: place - 1], shown[place - 1], shown[place], shown[place + 1 :]
    code, groups = refusal(" ".join([*before, next_, here, *after]))
    assert (code, groups) == ("wrong-group", (place, place + 1))
    assert refusal(" ".join([*before, next_, *after]), len(values))[1][0] == place
    assert refusal(" ".join([*before, here, here, next_, *after]))[1][0] == place + 1


def test_too_little_and_too_much_is_said() -> None:
    shown = show_groups([1, 2, 3])
    assert refusal("") == ("empty", ())
    assert refusal(" - \n") == ("empty", ())
    assert refusal(" ".join(shown[:2]), 3) == ("too-short", ())
    assert refusal("".join(shown)[:-2], 3) == ("too-short", (3,))
    assert refusal(" ".join(shown), 2) == ("too-long", ())
    assert refusal("1" * 6000) == ("too-long", ())


def test_what_was_typed_is_not_in_the_message() -> None:
    with pytest.raises(GroupsRefused) as refused:
        read_groups("12345 67890 13579")
    assert "123" not in str(refused.value)


def test_only_four_digits_fit_into_a_group() -> None:
    with pytest.raises(ValueError, match="9999"):
        show_groups([10_000])
