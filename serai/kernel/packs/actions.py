"""Writes of packs: install one, record a published version, trust or withdraw a publisher's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.kernel.access.models import User
from serai.kernel.ledger.actions import record
from serai.kernel.register.ports import PackProblem, PackReport
from serai.lib.atomic import is_full

from .checking import check_files, in_order, owned, parts
from .head import FILE, Head
from .judging import Verdict, judge
from .leftovers import watched
from .models import InstalledPack, PackVersion, PublisherKey
from .progress import told_to
from .signature import digest_of, digests, public_key


class PackRefused(ValueError):
    """The pack stays out; nothing was written. problems: every reason, with file, line and cure."""

    def __init__(self, problems: list[PackProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{each.file}:{each.line}: {each.says}" for each in problems))


class NoRoom(OSError):
    """The disk is full, or cannot be written; nothing was."""


@dataclass(frozen=True)
class Installed:
    """What an install did. changed: False when the house had this very content already."""

    head: Head
    changed: bool
    report: PackReport
    notes: list[PackProblem] = field(default_factory=list)


def install_pack(
    *,
    by: User | None,
    files: dict[str, bytes],
    allow_older: bool = False,
    again: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Installed:
    """Puts a pack into the house: all of it, or nothing.

    files: path to bytes, as folder.read_pack gives them. again: go through all files even though this version is
    installed. progress: told how many more files are done. Raises PackRefused, NoRoom, leftovers.AnotherInstall.
    """
    checked = check_files(files)
    if checked.head is None or checked.refused:
        raise PackRefused(checked.problems)
    head = checked.head
    try:
        with told_to(progress):
            return _install(by, head, files, checked.problems, allow_older, again)
    except (OSError, OperationalError) as error:
        if is_full(error):
            says = _("The disk is full or cannot be written. Nothing was installed. Make room and install again.")
            raise NoRoom(says) from error
        raise


def _install(
    by: User | None, head: Head, files: dict[str, bytes], notes: list[PackProblem], allow_older: bool, again: bool
) -> Installed:
    with watched(head.pack, head.version, digest_of(digests(files))), transaction.atomic():
        _one_at_a_time()
        verdict = judge(head, files, allow_older=allow_older)
        if verdict.refused:
            raise PackRefused(in_order([*verdict.problems, *notes]))
        notes = in_order([*verdict.problems, *notes])
        if verdict.same and not again:
            return Installed(head, False, PackReport(unchanged=len(verdict.manifest)), notes)
        report = _run_parts(by, head, files)
        _note_version(by, head, verdict, report)
    return Installed(head, True, report, notes)


def _run_parts(by: User | None, head: Head, files: dict[str, bytes]) -> PackReport:
    mapping = {**head.mapping(), "whole": files, "beside": {}}
    reports = [part.install(mapping, owned(part, files), by=by) for part in parts()]
    report = PackReport(
        created=tuple(ref for each in reports for ref in each.created),
        updated=tuple(ref for each in reports for ref in each.updated),
        removed=tuple(ref for each in reports for ref in each.removed),
        unchanged=sum(each.unchanged for each in reports),
        kept=tuple(ref for each in reports for ref in each.kept),
        problems=tuple(problem for each in reports for problem in each.problems),
    )
    if any(problem.refuses for problem in report.problems):
        raise PackRefused(in_order(report.problems))
    return report


def _note_version(by: User | None, head: Head, verdict: Verdict, report: PackReport) -> None:
    version = PackVersion.objects.filter(
        pack=head.pack, version=head.version, way=PackVersion.Way.INSTALLED
    ).first() or PackVersion.objects.create(
        pack=head.pack,
        version=head.version,
        publisher=head.publisher,
        digest=verdict.digest,
        manifest=verdict.manifest,
        head=head.mapping(),
        signed_by=verdict.signed_by,
        by=by,
    )
    installed = InstalledPack.objects.filter(pack=head.pack).first()
    if installed is not None and installed.now_id == version.pk:
        if not (report.created or report.updated or report.removed):
            return  # gone through again, and nothing was otherwise
    else:
        InstalledPack.objects.update_or_create(pack=head.pack, defaults={"now": version, "since": timezone.now()})
    event = "packs.pack_updated" if installed else "packs.pack_installed"
    record(event, subject=f"packs.pack:{head.pack}@{head.version}", by=_id(by), touches=[f"pack:{head.pack}"])


@transaction.atomic
def record_published(
    *, by: User | None, head: Head, digest: str, manifest: Mapping[str, str], signed_by: str
) -> PackVersion:
    """Notes that this house gave out a version; from now on it never changes. Raises PackRefused."""
    for former in PackVersion.objects.filter(pack=head.pack, version=head.version):
        if former.digest != digest:
            says = _("%(pack)s %(version)s was given out before with other content.")
            values = {"pack": head.pack, "version": head.version}
            cure = _("Give the changed pack a new version in pack.yaml.")
            raise PackRefused([PackProblem(FILE, 0, "version-changed", says % values, cure)])
        if former.way == PackVersion.Way.PUBLISHED:
            return former
    version = PackVersion.objects.create(
        pack=head.pack,
        version=head.version,
        way=PackVersion.Way.PUBLISHED,
        publisher=head.publisher,
        digest=digest,
        manifest=dict(manifest),
        head=head.mapping(),
        signed_by=signed_by,
        by=by,
    )
    record("packs.pack_published", subject=f"packs.pack:{head.pack}@{head.version}", by=_id(by))
    return version


@transaction.atomic
def trust_key(*, by: User | None, publisher: str, key: str) -> PublisherKey:
    """The operator has made sure that this key belongs to the publisher. Raises signature.SignatureRefused."""
    public_key(key)
    row = PublisherKey.objects.filter(publisher=publisher, key=key).first()
    if row is not None and row.withdrawn is None:
        return row
    if row is None:
        row = PublisherKey.objects.create(publisher=publisher, key=key, added_by=by)
    else:
        row.withdrawn, row.added_by = None, by
        row.save()
    record("packs.key_trusted", subject=f"packs.key:{row.pk}", by=_id(by))
    return row


@transaction.atomic
def withdraw_key(*, by: User | None, publisher: str, key: str) -> PublisherKey:
    """The key was lost or stolen: nothing signed with it is taken any more. Raises PublisherKey.DoesNotExist."""
    row = PublisherKey.objects.get(publisher=publisher, key=key)
    if row.withdrawn is None:
        row.withdrawn = timezone.now()
        row.save()
        record("packs.key_withdrawn", subject=f"packs.key:{row.pk}", by=_id(by))
    return row


def _one_at_a_time() -> None:
    """Also where several servers share one PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7266735)")


def _id(user: User | None) -> str:
    return str(user.pk) if user else ""
