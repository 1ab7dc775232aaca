"""A secret in three shares of which any two bring it back (SLIP-39): paper, a trusted friend, an organisation.

One share alone says nothing about the secret. The standard writes a share as English words; each word is a number from
0 to 1023, so the house writes the same share as groups of five digits (see digitgroups), one group a word, and reads
both. Shares of other software and of other thresholds are read too.

The library computes in plain Python and warns of side channels: who shares its processor could measure it. Here it
runs once when shares are made and once in a recovery, on what the person types, never on a stranger's demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from shamir_mnemonic import MnemonicError, Share, generate_mnemonics
from shamir_mnemonic.shamir import combine_mnemonics, decode_mnemonics
from shamir_mnemonic.wordlist import WORD_INDEX_MAP, WORDLIST

from serai.lib.digitgroups import GroupsRefused, read_groups, show_groups

Wrong = Literal[
    "empty", "not-digits", "wrong-group", "bad-checksum", "too-few-shares", "too-many-shares",
    "same-share-twice", "shares-of-different-secrets", "too-costly",
]  # fmt: skip

NEEDED, MADE = 2, 3
MOST_COSTLY = 6
"""Largest iteration exponent that is read: 640,000 rounds, half a second. The standard allows 15, which takes minutes
and would let a stranger's share stop a server. Ours have 0: rounds protect a passphrase, and there is none."""

_MAX_CHARACTERS = 5_000


class SharesRefused(ValueError):
    """The shares do not give a secret. code: see Wrong; share: which one (from 1), 0 for all together; groups: the
    numbers (from 1) of its wrong groups or words; needed: how many shares it takes, 0 if that is not known.

    Never holds what was typed.
    """

    def __init__(self, code: Wrong, share: int = 0, groups: Sequence[int] = (), needed: int = 0) -> None:
        super().__init__(code + (f", share {share}" if share else "") + (f", groups {groups}" if groups else ""))
        self.code: Wrong = code
        self.share = share
        self.groups = tuple(groups)
        self.needed = needed


def split(secret: bytes) -> list[str]:
    """Three shares of a secret of 16 to 32 bytes (an even number), as the standard's words. ValueError otherwise."""
    if not 16 <= len(secret) <= 32 or len(secret) % 2:
        raise ValueError("a secret to share has 16 to 32 bytes, an even number")
    (shares,) = generate_mnemonics(1, [(NEEDED, MADE)], secret, iteration_exponent=0)
    return shares


def as_groups(share: str) -> list[str]:
    """The same share as groups of five ASCII digits; takes words or groups. Raises SharesRefused."""
    return show_groups([WORD_INDEX_MAP[word] for word in as_words(share).split()])


def as_words(share: str, number: int = 1) -> str:
    """The same share as the standard's words. number: which share this is, for SharesRefused."""
    if len(share) > _MAX_CHARACTERS:
        raise SharesRefused("bad-checksum", number)
    words = share.lower().split()
    if any("a" <= char <= "z" for word in words for char in word):
        unknown = [place for place, word in enumerate(words, 1) if word not in WORD_INDEX_MAP]
        if unknown:
            raise SharesRefused("wrong-group", number, unknown)
        return " ".join(words)
    try:
        indices = read_groups(share)
    except GroupsRefused as wrong:
        # Without a number that is known beforehand, "too long" is the checksum's to say.
        code: Wrong = wrong.code if wrong.code in {"empty", "not-digits", "wrong-group"} else "bad-checksum"  # type: ignore[assignment]
        raise SharesRefused(code, number, wrong.groups) from None
    too_large = [place for place, index in enumerate(indices, 1) if index >= len(WORDLIST)]
    if too_large:
        raise SharesRefused("wrong-group", number, too_large)
    return " ".join(WORDLIST[index] for index in indices)


def join(shares: Sequence[str], passphrase: bytes = b"") -> bytes:
    """The secret, from words or groups of digits. passphrase: only for shares that other software made with one.

    Raises SharesRefused. As the standard asks, exactly as many shares are taken as are needed.
    """
    if not shares:
        raise SharesRefused("empty")
    words = [as_words(share, number) for number, share in enumerate(shares, 1)]
    read = [_read(each, number) for number, each in enumerate(words, 1)]
    for number, share in enumerate(read, 1):
        if share in read[: number - 1]:
            raise SharesRefused("same-share-twice", number)
        if share.common_parameters() != read[0].common_parameters():
            raise SharesRefused("shares-of-different-secrets", number)
    _right_number(read)
    try:
        decode_mnemonics(words)
        return combine_mnemonics(words, passphrase)
    except (MnemonicError, ValueError):
        # Each share is sound in itself, so they do not belong together.
        raise SharesRefused("shares-of-different-secrets") from None


def _read(words: str, number: int) -> Share:
    try:
        share = Share.from_mnemonic(words)
    except MnemonicError:
        raise SharesRefused("bad-checksum", number) from None
    if share.iteration_exponent > MOST_COSTLY:
        raise SharesRefused("too-costly", number)
    return share


def _right_number(shares: Sequence[Share]) -> None:
    """Raises SharesRefused unless there are as many groups of people, and in each as many shares, as are needed."""
    members: dict[int, list[Share]] = {}
    for share in shares:
        members.setdefault(share.group_index, []).append(share)
    missing = len(members) < shares[0].group_threshold
    over = len(members) > shares[0].group_threshold
    for group in members.values():
        missing = missing or len(group) < group[0].member_threshold
        over = over or len(group) > group[0].member_threshold
    needed = shares[0].member_threshold if shares[0].group_count == 1 else 0
    if missing or over:
        raise SharesRefused("too-few-shares" if missing else "too-many-shares", needed=needed)
