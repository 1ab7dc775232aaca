"""A seal holds for exactly the bytes that were signed, and a key file is for its owner only."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from serai.kernel.packs.keys import KeyIsLocked, KeyRefused, make_key, read_key
from serai.kernel.packs.signature import SIG, SignatureRefused, compare, digests, public_text, read_seal, seal
from serai.kernel.packs.tests.small import pack


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def sealed(key: Ed25519PrivateKey) -> bytes:
    return seal(pack(), pack="lindenbach", version="1.0.0", publisher="lindenbach", key=key)


def test_what_was_signed_is_read_back_and_fits(key: Ed25519PrivateKey) -> None:
    found = read_seal(sealed(key))
    assert (found.pack, found.version, found.publisher) == ("lindenbach", "1.0.0", "lindenbach")
    assert found.key == public_text(key.public_key())
    assert found.manifest == digests(pack())
    assert compare(found, {**pack(), SIG: b"the seal itself does not count"}) == []


def test_signing_the_same_files_again_gives_the_same_bytes(key: Ed25519PrivateKey) -> None:
    assert sealed(key) == sealed(key)


def test_every_byte_of_the_seal_counts(key: Ed25519PrivateKey) -> None:
    good = sealed(key)
    for at in range(0, len(good), 7):
        changed = bytearray(good)
        changed[at] ^= 1
        with pytest.raises(SignatureRefused):
            read_seal(bytes(changed))


def test_files_that_were_changed_added_or_taken_out_are_named(key: Ed25519PrivateKey) -> None:
    files = pack({"guides/doctor.en.md": "changed", "guides/doctor.ar.md": None, "guides/new.en.md": "new"})
    found = {(each.file, each.code) for each in compare(read_seal(sealed(key)), files)}
    assert found == {
        ("guides/doctor.en.md", "signature-file-changed"),
        ("guides/doctor.ar.md", "signature-file-missing"),
        ("guides/new.en.md", "signature-file-added"),
    }


def test_a_seal_by_another_key_cannot_pass_under_the_first(key: Ed25519PrivateKey) -> None:
    other = public_text(Ed25519PrivateKey.generate().public_key())
    forged = sealed(key).replace(public_text(key.public_key()).encode(), other.encode())
    with pytest.raises(SignatureRefused) as refused:
        read_seal(forged)
    assert refused.value.code == "signature-wrong"


@pytest.mark.parametrize("text", [b"", b"\n", b"serai-pack-signature: 1\n", b"\xff\xfe", b"x" * 100_000])
def test_something_that_is_no_seal_is_refused_with_a_cure(text: bytes) -> None:
    with pytest.raises(SignatureRefused) as refused:
        read_seal(text)
    assert refused.value.cure


def test_openssl_verifies_a_seal_without_us(key: Ed25519PrivateKey, tmp_path: Path) -> None:
    import base64

    make_key(tmp_path / "key.pem")
    good = seal(pack(), pack="a", version="1.0.0", publisher="a", key=read_key(tmp_path / "key.pem"))
    at = good.rstrip(b"\n").rfind(b"\n") + 1
    (tmp_path / "signed").write_bytes(good[:at])
    (tmp_path / "signature").write_bytes(base64.b64decode(good[at:].strip().rpartition(b":")[2]))
    subprocess.run(["openssl", "pkey", "-in", "key.pem", "-pubout", "-out", "pub.pem"], cwd=tmp_path, check=True)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "signed"]
    done = subprocess.run([*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done


def test_a_key_file_is_readable_by_its_owner_only_and_never_written_over(tmp_path: Path) -> None:
    public = make_key(tmp_path / "key.pem")
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    assert public_text(read_key(tmp_path / "key.pem").public_key()) == public
    with pytest.raises(KeyRefused, match="there already"):
        make_key(tmp_path / "key.pem")


def test_a_key_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    make_key(tmp_path / "key.pem")
    (tmp_path / "key.pem").chmod(0o640)
    with pytest.raises(KeyRefused, match="chmod 600"):
        read_key(tmp_path / "key.pem")


def test_a_key_with_a_passphrase_needs_it(tmp_path: Path) -> None:
    public = make_key(tmp_path / "key.pem", "a long passphrase")
    for wrong in ("", "another"):
        with pytest.raises(KeyIsLocked):
            read_key(tmp_path / "key.pem", wrong)
    assert public_text(read_key(tmp_path / "key.pem", "a long passphrase").public_key()) == public


def test_a_file_that_is_no_key_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("hello")
    (tmp_path / "key.pem").chmod(0o600)
    with pytest.raises(KeyRefused, match="serai pack key"):
        read_key(tmp_path / "key.pem")
