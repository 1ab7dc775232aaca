"""Sealing to a public key: what was sealed comes back, anything changed does not, and nobody learns what was wrong."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given
from hypothesis import strategies as st

from serai.lib import hpke

HER = hpke.key_pair(b"seed of somebody who is not real")
INFO, AAD = b"contracts", b"contracts|f3a9|record 7|employer"
SEALED = hpke.seal(b"Hamed Textil", HER.public, info=INFO, aad=AAD)

suites = [(kem, kdf, aead) for kem in (0x10, 0x11, 0x12, 0x20, 0x21) for kdf in (1, 2, 3) for aead in (1, 2, 3)]


@given(st.binary(max_size=300), st.binary(max_size=60), st.binary(max_size=60))
def test_what_was_sealed_is_opened_with_the_private_key(text: bytes, info: bytes, aad: bytes) -> None:
    pair = hpke.new_key_pair()
    sealed = hpke.seal(text, pair.public, info=info, aad=aad)
    assert hpke.open(sealed, pair.private, info=info, aad=aad) == text
    assert len(sealed) == 65 + len(text) + 16


def test_the_same_text_sealed_twice_looks_different() -> None:
    assert hpke.seal(b"Hamed Textil", HER.public, info=INFO, aad=AAD) != SEALED


def test_another_implementation_opens_what_we_seal_and_we_open_what_it_seals() -> None:
    """That of cryptography, in Rust; it has no associated data."""
    other = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    theirs = ec.derive_private_key(int.from_bytes(HER.private, "big"), ec.SECP256R1())
    assert other.decrypt(hpke.seal(b"x", HER.public, info=INFO, aad=b""), theirs, INFO) == b"x"
    assert hpke.open(other.encrypt(b"y", theirs.public_key(), INFO), HER.private, info=INFO, aad=b"") == b"y"


@pytest.mark.parametrize("numbers", suites, ids=str)
def test_every_suite_of_the_standard_opens_what_it_sealed(numbers: tuple[int, int, int]) -> None:
    suite = hpke.Suite(*numbers)
    pair = suite.new_key_pair()
    assert suite.public_key(pair.private) == pair.public
    assert suite.open(suite.seal(b"x", pair.public, info=INFO, aad=AAD), pair.private, info=INFO, aad=AAD) == b"x"


def test_every_flipped_bit_is_refused_in_the_same_words() -> None:
    said = set()
    for place in range(len(SEALED) * 8):
        flipped = bytearray(SEALED)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(hpke.HpkeRefused) as refused:
            hpke.open(bytes(flipped), HER.private, info=INFO, aad=AAD)
        said.add((str(refused.value), refused.value.__cause__, refused.value.__suppress_context__))
    with pytest.raises(hpke.HpkeRefused) as refused:
        hpke.open(SEALED, hpke.new_key_pair().private, info=INFO, aad=AAD)
    said.add((str(refused.value), refused.value.__cause__, refused.value.__suppress_context__))
    assert len({text for text, _, _ in said}) == 1
    assert {cause for _, cause, _ in said} == {None}


@pytest.mark.parametrize(
    ("sealed", "private", "info", "aad"),
    [
        (SEALED, hpke.new_key_pair().private, INFO, AAD),
        (SEALED, HER.private, b"health", AAD),
        (SEALED, HER.private, INFO, AAD.replace(b"7", b"8")),
        (SEALED, HER.private, INFO, b""),
        (SEALED[:-1], HER.private, INFO, AAD),
        (SEALED + b"\0", HER.private, INFO, AAD),
        (SEALED[:65], HER.private, INFO, AAD),
        (SEALED[:64], HER.private, INFO, AAD),
        (b"", HER.private, INFO, AAD),
        (SEALED, b"", INFO, AAD),
        (SEALED, bytes(32), INFO, AAD),
        (SEALED, b"\xff" * 32, INFO, AAD),
        (SEALED, HER.private + b"\0", INFO, AAD),
    ],
    ids=lambda value: f"{len(value)} bytes",  # keys are drawn by lot, and each worker draws others
)
def test_a_wrong_key_purpose_record_or_length_is_refused(
    sealed: bytes, private: bytes, info: bytes, aad: bytes
) -> None:
    with pytest.raises(hpke.HpkeRefused):
        hpke.open(sealed, private, info=info, aad=aad)


@pytest.mark.parametrize(
    "public",
    [
        b"",
        HER.public[:-1],
        HER.public + b"\0",
        HER.public[:-1] + bytes([HER.public[-1] ^ 1]),
        bytes([2 + HER.public[-1] % 2]) + HER.public[1:33],
        b"\4" + bytes(64),
        bytes(65),
    ],
    ids=["empty", "short", "long", "not on the curve", "compressed", "origin", "infinity"],
)
def test_nothing_is_sealed_to_what_is_no_public_key(public: bytes) -> None:
    with pytest.raises(hpke.HpkeRefused):
        hpke.seal(b"x", public, info=INFO, aad=AAD)


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31)], ids=["zero", "one"])
def test_a_point_of_small_order_is_refused(point: bytes) -> None:
    suite = hpke.Suite(0x20, 1, 2)
    with pytest.raises(hpke.HpkeRefused):
        suite.seal(b"x", point, info=INFO, aad=AAD)
    with pytest.raises(hpke.HpkeRefused):
        suite.open(point + bytes(17), suite.new_key_pair().private, info=INFO, aad=AAD)


def test_a_seed_always_gives_the_same_pair_and_another_seed_another() -> None:
    assert hpke.key_pair(b"a" * 32) == hpke.key_pair(b"a" * 32) != hpke.key_pair(b"b" * 32)
    with pytest.raises(ValueError, match="32"):
        hpke.key_pair(b"a" * 31)


def test_a_private_key_is_not_shown_by_accident() -> None:
    assert repr(HER.private) not in repr(HER)
    assert HER.private.hex() not in repr(HER)


@pytest.mark.parametrize("numbers", [(0, 1, 1), (0x10, 9, 1), (0x10, 1, 9)])
def test_a_suite_that_the_standard_does_not_know_cannot_be_made(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="not a valid"):
        hpke.Suite(*numbers)
