"""A region's pages written into the house: all of them in one transaction, or none.

What was imported before is known by its digest; what the house's own staff changed since is kept and reported. Nothing
is ever deleted or taken down because a file does not have it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _

from serai.engine.content import stream
from serai.engine.content.search import without_refresh
from serai.kernel.access.models import Organisation, User
from serai.kernel.languages.registry import language
from serai.kernel.ledger.actions import record

from ...actions import BadText, NewGuide, Saved, Source, create_guides, save_guide
from ...actions.bulk import Ids
from ...models import GuidePage, ImportedPage, Topic
from ..linking import body_of, page_to_link, with_links
from .joining import Group, Joined
from .links import public_address
from .rows import Problem, RawPage, Report
from .text import Text, text_of

SAME_MOMENT = timedelta(seconds=60)
"""Texts saved so close together were saved by one click: nobody translated in between."""

_HALF = 32
_LINK = re.compile(r'"guide:([^"]+)"')
Progress = Callable[[int], None]


@dataclass
class Wanted:
    """One page as it is to stand. digest: of all that the import decides about it."""

    group: Group
    page: RawPage
    text: Text
    key: str
    parent: str
    translation: str
    is_current: bool
    digest: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Key and language."""
        return self.key, self.page.language

    @property
    def ref(self) -> str:
        """What it is called at its source."""
        return f"{self.page.language}:{self.page.id}"[:300]


class _DryRun(Exception):
    """Everything worked; nothing is to stay."""


def import_region(
    joined: Joined,
    report: Report,
    *,
    by: User | None,
    publisher: Organisation | None = None,
    topic: Topic | None = None,
    theirs: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Writes the guides and completes the report. publisher: None makes one of the region's name.

    theirs: the file's text replaces what staff changed here. dry_run: the report of what would be done.
    """
    report.dry_run = dry_run
    try:
        with without_refresh(), transaction.atomic():
            _Import(joined, report, by, publisher, topic, theirs, progress).run()
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


class _Import:
    """One run, inside its transaction."""

    def __init__(
        self,
        joined: Joined,
        report: Report,
        by: User | None,
        publisher: Organisation | None,
        topic: Topic | None,
        theirs: bool,
        progress: Progress,
    ) -> None:
        self.joined, self.report, self.by, self.topic = joined, report, by, topic
        self.theirs, self.progress = theirs, progress
        self.source = f"integreat:{report.region}"[:100]
        self.organisation = publisher or publisher_of(report.region)
        report.publisher = self.organisation.key

    def run(self) -> None:
        """New pages at once, changed ones each for itself; what is as it was is not touched."""
        rows = ImportedPage.objects.filter(source=self.source).select_related("page__locale").defer("page__body")
        self.known = {row.ref: row for row in rows}
        wanted = list(self._wanted(self._keys()))
        self._write_new(list(self._not_taken(one for one in wanted if one.ref not in self.known)))
        there = [one for one in wanted if one.ref in self.known]
        changed = [one for one in there if self.known[one.ref].digest[:_HALF] != one.digest[:_HALF]]
        self.report.unchanged = len(there) - len(changed)
        self.progress(self.report.unchanged)
        for one in changed:
            self._write_changed(one, self.known[one.ref])
            self.progress(1)
        self._say_what_is_gone(wanted)
        if self.report.created or self.report.updated:
            subject = f"guides.import:{self.organisation.pk}"
            record("guides.region_imported", subject=subject, by=str(self.by.pk) if self.by else "")

    def _keys(self) -> dict[str, str]:
        """The house's key of each guide: the one it was imported under, else one made of its smallest id."""
        keys = {}
        for group in self.joined.groups:
            refs = (f"{tag}:{page.id}"[:300] for tag, page in group.pages.items())
            row = next((self.known[ref] for ref in refs if ref in self.known), None)
            keys[group.key] = row.page.key if row else f"{self.organisation.key}/page-{group.key}"
        return keys

    def _not_taken(self, new: Iterable[Wanted]) -> Iterator[Wanted]:
        """A key that another guide of the house has already, which came some other way, is left to it."""
        taken = {(key, tag) for key, tags in _ids_of(self.organisation).items() for tag in tags}
        for one in new:
            if one.place not in taken:
                yield one
                continue
            says = _("The house has a guide with the key %(key)s, which did not come from these files. It stays.")
            cure = _("Give that guide another key, or delete it.")
            self.report.add([one.page.problem("key-taken", says % {"key": one.key}, cure)])
            self.report.kept += 1

    def _wanted(self, keys: dict[str, str]) -> Iterable[Wanted]:
        for group in self.joined.groups:
            tags = [group.original, *(tag for tag in group.pages if tag != group.original)]
            for tag in tags:
                page = group.pages[tag]
                text = text_of(page, self.report.region, self.joined.target)
                text.html = _LINK.sub(lambda found: f'"guide:{keys[found[1]]}"', text.html)
                self.report.add(text.problems)
                self.report.dropped.update(text.dropped)
                if page.has_thumbnail:
                    self.report.dropped["thumbnail"] += 1
                above = _nearest_above(group, tag)
                kind, is_current = _made(group, page)
                one = Wanted(group, page, text, keys[group.key], keys[above.key] if above else "", kind, is_current)
                one.digest = _digest(one)
                yield one

    def _write_new(self, new: list[Wanted]) -> None:
        there = _ids_of(self.organisation)
        guides = [self._new_guide(one, is_known=one.key in there) for one in new]
        made = create_guides(guides, by=self.by, organisation=self.organisation, progress=self.progress)
        pages = dict(GuidePage.objects.filter(pk__in=list(made.values())).values_list("pk", "text_digest"))
        ImportedPage.objects.bulk_create(
            [
                ImportedPage(
                    source=self.source,
                    ref=one.ref,
                    page_id=made[one.place],
                    digest=one.digest[:_HALF] + pages[made[one.place]][:_HALF],
                )
                for one in new
            ],
            batch_size=200,
        )
        self.report.created = len(new)

    def _new_guide(self, one: Wanted, *, is_known: bool) -> NewGuide:
        """is_known: the house has it in another language, and its fact says what is known of it here."""
        html, tag = one.text.html, one.page.language
        return NewGuide(
            key=one.key,
            language=tag,
            slug=_slug(one.page),
            title=one.page.title,
            summary=one.text.summary,
            body=lambda ids: body_of(with_links(html, tag, partial(page_to_link, ids))),
            parent=one.parent,
            position=one.page.order,
            translation=one.translation,
            topic=self.topic,
            source=None if is_known else source_of(one.group, self.report.region),
            made_from="" if one.translation == GuidePage.Translation.ORIGINAL else older_than(one.page),
            made_from_original=one.is_current,
        )

    def _write_changed(self, one: Wanted, row: ImportedPage) -> None:
        page = GuidePage.objects.select_related("topic", "fact").get(pk=row.page_id)
        html = with_links(one.text.html, one.page.language, self._page_to_link)
        body = body_of(html)
        here = {page.text_digest, _digest_of_newest(page)}
        is_theirs = here == {stream.digest(one.page.title, one.text.summary, body)}
        if not self.theirs and not is_theirs and any(digest[:_HALF] != row.digest[_HALF:] for digest in here):
            self._keep(one)
            return
        try:
            saved = self._save(one, page, body)
        except BadText as error:
            says = _("The new text is refused: %(why)s") % {"why": "; ".join(each.says for each in error.problems)}
            self.report.add([one.page.problem("text-refused", says, _("Correct the page at its source."))])
            self.report.kept += 1
            return
        self._after(one, saved.page, row, saved.outcome)

    def _save(self, one: Wanted, page: GuidePage, body: stream.Kinds) -> Saved:
        is_original = one.translation == GuidePage.Translation.ORIGINAL
        text_changed = stream.digest(one.page.title, one.text.summary, body) != page.text_digest
        return save_guide(
            by=self.by,
            organisation=page.organisation,
            key=page.key,
            language=one.page.language,
            slug=_slug(one.page),
            title=one.page.title,
            summary=one.text.summary,
            body=body,
            parent=GuidePage.objects.filter(key=one.parent).first() if one.parent else None,
            topic=page.topic or self.topic,
            places=list(page.places.all()),
            position=one.page.order,
            translation=one.translation,
            made_from=self._made_from(one, page),
            source=self._source(one, page) if is_original and text_changed else None,
        )

    def _source(self, one: Wanted, page: GuidePage) -> Source:
        """Whoever checked the old text has not checked the new one."""
        if page.fact is not None and page.fact.checked_on is not None:
            says = _("The text changed at its source after somebody here had checked it.")
            self.report.add([one.page.problem("check-again", says, _("Check it again on the desk."))])
        return source_of(one.group, self.report.region)

    def _made_from(self, one: Wanted, page: GuidePage) -> str:
        if one.translation == GuidePage.Translation.ORIGINAL:
            return ""
        original = GuidePage.objects.filter(key=page.key, translation=GuidePage.Translation.ORIGINAL).first()
        return original.text_digest if original and one.is_current else older_than(one.page)

    def _keep(self, one: Wanted) -> None:
        says = _("The page changed at its source, and this house has changed it too. The house's text stays.")
        cure = _("Compare the two and take over what is new, or import again with --theirs.")
        self.report.add([one.page.problem("edited-here", says, cure)])
        self.report.kept += 1

    def _after(self, one: Wanted, page: GuidePage, row: ImportedPage, outcome: str) -> None:
        row.digest = one.digest[:_HALF] + _digest_of_newest(page)[:_HALF]
        row.save(update_fields=["digest"])
        if outcome == "kept_down":
            says = _("Staff took this page down; its new text waits as a draft.")
            self.report.add([one.page.problem("kept-down", says, _("Publish it on the desk if it should be there."))])
        self.report.updated += 1

    def _page_to_link(self, key: str, tag: str) -> int | None:
        return page_to_link(self._ids, key, tag)

    @cached_property
    def _ids(self) -> Ids:
        """All guides of the publisher, once the new ones are there."""
        return _ids_of(self.organisation)

    def _say_what_is_gone(self, wanted: list[Wanted]) -> None:
        refs = {one.ref for one in wanted}
        tags = {one.page.language for one in wanted}
        for ref, row in self.known.items():
            if ref in refs or row.page.tag not in tags:
                continue
            self.report.removed_upstream += 1
            says = _("The page “%(title)s” is no longer in the files. It stays here.") % {"title": row.page.title}
            cure = _("Take it down on the desk if it no longer holds.")
            ident = ref.partition(":")[2]
            self.report.add([Problem("", ident, row.page.url_path, "removed-upstream", says, cure)])


def publisher_of(region: str) -> Organisation:
    """The organisation of a region's name, made when it is not there."""
    key = slugify(region)[:80] or f"region-{hashlib.sha256(region.encode()).hexdigest()[:8]}"
    values = {"kind": Organisation.Kind.MUNICIPALITY, "names": {settings.SERAI_LANGUAGES[0]: region}}
    return Organisation.objects.get_or_create(key=key, defaults=values)[0]


def source_of(group: Group, region: str) -> Source:
    """Who says it: the region's page at Integreat, with the day of its text. Nobody here has checked it."""
    page = group.first
    day = f", {page.updated.date().isoformat()}" if page.updated else ""
    return Source(name=f"Integreat: {region}{day}"[:200], url=public_address(page))


def older_than(page: RawPage) -> str:
    """What stands for the original's digest when a translation is older than the original that we have."""
    return f"before {page.updated.isoformat()}"[:64] if page.updated else "before"


def _made(group: Group, page: RawPage) -> tuple[str, bool]:
    """Who made the text, and whether it is as new as the original.

    The files do not say it. A text saved in the same minute as its original was not translated by a person in between,
    so it is called a machine's until somebody here reviews it; any other was worked on at its own time: by a person.
    """
    kinds = GuidePage.Translation
    if page.language == group.original:
        return kinds.ORIGINAL, True
    original = group.first.updated
    if page.updated is None or original is None:
        return kinds.HUMAN, True
    if abs(page.updated - original) <= SAME_MOMENT:
        return kinds.MACHINE, True
    return kinds.HUMAN, page.updated > original


def _nearest_above(group: Group, tag: str) -> Group | None:
    above = group.parent
    while above is not None and tag not in above.pages:
        above = above.parent
    return above


def _digest(one: Wanted) -> str:
    told = [
        one.page.title,
        one.text.summary,
        one.text.html,
        one.page.order,
        _slug(one.page),
        one.parent,
        one.translation,
        one.page.updated.isoformat() if one.page.updated else "",
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def _digest_of_newest(page: GuidePage) -> str:
    newest = page.get_latest_revision_as_object()
    return stream.digest(newest.title, newest.summary, list(newest.body.get_prep_value()))


def _slug(page: RawPage) -> str:
    return page.path.rstrip("/").rsplit("/", 1)[-1]


def _ids_of(organisation: Organisation) -> Ids:
    found: dict[str, dict[str, int]] = {}
    rows = GuidePage.objects.filter(organisation=organisation).values_list("key", "locale__language_code", "pk")
    for key, code, pk in rows:
        found.setdefault(key, {})[language(code).tag] = pk
    return found
