"""Three shares, any two of which bring a secret back; whoever slips is told in which share and group."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import Share, generate_mnemonics
from shamir_mnemonic.wordlist import WORD_INDEX_MAP

from serai.lib.digitgroups import show_groups
from serai.lib.shares import MOST_COSTLY, SharesRefused, as_groups, as_words, join, split

SECRET = bytes(range(20))
ONE, TWO, THREE = split(SECRET)
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
sizes = st.integers(8, 16).map(lambda half: half * 2)


def refusal(*shares: str) -> tuple[str, int, tuple[int, ...]]:
    with pytest.raises(SharesRefused) as refused:
        join(shares)
    return refused.value.code, refused.value.share, refused.value.groups


def digits(share: str) -> str:
    return " ".join(as_groups(share))


@settings(max_examples=20)
@given(sizes.flatmap(lambda size: st.binary(min_size=size, max_size=size)))
def test_any_two_of_three_give_the_secret_as_words_or_as_digits(secret: bytes) -> None:
    for first, second in combinations(split(secret), 2):
        assert join([first, second]) == join([digits(second), first.upper()]) == secret
        assert join([digits(first).translate(PERSIAN), digits(second).replace(" ", "-")]) == secret


def test_a_share_of_an_account_has_23_groups_and_one_for_each_word() -> None:
    assert len(as_groups(ONE)) == len(ONE.split()) == 23
    assert as_words(digits(ONE)) == as_words(ONE) == ONE
    assert as_groups(digits(ONE)) == as_groups(ONE)


def test_every_wrong_digit_is_found_with_its_share_and_group() -> None:
    shown = "".join(as_groups(TWO))
    for at, right in enumerate(shown):
        wrong = shown[:at] + str((int(right) + 1) % 10) + shown[at + 1 :]
        assert refusal(ONE, wrong) == ("wrong-group", 2, (at // 5 + 1,))


def test_every_swap_of_neighbouring_digits_is_found_with_its_share_and_group() -> None:
    shown = "".join(as_groups(ONE))
    for at in range(len(shown) - 1):
        if shown[at] != shown[at + 1]:
            swapped = shown[:at] + shown[at + 1] + shown[at] + shown[at + 2 :]
            assert refusal(swapped, TWO) == ("wrong-group", 1, tuple(sorted({at // 5 + 1, (at + 1) // 5 + 1})))


def test_a_group_that_is_no_word_is_found() -> None:
    numbers = [WORD_INDEX_MAP[word] for word in ONE.split()]
    assert refusal(" ".join(show_groups([*numbers[:4], 1024, *numbers[5:]])), TWO) == ("wrong-group", 1, (5,))


def test_a_word_that_is_not_in_the_list_is_found() -> None:
    words = TWO.split()
    assert refusal(ONE, " ".join([*words[:6], "serai", *words[7:]])) == ("wrong-group", 2, (7,))


def test_another_word_of_the_list_is_found_by_the_checksum() -> None:
    words = TWO.split()
    other = "academic" if words[9] != "academic" else "acid"
    assert refusal(ONE, " ".join([*words[:9], other, *words[10:]])) == ("bad-checksum", 2, ())
    assert refusal(ONE, " ".join(words[:-1])) == ("bad-checksum", 2, ())


def test_one_share_alone_is_too_few_and_it_is_said_how_many_it_takes() -> None:
    with pytest.raises(SharesRefused) as refused:
        join([THREE])
    assert (refused.value.code, refused.value.needed) == ("too-few-shares", 2)
    assert refusal() == ("empty", 0, ())


def test_three_where_two_are_needed_are_refused_as_the_standard_asks() -> None:
    assert refusal(ONE, TWO, THREE) == ("too-many-shares", 0, ())


def test_the_same_share_twice_is_found_however_it_is_written() -> None:
    assert refusal(ONE, ONE) == ("same-share-twice", 2, ())
    assert refusal(ONE, digits(ONE)) == ("same-share-twice", 2, ())


def test_shares_of_different_secrets_are_found() -> None:
    other = split(SECRET)
    while Share.from_mnemonic(other[0]).identifier == Share.from_mnemonic(ONE).identifier:
        other = split(SECRET)
    assert refusal(ONE, other[1]) == ("shares-of-different-secrets", 2, ())
    assert refusal(ONE, TWO, other[1]) == ("shares-of-different-secrets", 3, ())


@pytest.mark.parametrize("index", [1, 0])
def test_shares_that_carry_the_same_number_by_chance_are_found_by_what_they_give(index: int) -> None:
    """15 bits of identifier: one in 32,768 pairs of secrets shares it. index 0: even the same number of the share."""
    mine, other = Share.from_mnemonic(ONE), Share.from_mnemonic(split(bytes(20))[1])
    forged = Share(mine.identifier, mine.extendable, mine.iteration_exponent, 0, 1, 1, index, 2, other.value)
    assert refusal(ONE, forged.mnemonic()) == ("shares-of-different-secrets", 0, ())


def test_a_share_that_would_cost_minutes_is_refused_before_it_does() -> None:
    mine = Share.from_mnemonic(ONE)
    for exponent in (MOST_COSTLY + 1, 15):
        costly = Share(mine.identifier, mine.extendable, exponent, 0, 1, 1, 0, 2, mine.value)
        assert refusal(costly.mnemonic(), costly.mnemonic()) == ("too-costly", 1, ())


def test_shares_of_other_software_with_groups_of_people_are_read() -> None:
    family, friends = generate_mnemonics(2, [(2, 3), (3, 5)], SECRET, b"word", iteration_exponent=0)
    assert join([*family[:2], *friends[1:4]], b"word") == SECRET
    assert refusal(*family[:2]) == ("too-few-shares", 0, ())
    assert refusal(*family[:2], *friends[:2]) == ("too-few-shares", 0, ())
    assert refusal(*family, *friends[:3]) == ("too-many-shares", 0, ())


@pytest.mark.parametrize("secret", [b"", bytes(15), bytes(17), bytes(34)])
def test_a_secret_of_another_length_is_not_split(secret: bytes) -> None:
    with pytest.raises(ValueError, match="16 to 32"):
        split(secret)


@pytest.mark.parametrize("typed", ["", "  ", "- -", "፩፪፫", "x" * 6000, "1" * 6000, "дом"])
def test_what_is_no_share_at_all_is_refused(typed: str) -> None:
    assert refusal(ONE, typed)[1] == 2


fields = st.integers(0, 15)
SET_WRONG = {"too-few-shares", "too-many-shares", "same-share-twice", "shares-of-different-secrets"}


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 1), *[fields] * 4, sizes), min_size=1, max_size=4), st.booleans())
def test_whatever_a_sound_share_says_of_itself_there_is_a_secret_or_a_refusal(
    made: list[tuple[int, ...]], extendable: bool
) -> None:
    shares = [
        Share(number, extendable, 0, group, at_least % 3 + 1, 3, index, needed % 4 + 1, bytes(size)).mnemonic()
        for number, group, at_least, index, needed, size in made
    ]
    code, secret = "", b""
    try:
        secret = join(shares)
    except SharesRefused as refused:
        code = refused.code
    assert len(secret) >= 16 or code in SET_WRONG


def test_what_was_typed_is_not_in_the_message() -> None:
    with pytest.raises(SharesRefused) as refused:
        join([ONE, " ".join(TWO.split()[:-1])])
    assert not any(word in str(refused.value).split() for word in TWO.split() if word != "share")
    assert refused.value.__suppress_context__
