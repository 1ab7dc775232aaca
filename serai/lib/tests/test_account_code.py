"""The secret of an account on paper: it comes back whole, and whoever slips is told where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.lib.account_code import (
    GROUPS,
    AccountCodeRefused,
    account_qr_text,
    new_account_secret,
    read_account_code,
    show_account_code,
)
from serai.lib.digitgroups import show_groups

secrets_ = st.binary(min_size=20, max_size=20)
SECRET = bytes(range(1, 21))
BENGALI = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def refusal(text: str) -> tuple[str, tuple[int, ...]]:
    with pytest.raises(AccountCodeRefused) as refused:
        read_account_code(text)
    return refused.value.code, refused.value.groups


@given(secrets_)
def test_the_code_gives_the_secret_back_typed_or_scanned(secret: bytes) -> None:
    shown = show_account_code(secret)
    assert len(shown) == GROUPS
    assert {len(group) for group in shown} == {5}
    assert read_account_code(" ".join(shown)) == read_account_code("-".join(shown).translate(BENGALI)) == secret
    assert read_account_code(account_qr_text(secret)) == secret
    assert read_account_code(f" {account_qr_text(secret).lower()}\n") == secret


@pytest.mark.parametrize("secret", [bytes(20), b"\xff" * 20], ids=["least", "greatest"])
def test_the_least_and_the_greatest_secret_fit(secret: bytes) -> None:
    assert read_account_code("\n".join(show_account_code(secret))) == secret


def test_every_single_wrong_digit_is_found_with_its_group() -> None:
    shown = "".join(show_account_code(SECRET))
    for at, right in enumerate(shown):
        for other in "0123456789":
            if other != right:
                assert refusal(shown[:at] + other + shown[at + 1 :]) == ("wrong-group", (at // 5 + 1,))


@given(secrets_)
def test_every_swap_of_neighbours_is_found_with_its_group(secret: bytes) -> None:
    shown = "".join(show_account_code(secret))
    for at in range(len(shown) - 1):
        if shown[at] != shown[at + 1]:
            swapped = shown[:at] + shown[at + 1] + shown[at] + shown[at + 2 :]
            assert refusal(swapped) == ("wrong-group", tuple(sorted({at // 5 + 1, (at + 1) // 5 + 1})))


def test_groups_that_are_right_each_but_not_together_are_found_by_the_checksum() -> None:
    numbers = [int(group[:4]) for group in show_account_code(SECRET)]
    assert refusal(" ".join(show_groups([*numbers[:-1], numbers[-1] ^ 1]))) == ("bad-checksum", ())
    assert refusal(" ".join(show_groups([9999, *numbers[1:]]))) == ("bad-checksum", ())


def test_a_code_cut_off_or_with_something_after_it_is_refused() -> None:
    shown = show_account_code(SECRET)
    assert refusal(" ".join(shown[:-1])) == ("too-short", ())
    assert refusal(" ".join([*shown, "12345"])) == ("too-long", ())
    assert refusal("") == ("empty", ())
    assert refusal("my code") == ("not-digits", (1,))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace("SA1:", "SA2:"), "other-version"),
        (lambda text: text.replace("SA1:", "SA01:"), "other-version"),
        (lambda text: text[:-1], "too-short"),
        (lambda text: text + "A", "too-long"),
        (lambda text: "SA1:", "too-short"),
        (lambda text: text.replace("SA1:", "https://example.org/"), "not-digits"),
        (lambda text: text[:20] + ("B" if text[20] == "A" else "A") + text[21:], "bad-checksum"),
    ],
)
def test_another_qr_code_is_refused(change, code: str) -> None:
    assert refusal(change(account_qr_text(SECRET)))[0] == code


def test_the_qr_text_holds_only_what_a_small_code_can_hold() -> None:
    text = account_qr_text(SECRET)
    assert len(text) == 44
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_secrets_are_random_and_of_the_right_length() -> None:
    assert len({new_account_secret() for _ in range(50)}) == 50
    assert len(new_account_secret()) == 20
    for wrong in (b"", b"x" * 19, b"x" * 21):
        with pytest.raises(ValueError, match="20 bytes"):
            show_account_code(wrong)
        with pytest.raises(ValueError, match="20 bytes"):
            account_qr_text(wrong)


def test_what_was_typed_is_not_in_the_message() -> None:
    shown = show_account_code(SECRET)
    with pytest.raises(AccountCodeRefused) as refused:
        read_account_code(" ".join([*shown[:-1], "00000"]))
    assert not any(group in str(refused.value) for group in shown)
    assert refused.value.__suppress_context__
