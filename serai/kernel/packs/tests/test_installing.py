"""A pack comes in whole or not at all, only from whom the house trusts, and the same one again changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from serai.kernel.access.models import Organisation
from serai.kernel.access.viewer import NOBODY
from serai.kernel.ledger.models import OutboxRow
from serai.kernel.packs import leftovers
from serai.kernel.packs.actions import (
    Installed,
    NoRoom,
    PackRefused,
    install_pack,
    record_published,
    trust_key,
    withdraw_key,
)
from serai.kernel.packs.head import read_head
from serai.kernel.packs.models import ImmutableRow, InstalledPack, PackVersion, Piece
from serai.kernel.packs.publishing import sealed
from serai.kernel.packs.queries import installed_packs, trusted_keys
from serai.kernel.packs.signature import SIG, digest_of, digests, public_text
from serai.kernel.packs.tests.small import FILES, HEAD, edited, pack, topics, version
from serai.kernel.register.ports import PACK_PARTS, PackProblem, PackReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def signed(key: Ed25519PrivateKey, files: dict[str, bytes]) -> dict[str, bytes]:
    head, _problems = read_head(files["pack.yaml"])
    assert head is not None
    return sealed(head, files, key)


def install(files: dict[str, bytes], **more: Any) -> Installed:
    return install_pack(by=None, files=files, **more)


def codes(refused: pytest.ExceptionInfo[PackRefused]) -> set[str]:
    assert all(each.says and each.cure for each in refused.value.problems)
    return {each.code for each in refused.value.problems if each.refuses}


@contextlib.contextmanager
def a_part(name: str, install: Any, path: str = "guides/never") -> Iterator[None]:
    """Adds a part to the house for a while: `install` runs in the middle of each install."""

    class Part:
        order = 55

        def owns(self, other: str) -> bool:
            return other == path

        def check(self, pack: Any, files: Any) -> list[PackProblem]:
            return []

        def install(self, pack: Any, files: Any, *, by: Any) -> PackReport:
            return install() or PackReport()

    PACK_PARTS.offer(name, Part())
    try:
        yield
    finally:
        del PACK_PARTS._offers[name]


def test_a_pack_comes_in_with_its_version_and_one_event() -> None:
    install(topics())
    done = install(pack())
    assert done.changed
    assert set(done.report.created) >= {"guides/first-days.en", "guides/doctor.ar", "contacts/desk", "alerts/moved"}
    version = InstalledPack.objects.get(pack="lindenbach").now
    assert (version.version, version.publisher, version.signed_by) == ("1.0.0", "lindenbach", "")
    assert version.digest == digest_of(digests(pack()))
    events = OutboxRow.objects.filter(event="packs.pack_installed").values_list("subject", flat=True)
    assert list(events) == ["packs.pack:topics@1.0.0", "packs.pack:lindenbach@1.0.0"]


@pytest.mark.parametrize("again", [False, True])
def test_the_same_pack_again_writes_no_row_and_records_no_event(again: bool) -> None:
    install(topics())
    install(pack())
    events = OutboxRow.objects.count()
    with CaptureQueriesContext(connection) as asked:
        done = install(pack(), again=again)
    written = [row["sql"] for row in asked if row["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []
    assert OutboxRow.objects.count() == events
    assert (done.report.created, done.report.updated, done.report.removed) == ((), (), ())
    assert done.changed is again


def test_progress_is_told_for_each_guide_and_row() -> None:
    told: list[int] = []
    install(topics(), progress=told.append)
    assert sum(told) == 2
    install(pack(), progress=told.append)
    assert sum(told) == 2 + 3 + 2


def test_a_pack_that_needs_another_waits_for_it() -> None:
    with pytest.raises(PackRefused) as refused:
        install(pack({"pack.yaml": HEAD.replace("topics: 1.0.0", "topics: 2.0.0")}))
    assert "topic-unknown" in codes(refused)
    install(topics())
    with pytest.raises(PackRefused) as refused:
        install(pack({"pack.yaml": HEAD.replace("topics: 1.0.0", "topics: 2.0.0")}))
    assert codes(refused) == {"requires-missing"}


def test_a_published_version_never_changes() -> None:
    install(topics())
    install(pack())
    with pytest.raises(PackRefused) as refused:
        install(pack(edited("words/en.yaml", "City desk", "Town desk")))
    assert codes(refused) == {"version-changed"}
    row = PackVersion.objects.get(pack="lindenbach")
    with pytest.raises(ImmutableRow):
        row.save()
    with pytest.raises(ImmutableRow):
        row.delete()


def test_an_older_version_needs_to_be_asked_for() -> None:
    install(topics())
    install(pack(version("1.10.0")))
    with pytest.raises(PackRefused) as refused:
        install(pack(version("1.9.0")))
    assert codes(refused) == {"version-older"}
    install(pack(version("1.9.0")), allow_older=True)
    assert InstalledPack.objects.get(pack="lindenbach").now.version == "1.9.0"


def test_a_demo_house_takes_an_unsigned_pack_and_says_so() -> None:
    done = install(topics())
    assert [(note.code, note.refuses) for note in done.notes] == [("unsigned", False)]


def test_a_live_house_takes_only_what_a_trusted_key_has_signed(settings: Any, key: Ed25519PrivateKey) -> None:
    settings.SERAI_MODE = "live"
    with pytest.raises(PackRefused) as refused:
        install(topics())
    assert codes(refused) == {"unsigned"}
    with pytest.raises(PackRefused) as refused:
        install(signed(key, topics()))
    assert codes(refused) == {"key-unknown"}
    assert PackVersion.objects.count() == 0
    trust_key(by=None, publisher="commons", key=public_text(key.public_key()))
    assert install(signed(key, topics())).notes == []
    assert [row.signed for row in installed_packs(viewer=NOBODY)] == [True]


def test_once_a_publisher_has_a_key_even_a_demo_house_takes_nothing_else_from_it(key: Ed25519PrivateKey) -> None:
    trust_key(by=None, publisher="commons", key=public_text(key.public_key()))
    for files in (topics(), signed(Ed25519PrivateKey.generate(), topics())):
        with pytest.raises(PackRefused) as refused:
            install(files)
        assert codes(refused) in ({"unsigned"}, {"key-unknown"})


def test_a_key_trusted_for_one_publisher_does_not_sign_for_another(settings: Any, key: Ed25519PrivateKey) -> None:
    settings.SERAI_MODE = "live"
    trust_key(by=None, publisher="somebody-else", key=public_text(key.public_key()))
    with pytest.raises(PackRefused) as refused:
        install(signed(key, topics()))
    assert codes(refused) == {"key-unknown"}


def test_a_withdrawn_key_is_refused_everywhere_until_it_is_trusted_again(key: Ed25519PrivateKey) -> None:
    public = public_text(key.public_key())
    trust_key(by=None, publisher="commons", key=public)
    withdraw_key(by=None, publisher="commons", key=public)
    with pytest.raises(PackRefused) as refused:
        install(signed(key, topics()))
    assert codes(refused) == {"key-withdrawn"}
    trust_key(by=None, publisher="commons", key=public)
    assert install(signed(key, topics())).changed
    assert [row.withdrawn for row in trusted_keys(viewer=NOBODY)] == [None]


def test_a_wrong_signature_is_refused_even_in_a_demo_house(key: Ed25519PrivateKey) -> None:
    files = signed(key, topics())
    files["tables/topics.csv"] += b"more,living,,heart,30\n"
    with pytest.raises(PackRefused) as refused:
        install(files)
    assert "signature-file-changed" in codes(refused)
    other = signed(key, pack({"pack.yaml": None}, base=FILES) | {"pack.yaml": HEAD.encode()})
    with pytest.raises(PackRefused) as refused:
        install({**topics(), SIG: other[SIG]})
    assert codes(refused) == {"signature-other"}


def test_another_publisher_cannot_take_over_a_pack_nor_an_organisation_that_publishes_itself() -> None:
    install(topics())
    stolen = {path: data.replace(b"commons", b"thief") for path, data in topics().items()}
    with pytest.raises(PackRefused) as refused:
        install({**stolen, "pack.yaml": stolen["pack.yaml"].replace(b"1.0.0", b"2.0.0")})
    assert "publisher-other" in codes(refused)
    rows = FILES["tables/organisations.csv"] + "commons,network,https://evil.example,,\n"
    words = {
        path: FILES[path].replace("organisations:\n", "organisations:\n  commons:\n    name: Thief\n    about: x\n")
        for path in ("words/en.yaml", "words/ar.yaml")
    }
    with pytest.raises(PackRefused) as refused:
        install(pack({"tables/organisations.csv": rows, **words}))
    assert "organisation-other" in codes(refused)
    assert Organisation.objects.get(key="commons").url == ""


def test_when_one_part_refuses_nothing_of_the_others_stays() -> None:
    install(topics())
    before = (Organisation.objects.count(), Piece.objects.count(), OutboxRow.objects.count())

    def refuse() -> PackReport:
        return PackReport(problems=(PackProblem("guides/never", 1, "no", "No.", "Never."),))

    with a_part("refuses", refuse), pytest.raises(PackRefused) as refused:
        install(pack())
    assert codes(refused) == {"no"}
    assert (Organisation.objects.count(), Piece.objects.count(), OutboxRow.objects.count()) == before
    assert not PackVersion.objects.filter(pack="lindenbach").exists()


def test_when_the_disk_is_full_nothing_stays_and_the_message_says_why() -> None:
    install(topics())

    def full() -> None:
        raise OSError(28, "No space left on device")

    with a_part("full", full), pytest.raises(NoRoom, match="disk is full"):
        install(pack())
    assert not Organisation.objects.filter(key="lindenbach").exists()
    assert install(pack()).changed


def test_files_that_an_install_wrote_go_away_when_it_breaks_off() -> None:
    def write() -> None:
        leftovers.note_file("new.bin")
        default_storage.save("new.bin", ContentFile(b"x"))
        raise ZeroDivisionError

    with a_part("breaks", write), pytest.raises(ZeroDivisionError):
        install(topics())
    assert not default_storage.exists("new.bin")


def test_files_that_a_killed_install_left_are_cleared_by_the_next_but_those_of_a_finished_one_stay(
    settings: Any,
) -> None:
    folder = Path(settings.SERAI_DATA) / "packs"
    folder.mkdir(exist_ok=True)
    default_storage.save("left.bin", ContentFile(b"x"))
    journal = '{"pack": "topics", "version": "1.0.0", "digest": "%s"}\n{"file": "left.bin"}\n{"file": "cut off'
    (folder / "install.journal").write_text(journal % "0")
    leftovers.clear_leftovers()
    assert not default_storage.exists("left.bin")
    assert not (folder / "install.journal").exists()

    install(topics())
    default_storage.save("kept.bin", ContentFile(b"x"))
    done = journal.replace("left.bin", "kept.bin") % digest_of(digests(topics()))
    (folder / "install.journal").write_text(done)
    leftovers.clear_leftovers()
    assert default_storage.exists("kept.bin")
    default_storage.delete("kept.bin")


def test_only_one_install_runs_at_a_time() -> None:
    def another() -> None:
        with pytest.raises(leftovers.AnotherInstall):
            install(pack())

    with a_part("another", another):
        assert install(topics()).changed


def test_what_a_house_gave_out_under_a_version_stays_what_it_is(key: Ed25519PrivateKey) -> None:
    head, _problems = read_head(HEAD.encode())
    assert head is not None
    manifest = digests(pack())
    values = {"head": head, "manifest": manifest, "signed_by": public_text(key.public_key())}
    first = record_published(by=None, digest=digest_of(manifest), **values)
    assert record_published(by=None, digest=digest_of(manifest), **values) == first
    with pytest.raises(PackRefused) as refused:
        record_published(by=None, digest="0" * 64, **values)
    assert codes(refused) == {"version-changed"}
    assert OutboxRow.objects.filter(event="packs.pack_published").count() == 1
