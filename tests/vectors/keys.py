"""Vectors of keys: sealing to a public key (HPKE, RFC 9180), shares of a secret (SLIP-39)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pyhpke import AEADId, CipherSuite, ContextInterface, KDFId, KEMId
from pyhpke.exceptions import PyHPKEError

from serai.lib import hpke, shares

from .judging import Tally, Unreadable, cases_in, files_of, from_hex, json_of, must_fail, number

HPKE_REFUSALS = (hpke.HpkeRefused, PyHPKEError, Unreadable)
LONGEST_SEQUENCE = 100_000
# What only the other modes have; "pkSm" is the key of a sender who says who it is, "psk" a secret known beforehand.
OTHER_MODES = {1: {"psk"}, 2: {"pkSm"}, 3: {"psk", "pkSm"}}
PASSPHRASE = "TREZOR"  # of all published cases; a file may name another


# --- HPKE --------------------------------------------------------------------------------------------------------
def hpke_suites(folder: Path, tally: Tally) -> None:
    """Of each suite: both key pairs from their seeds, every encryption in its place of the sequence, every export."""
    for path in files_of(folder):
        if path.suffix != ".json" or (value := json_of(path, tally)) is None:
            continue
        cases = list(cases_in(value, lambda case: {"kem_id", "kdf_id", "aead_id"} <= case.keys()))
        for case in cases:
            other = OTHER_MODES.get(case.get("mode", 0))
            if other and other <= case.keys():
                tally.note("not used: suites in a mode other than base, which the house does not do")
            else:
                _suite(f"{path.name} {[case.get(key) for key in ('kem_id', 'kdf_id', 'aead_id')]}", case, tally)
        if not cases:
            tally.fail(path.name, "holds no suite")


def _suite(what: str, case: dict[str, Any], tally: Tally) -> None:
    marked = must_fail(case)
    try:
        suite = hpke.Suite(number(case.get("kem_id")), number(case.get("kdf_id")), number(case.get("aead_id")))
        if case.get("mode", 0) != 0:
            raise Unreadable("no mode of RFC 9180")
    except ValueError as error:
        tally.judge(what, lambda error=error: _raise(error), (ValueError,), must_fail=marked)
        return
    if marked:
        tally.judge(what, lambda: _opens_all(suite, case), HPKE_REFUSALS, must_fail=True)
        return
    parts: list[tuple[str, Callable[[], bool], bool]] = [
        (f"key pair from {seed}", lambda names=names: _key_pair(suite, case, *names), False)
        for names in (("ikmR", "skRm", "pkRm"), ("ikmE", "skEm", "pkEm"))
        if (seed := names[0]) in case
    ]
    parts.append(("key schedule", lambda: _key_schedule(suite, case), False))
    for name, holds in (("encryptions", _encryption), ("exports", _export)):
        for place, each in enumerate(case.get(name) or []):
            judged = lambda holds=holds, each=each, place=place: holds(suite, case, each, place)  # noqa: E731
            parts.append((f"{name} {place}", judged, must_fail(each)))
    for part, holds, refuses in parts:
        tally.judge(f"{what} {part}", holds, HPKE_REFUSALS, must_fail=refuses)
    if not case.get("encryptions") and not case.get("exports"):
        tally.fail(what, "holds neither encryptions nor exports")


def _raise(error: Exception) -> bool:
    raise error


def _key_pair(suite: hpke.Suite, case: dict[str, Any], seed: str, private: str, public: str) -> bool:
    given = hpke.KeyPair(from_hex(case.get(private)), from_hex(case.get(public)))
    return suite.key_pair(from_hex(case[seed])) == given and suite.public_key(given.private) == given.public


def _key_schedule(suite: hpke.Suite, case: dict[str, Any]) -> bool:
    """Every value on the way that was published (RFC 9180, 4.1 and 5.1)."""
    made = CipherSuite.new(KEMId(suite.kem), KDFId(suite.kdf), AEADId(suite.aead))
    own = made.kem.deserialize_private_key(from_hex(case.get("skRm")))
    shared = made.kem.decap(from_hex(case.get("enc")), own)
    hashes = [made.kdf.labeled_extract(b"", b"psk_id_hash", b"")]
    hashes.append(made.kdf.labeled_extract(b"", b"info_hash", from_hex(case.get("info"))))
    context = bytes([0]) + b"".join(hashes)
    secret = made.kdf.labeled_extract(shared, b"secret", b"")
    computed = {"shared_secret": shared, "key_schedule_context": context, "secret": secret}
    lengths = {"key": made.aead.key_size, "base_nonce": made.aead.nonce_size, "exporter_secret": len(hashes[0])}
    for name, label in (("key", b"key"), ("base_nonce", b"base_nonce"), ("exporter_secret", b"exp")):
        computed[name] = made.kdf.labeled_expand(secret, label, context, lengths[name])
    return all(from_hex(case[name]) == value for name, value in computed.items() if name in case)


def _opens_all(suite: hpke.Suite, case: dict[str, Any]) -> bool:
    """Of a case that must fail as a whole: whether everything in it opens all the same."""
    suite.sender(from_hex(case.get("pkRm")), info=from_hex(case.get("info")))
    steps = enumerate(case.get("encryptions") or [])
    return all(_encryption(suite, case, each, place) for place, each in steps)


def _contexts(suite: hpke.Suite, case: dict[str, Any]) -> tuple[ContextInterface, ContextInterface]:
    """Sender and recipient, both at the beginning. Raises Unreadable if the published encapsulated key is another."""
    info, published = from_hex(case.get("info")), from_hex(case.get("enc"))
    recipient = suite.recipient(published, from_hex(case.get("skRm")), info=info)
    made, sender = suite.sender(from_hex(case.get("pkRm")), info=info, ephemeral=from_hex(case.get("skEm")))
    if made != published:
        raise Unreadable("the encapsulated key is another")
    return sender, recipient


def _encryption(suite: hpke.Suite, case: dict[str, Any], each: dict[str, Any], place: int) -> bool:
    """Sealing gives the published ciphertext, opening the published text; the first one by the house's own way too."""
    nonce, base = from_hex(each.get("nonce")), from_hex(case.get("base_nonce"))
    sequence = int.from_bytes(nonce, "big") ^ int.from_bytes(base, "big") if nonce and base else place
    if sequence > LONGEST_SEQUENCE:
        raise Unreadable("the nonce does not belong to this suite")
    sealed, text, aad = (from_hex(each.get(name)) for name in ("ct", "pt", "aad"))
    sender, recipient = _contexts(suite, case)
    for _ in range(sequence):
        recipient.open(sender.seal(b""))
    if recipient.open(sealed, aad) != text or sender.seal(text, aad) != sealed:
        return False
    whole, info = from_hex(case.get("enc")) + sealed, from_hex(case.get("info"))
    return sequence > 0 or suite.open(whole, from_hex(case.get("skRm")), info=info, aad=aad) == text


def _export(suite: hpke.Suite, case: dict[str, Any], each: dict[str, Any], _place: int) -> bool:
    context, length = from_hex(each.get("exporter_context")), number(each.get("L"))
    both = [side.export(context, length) for side in _contexts(suite, case)]
    return both == [from_hex(each.get("exported_value"))] * 2


# --- SLIP-39 -----------------------------------------------------------------------------------------------------
def slip39(folder: Path, tally: Tally) -> None:
    """Each case joined from the standard's words and from digits. One without a secret must be refused."""
    for path in files_of(folder):
        if path.suffix != ".json" or (value := json_of(path, tally)) is None:
            continue
        said = str(value.get("passphrase", PASSPHRASE) if isinstance(value, dict) else PASSPHRASE).encode()
        cases = list(_share_cases(value))
        for place, (words, secret, marked) in enumerate(cases, 1):
            tally.judge(
                f"{path.name} case {place}",
                lambda words=words, secret=secret, said=said: _joined(words, said) == from_hex(secret),
                (shares.SharesRefused,),
                must_fail=marked or not secret,
            )
        if not cases:
            tally.fail(path.name, "holds no case")


def _joined(words: list[str], passphrase: bytes) -> bytes:
    """Raises SharesRefused; RuntimeError when words and digits of the same shares do not come to the same."""
    came: list[bytes | shares.SharesRefused] = []
    for form in (str, _digits):
        try:
            came.append(shares.join([form(each) for each in words], passphrase))
        except shares.SharesRefused as refused:
            came.append(refused)
    by_words, by_digits = came
    if isinstance(by_words, shares.SharesRefused) and isinstance(by_digits, shares.SharesRefused):
        raise by_words
    if isinstance(by_words, bytes) and by_words == by_digits:
        return by_words
    raise RuntimeError("words and digits do not come to the same")


def _digits(words: str) -> str:
    return " ".join(shares.as_groups(words))


def _share_cases(value: Any) -> Iterator[tuple[list[str], str, bool]]:
    """(mnemonics, secret or "", marked as must-fail): a list of texts and the text after it, or an object of them."""
    if isinstance(value, dict):
        secret = next((value[key] for key in ("secret", "master_secret", "masterSecret") if key in value), "")
        if isinstance(value.get("mnemonics"), list):
            yield value["mnemonics"], secret if isinstance(secret, str) else "", must_fail(value)
            return
        for inner in value.values():
            yield from _share_cases(inner)
    elif isinstance(value, list):
        for words, after in pairwise(value):
            if isinstance(words, list) and all(isinstance(each, str) for each in words) and isinstance(after, str):
                yield words, after, False
                return
        for inner in value:
            yield from _share_cases(inner)
