"""Whether this house takes a pack that is right in itself: who signed it, is it new, are the packs it needs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from serai.kernel.register.ports import PackProblem

from .checking import ORGANISATIONS, organisation_keys
from .head import FILE, Head, version_key
from .models import InstalledPack, PackVersion, PublisherKey
from .signature import SIG, digest_of, digests, read_seal


@dataclass(frozen=True)
class Verdict:
    """What the house thinks of a pack. problems: with refuses, why it stays out; else what the operator should know.

    signed_by: the public key of the seal, "" when there is none. same: this very content is installed already.
    """

    digest: str
    manifest: dict[str, str]
    signed_by: str
    same: bool
    problems: list[PackProblem]

    @property
    def refused(self) -> bool:
        """Whether the pack stays out."""
        return any(problem.refuses for problem in self.problems)


def judge(head: Head, files: Mapping[str, bytes], *, allow_older: bool = False) -> Verdict:
    """Holds a checked pack against what the house has and whom it trusts. Reads only."""
    manifest = digests(files)
    digest = digest_of(manifest)
    installed = InstalledPack.objects.filter(pack=head.pack).select_related("now").first()
    signed_by = read_seal(files[SIG]).key if SIG in files else ""
    problems = [
        *_trust(head, signed_by),
        *_version(head, digest, installed, allow_older),
        *_owner(head, installed),
        *_others(head, files),
        *_requires(head),
    ]
    same = bool(installed and installed.now.digest == digest and installed.now.version == head.version)
    return Verdict(digest, manifest, signed_by, same, problems)


def _trust(head: Head, signed_by: str) -> list[PackProblem]:
    rows = PublisherKey.objects.filter(publisher=head.publisher)
    good = {row.key for row in rows if row.withdrawn is None}
    if signed_by and signed_by in good:
        return []
    if signed_by in {row.key for row in rows}:
        says = _("The key that signed this pack was withdrawn.")
        return [PackProblem(SIG, 5, "key-withdrawn", says, _("Ask the publisher for a copy signed with the new key."))]
    strict = settings.SERAI_MODE == "live" or bool(good)
    values = {"publisher": head.publisher, "key": signed_by}
    if signed_by:
        says = _("Nobody in this house has confirmed that the key %(key)s belongs to %(publisher)s.") % values
        cure = _(
            "Ask the publisher for the key by another way than the pack came. If it is the same, run: "
            "serai pack trust %(publisher)s %(key)s"
        )
        return [PackProblem(SIG, 5, "key-unknown", says, cure % values, refuses=strict)]
    says = _("The pack is not signed: nobody can tell whether it comes from %(publisher)s.") % values
    if not strict:
        cure = _("A demo house takes it all the same; a live house does not.")
        return [PackProblem(SIG, 0, "unsigned", says, cure, refuses=False)]
    return [PackProblem(SIG, 0, "unsigned", says, _("Ask the publisher for a signed copy (`serai pack sign`)."))]


def _version(head: Head, digest: str, installed: InstalledPack | None, allow_older: bool) -> list[PackProblem]:
    for former in PackVersion.objects.filter(pack=head.pack, version=head.version):
        if former.digest != digest:
            says = _("%(pack)s %(version)s is known here with other content. A published version never changes.")
            values = {"pack": head.pack, "version": head.version}
            cure = _("Give the changed pack a new version in pack.yaml.")
            return [PackProblem(FILE, 0, "version-changed", says % values, cure)]
    if installed is None or allow_older or version_key(head.version) >= version_key(installed.now.version):
        return []
    says = _("The house has version %(now)s; this is %(version)s, which is older.")
    values = {"now": installed.now.version, "version": head.version}
    return [PackProblem(FILE, 0, "version-older", says % values, _("To go back on purpose, add --allow-older."))]


def _owner(head: Head, installed: InstalledPack | None) -> list[PackProblem]:
    if installed is None or installed.now.publisher == head.publisher:
        return []
    says = _("The pack “%(pack)s” in this house is published by %(owner)s, not by %(publisher)s.")
    values = {"pack": head.pack, "owner": installed.now.publisher, "publisher": head.publisher}
    return [PackProblem(FILE, 0, "publisher-other", says % values, _("Give the pack another name."))]


def _others(head: Head, files: Mapping[str, bytes]) -> list[PackProblem]:
    """A pack may describe other organisations, but not one that publishes here under its own name."""
    theirs = set(InstalledPack.objects.exclude(pack=head.pack).values_list("now__publisher", flat=True))
    theirs |= set(PublisherKey.objects.values_list("publisher", flat=True))
    theirs.discard(head.publisher)
    return [
        PackProblem(
            ORGANISATIONS,
            line,
            "organisation-other",
            _("“%(key)s” publishes here itself; another's pack cannot change what it says of itself.") % {"key": key},
            _("Take the row out."),
        )
        for key, line in organisation_keys(files).items()
        if key in theirs
    ]


def _requires(head: Head) -> list[PackProblem]:
    have = dict(InstalledPack.objects.values_list("pack", "now__version"))
    found = []
    for pack, version in head.requires.items():
        values = {"pack": pack, "version": version, "now": have.get(pack, "")}
        if pack not in have:
            says = _("This pack needs the pack “%(pack)s”, which is not installed.") % values
        elif version_key(have[pack]) < version_key(version):
            says = _("This pack needs “%(pack)s” from version %(version)s; the house has %(now)s.") % values
        else:
            continue
        cure = _("Install “%(pack)s” %(version)s or newer first.") % values
        found.append(PackProblem(FILE, 0, "requires-missing", says, cure))
    return found
