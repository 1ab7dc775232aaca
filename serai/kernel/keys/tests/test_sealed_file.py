"""Keys with a name, in one sealed file."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .. import sealed_file
from ..sealed_file import MARK, SealedFile
from ..store import MAC_BYTES, KeyRefused, same_mac, version_of

SECRET = "a secret that the operator keeps elsewhere"


def _store(folder: Path, secret: str = SECRET) -> SealedFile:
    return SealedFile(folder / "keys", secret)


def _code(refused: pytest.ExceptionInfo[KeyRefused]) -> str:
    return refused.value.code


@settings(max_examples=30, deadline=None)
@given(plain=st.binary(max_size=200), context=st.binary(max_size=40))
def test_what_was_wrapped_is_unwrapped(tmp_path_factory: pytest.TempPathFactory, plain: bytes, context: bytes) -> None:
    store = _store(tmp_path_factory.getbasetemp())
    wrapped = store.wrap("people.pin", plain, context)
    assert store.unwrap("people.pin", wrapped, context) == plain
    assert plain == b"" or len(plain) < 3 or plain not in wrapped
    assert store.wrap("people.pin", plain, context) != wrapped


def test_only_the_same_key_opens_for_the_same_context(tmp_path: Path) -> None:
    store = _store(tmp_path)
    wrapped = store.wrap("one", b"plain", b"here")
    store.wrap("two", b"plain", b"here")
    changed = bytes([*wrapped[:-1], wrapped[-1] ^ 1])
    for key, found, context in (
        ("one", wrapped, b"there"), ("two", wrapped, b"here"), ("one", changed, b"here"), ("one", wrapped[:9], b"here"),
    ):  # fmt: skip
        with pytest.raises(KeyRefused) as refused:
            store.unwrap(key, found, context)
        assert _code(refused) == "not-opened"


def test_a_mac_is_known_again_also_after_the_key_has_a_new_version(tmp_path: Path) -> None:
    store = _store(tmp_path)
    kept = store.mac("people.pin", b"1234")
    assert len(kept) == MAC_BYTES
    assert store.rotate("people.pin") == 2
    assert version_of(store.mac("people.pin", b"1234")) == 2
    assert same_mac(store, "people.pin", b"1234", kept)
    assert not same_mac(store, "people.pin", b"1235", kept)
    assert not same_mac(store, "people.pin", b"1234", kept[:-1])
    assert store.wrap("people.pin", b"", b"")[4:] != kept[4:]


def test_older_versions_open_until_they_are_destroyed(tmp_path: Path) -> None:
    store = _store(tmp_path)
    old = store.wrap("vault/housing", b"plain", b"")
    new_number = store.rotate("vault/housing")
    new = store.wrap("vault/housing", b"plain", b"")
    assert (version_of(old), version_of(new), store.version("vault/housing")) == (1, new_number, 2)
    assert store.unwrap("vault/housing", old, b"") == b"plain"
    store.destroy("vault/housing", before=new_number)
    with pytest.raises(KeyRefused) as refused:
        store.unwrap("vault/housing", old, b"")
    assert _code(refused) == "no-version"
    assert store.unwrap("vault/housing", new, b"") == b"plain"


def test_what_is_destroyed_opens_nothing_and_never_comes_again_under_its_name(tmp_path: Path) -> None:
    store = _store(tmp_path)
    wrapped = store.wrap("vault/housing", b"plain", b"")
    store.destroy("vault/housing")
    for call in (
        lambda store: store.unwrap("vault/housing", wrapped, b""),
        lambda store: store.wrap("vault/housing", b"", b""),
        lambda store: store.mac("vault/housing", b""),
        lambda store: store.rotate("vault/housing"),
    ):
        for again in (store, _store(tmp_path)):
            with pytest.raises(KeyRefused) as refused:
                call(again)
            assert _code(refused) == "destroyed"


def test_each_process_sees_at_once_what_another_has_changed(tmp_path: Path) -> None:
    one, two = _store(tmp_path), _store(tmp_path)
    wrapped = one.wrap("key", b"plain", b"")
    assert two.unwrap("key", wrapped, b"") == b"plain"
    two.rotate("key")
    assert one.version("key") == 2
    two.destroy("key")
    with pytest.raises(KeyRefused):
        one.unwrap("key", wrapped, b"")


def test_the_file_tells_nothing_without_the_secret_and_is_for_its_owner_only(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.wrap("people.pin", b"", b"")
    found = store.path.read_bytes()
    assert found.startswith(MARK)
    assert b"people" not in found
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["lock", "store.sealed"]


@pytest.mark.parametrize("spoil", ["secret", "cut", "changed", "empty", "gone"])
def test_a_store_that_cannot_be_opened_is_refused_and_stays_as_it_is(tmp_path: Path, spoil: str) -> None:
    store = _store(tmp_path)
    store.wrap("key", b"plain", b"")
    found = store.path.read_bytes()
    spoilt = {"cut": found[:-3], "changed": found[:-1] + bytes([found[-1] ^ 1]), "empty": b""}.get(spoil, found)
    store.path.write_bytes(spoilt)
    if spoil == "gone":
        store.path.unlink()
        again = store  # a process that has seen the store does not begin a new one
    else:
        again = _store(tmp_path, "another secret" if spoil == "secret" else SECRET)
    for call in (lambda: again.wrap("key", b"", b""), lambda: again.rotate("key"), lambda: again.destroy("key")):
        with pytest.raises(KeyRefused) as refused:
            call()
        assert _code(refused) == "store-closed"
    assert spoil == "gone" or store.path.read_bytes() == spoilt


def test_without_a_secret_of_the_operator_one_lies_beside_the_store_and_must_stay_there(tmp_path: Path) -> None:
    wrapped = _store(tmp_path, "").wrap("key", b"plain", b"")
    assert _store(tmp_path, "").unwrap("key", wrapped, b"") == b"plain"
    opener = tmp_path / "keys" / "opener"
    assert opener.stat().st_mode & 0o777 == 0o600
    opener.unlink()
    with pytest.raises(KeyRefused) as refused:
        _store(tmp_path, "").unwrap("key", wrapped, b"")
    assert _code(refused) == "store-closed"


@pytest.mark.parametrize("name", ["", "../up", "UPPER", "a b", "x" * 121, "ключ"])
def test_a_key_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        _store(tmp_path).wrap(name, b"", b"")
    assert _code(refused) == "name"


def test_on_a_full_disk_nothing_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = _store(tmp_path)
    wrapped = store.wrap("key", b"plain", b"")

    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(sealed_file, "write_atomically", full)
        for call in (lambda: store.destroy("key"), lambda: store.rotate("key"), lambda: store.wrap("new", b"", b"")):
            with pytest.raises(OSError, match="No space"):
                call()
    assert store.unwrap("key", wrapped, b"") == b"plain"
    assert (store.version("key"), store.version("new")) == (1, 0)


ROTATE = """
import sys
from pathlib import Path
from serai.kernel.keys.sealed_file import SealedFile
store = SealedFile(Path(sys.argv[1]), sys.argv[2])
while True:
    print(store.rotate("key"), flush=True)
"""


def test_killed_in_the_middle_of_rotating_the_store_opens_and_has_all_versions(tmp_path: Path) -> None:
    store = _store(tmp_path)
    wrapped = store.wrap("key", b"plain", b"")
    for pause in (0.0, 0.002, 0.005):
        command = [sys.executable, "-c", ROTATE, str(tmp_path / "keys"), SECRET]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        told = [int(line) for line in process.stdout.read().split("\n")[:-1]]
        process.wait()
        now = _store(tmp_path).version("key")
        assert now in {*told, max(told, default=now) + 1} or not told
        assert store.unwrap("key", wrapped, b"") == b"plain"
        assert [store.mac("key", b"", number) for number in range(1, now + 1)]


MAKE = """
import sys
from pathlib import Path
from serai.kernel.keys.sealed_file import SealedFile
store = SealedFile(Path(sys.argv[1]), sys.argv[2])
for number in range(20):
    store.wrap(f"key/{number}", b"", b"")
"""


def test_four_processes_that_need_the_same_new_keys_make_one_of_each(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(tmp_path / "keys"), ""]
    running = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    store = _store(tmp_path, "")
    assert [store.version(f"key/{number}") for number in range(20)] == [1] * 20
