"""Puts the guides of a pack into the house, and keeps what the house has done itself: its texts, translations, checks.

New guides are made all at once (actions/bulk.py), so that they can link to each other; what stands is saved one by one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.kernel.access.models import Organisation, User
from serai.kernel.facts.models import Fact
from serai.kernel.packs.actions import PackRefused
from serai.kernel.packs.pieces import Choice, Pieces
from serai.kernel.packs.progress import advance
from serai.kernel.places.models import Place
from serai.kernel.register.ports import PackProblem, PackReport

from ..actions import BadText, NewGuide, Source, create_guides, save_guide
from ..actions.bulk import Ids
from ..models import GuidePage, Topic
from ..texts import refuse_bad_text
from .house_form import HouseForm, Kinds, linked, to_house, with_marks, without_links_to
from .markdown_file import Guide, digest_of
from .media import digest_of_file
from .reading import Versions, path_of, read_guides
from .tally import Tally

RANK = {state: rank for rank, state in enumerate(GuidePage.Translation.values)}


def install_guides(pack: Mapping[str, Any], files: Mapping[str, bytes], *, by: User | None) -> PackReport:
    """Writes what is new; the same pack again writes nothing."""
    return _Install(pack, files, by).run()


class _Install:
    """One install of the guides of one pack."""

    def __init__(self, pack: Mapping[str, Any], files: Mapping[str, bytes], by: User | None) -> None:
        self.pack, self.files, self.by = pack["pack"], files, by
        self.first = pack["languages"][0]
        self.guides = read_guides(pack, files)
        self.pieces = Pieces.of(self.pack, "guides")
        self.tally = Tally()
        self.organisation = Organisation.objects.filter(key=pack["publisher"]).first()
        self.topics = {topic.key: topic for topic in Topic.objects.all()}
        self.places = {place.key: place for place in Place.objects.all()}
        self.new: set[str] = set()
        self.carried: dict[tuple[str, str], str] = {}

    def run(self) -> PackReport:
        """Originals before translations, parents before children."""
        if self.organisation is None:
            if self.guides:
                says = _("The publisher of this pack is not in the house.")
                cure = _("Add it to tables/organisations.csv.")
                self.tally.note("tables/organisations.csv", "publisher-missing", says, cure, refuses=True)
            return self.tally.report()
        self._load()
        self._refuse_foreign()
        slugs = list(in_tree_order(self.guides))
        self._all([(slug, self.first) for slug in slugs])
        self._all([(slug, language) for slug in slugs for language in sorted(self.guides[slug].translations)])
        self._take_down()
        return self.tally.report()

    def _load(self) -> None:
        """All pages that matter, and what the house can link to; a handful of queries."""
        targets = {key for each in self._each() for key in linked(each.kinds)}
        ours = Q(key__startswith=f"{self.pack}/")
        self.pages: dict[tuple[str, str], GuidePage] = {}
        self.ids: dict[str, dict[str, int]] = {}
        rows = GuidePage.objects.filter(ours | Q(key__in=targets))
        for page in rows.select_related("locale", "fact", "organisation"):
            self.ids.setdefault(page.key, {})[page.tag] = page.pk
            if page.key.startswith(f"{self.pack}/"):
                self.pages[page.key, page.tag] = page
        self.there = set(self.ids) | {self._key(slug) for slug in self.guides}
        form = HouseForm.of(self.pages.values())
        self.here = {
            at: digest_of(page.title, page.summary, form.kinds(page, marks=True)) for at, page in self.pages.items()
        }

    def _each(self) -> Iterator[Guide]:
        for versions in self.guides.values():
            yield from (guide for guide in (versions.original, *versions.translations.values()) if guide)

    def _key(self, slug: str) -> str:
        return f"{self.pack}/{slug}"

    def _refuse_foreign(self) -> None:
        """In whatever language: texts of one key are one guide with one source, and that has one publisher."""
        for (key, language), page in self.pages.items():
            slug = key.partition("/")[2]
            if slug in self.guides and page.organisation_id != self.organisation.pk:  # type: ignore[union-attr]
                says = _("The guide %(key)s belongs to another publisher in this house.") % {"key": key}
                cure = _("Rename the guide in the pack.")
                raise PackRefused([PackProblem(path_of(slug, language), 0, "page-other", says, cure)])

    def _all(self, wanted: list[tuple[str, str]]) -> None:
        """New ones first and at once: all others can link to them and stand below them."""
        there = {at for at in wanted if (self._key(at[0]), at[1]) in self.pages}
        self._make([at for at in wanted if at not in there])
        for slug, language in wanted:
            if (slug, language) in there:
                self._one(slug, language)

    def _make(self, new: list[tuple[str, str]]) -> None:
        guides, memories = [], []
        for slug, language in new:
            ref, guide = f"guides/{slug}.{language}", self._guide(slug, language)
            plain, wanted, text, rest = self._told(slug, language, guide)
            source = self._source(ref, guide, None, text, rest, Choice.TAKE) if language == self.first else {}
            guides.append(self._new_guide(slug, language, guide, plain, source.get("source")))
            self.tally.created.append(ref)
            memories.append((ref, {"text": text, "here": wanted, "rest": rest}))
        made = create_guides(guides, by=self.by, organisation=self.organisation, progress=advance)  # type: ignore[arg-type]
        for page in GuidePage.objects.filter(pk__in=made.values()).select_related("locale", "fact", "organisation"):
            self.pages[page.key, page.tag] = page
            self.ids.setdefault(page.key, {})[page.tag] = page.pk
            self.new.add(page.key)
        for ref, memory in memories:
            self.pieces.remember(ref, **memory)

    def _told(self, slug: str, language: str, guide: Guide) -> tuple[Kinds, str, str, str]:
        """Blocks with the links that lead somewhere; digests of the text as the house has it, of the pack's, of the
        rest."""
        plain = without_links_to(guide.kinds, lambda key: key in self.there)
        text = digest_of_pack(guide, self.files)
        wanted = text
        if plain != guide.kinds:
            wanted = digest_of(guide.title, guide.summary, with_marks(plain, self.files, digest_of_file))
        return plain, wanted, text, rest_of(guide) if language == self.first else ""

    def _new_guide(self, slug: str, language: str, guide: Guide, plain: Kinds, source: Source | None) -> NewGuide:
        def body(ids: Ids) -> Kinds:
            def page_of(key: str) -> int | None:
                return self._page_of(language, ids.get(key) or self.ids.get(key, {}))

            kinds = to_house(plain, page_of, self.files)
            with refused_at(path_of(slug, language)):
                refuse_bad_text(title=guide.title, summary=guide.summary, body=kinds)
            return kinds

        state, made_from = self._made(slug, language, guide, None, Choice.TAKE)
        return NewGuide(
            key=self._key(slug),
            language=language,
            slug=slug,
            title=guide.title,
            summary=guide.summary,
            body=body,
            parent=self._above(slug),
            translation=state,
            made_from=made_from,
            source=source,
            **self._place(slug),
        )

    def _guide(self, slug: str, language: str) -> Guide:
        versions = self.guides[slug]
        guide = versions.original if language == self.first else versions.translations[language]
        assert guide is not None  # noqa: S101 - checked before anything is installed
        return guide

    def _page_of(self, language: str, found: Mapping[str, int]) -> int | None:
        return found.get(language) or found.get(self.first) or next(iter(found.values()), None)

    def _one(self, slug: str, language: str) -> None:
        ref, guide, at = f"guides/{slug}.{language}", self._guide(slug, language), (self._key(slug), language)
        page = self.pages[at]
        plain, wanted, text, rest = self._told(slug, language, guide)
        choice = self.pieces.choose(ref, wanted=wanted, here=self.here[at])
        more = self._source(ref, guide, page, text, rest, choice) if language == self.first else {}
        outcome = self._write(slug, language, guide, plain, choice, page, more)
        self._count(ref, choice, "updated" if more and outcome == "unchanged" else outcome, text)
        self.pieces.remember(ref, text=text, here=wanted, rest=rest)
        advance()

    def _write(
        self,
        slug: str,
        language: str,
        guide: Guide,
        plain: Kinds,
        choice: Choice,
        page: GuidePage,
        more: dict[str, Any],
    ) -> str:
        ref = f"guides/{slug}.{language}"
        if not page.live and choice is Choice.KEEP:
            return "unchanged"
        state, made_from = self._made(slug, language, guide, page, choice)
        if choice is Choice.TAKE or not page.live:
            body = to_house(plain, lambda key: self._page_of(language, self.ids.get(key, {})), self.files)
            title, summary = guide.title, guide.summary
        else:
            body, title, summary = list(page.body.get_prep_value()), page.title, page.summary
        before = page.text_digest
        outcome = self._save(slug, language, title, summary, body, translation=state, made_from=made_from, **more)
        page = self.pages[self._key(slug), language]
        if language == self.first and choice is Choice.TAKE and before != page.text_digest:
            self._carry(slug, guide, before, page.text_digest)
        if self.pieces.was_gone(ref) and not page.live:
            page.get_latest_revision().publish(user=self.by, skip_permission_checks=True)
            return "updated"
        return outcome

    def _carry(self, slug: str, original: Guide, before: str, after: str) -> None:
        """Only links came to life, the pack's words are the same: no translation is older for it."""
        if self.pieces.changed(f"guides/{slug}.{self.first}", digest_of_pack(original, self.files)):
            return
        self.carried[slug, before] = after
        for (key, tag), page in list(self.pages.items()):
            ours = key == self._key(slug) and tag != self.first and tag not in self.guides[slug].translations
            if ours and page.live and page.made_from == before:
                body, state = list(page.body.get_prep_value()), page.translation
                self._save(slug, tag, page.title, page.summary, body, translation=state, made_from=after)

    def _count(self, ref: str, choice: Choice, outcome: str, text: str) -> None:
        file = f"{ref}.md"
        if choice is Choice.KEEP:
            self.tally.kept.append(ref)
            if self.pieces.changed(ref, text):
                says = _("The pack has a new text, and this house has changed the page: the house's text stays.")
                cure = _("Compare the two on the desk and take over what is new.")
                self.tally.note(file, "kept-own-text", says, cure)
        if outcome == "kept_down":
            self.tally.kept.append(ref)
            says = _("Staff took this page down; the new text waits as a draft.")
            self.tally.note(file, "kept-down", says, _("Publish it on the desk if it should be there again."))
        elif outcome == "updated":
            self.tally.updated.append(ref)
        elif choice is not Choice.KEEP:
            self.tally.unchanged += 1

    def _made(self, slug: str, language: str, guide: Guide, page: GuidePage | None, choice: Choice) -> tuple[str, str]:
        """Who made the text, and the digest of the original it was made from (in this house)."""
        if language == self.first:
            return GuidePage.Translation.ORIGINAL, ""
        if page is not None and choice is Choice.KEEP:
            return page.translation, self.carried.get((slug, page.made_from), page.made_from)
        original, stamp = self.guides[slug].original, guide.said("original")
        original_page = self.pages[self._key(slug), self.first]
        kept_here = f"guides/{slug}.{self.first}" in self.tally.kept
        current = original is not None and stamp in ("", original.digest()) and not kept_here
        state = guide.said("translation")
        if page is not None and choice is Choice.SAME:
            state = max(state, page.translation, key=RANK.__getitem__)
            if page.made_from and (not stamp or not current):
                return state, self.carried.get((slug, page.made_from), page.made_from)
        stale = stamp if original is None or stamp != original.digest() else original.digest()
        return state, original_page.text_digest if current else stale

    def _source(
        self, ref: str, guide: Guide, page: GuidePage | None, text: str, rest: str, choice: Choice
    ) -> dict[str, Any]:
        """What is stated of source and dates: nothing while the house's own check still holds."""
        said = source_of(guide)
        fact = page.fact if page is not None else None
        own = fact is not None and is_later(fact, said)
        if not self.pieces.rest_changed(ref, rest) and not self.pieces.changed(ref, text):
            return {}
        if choice is Choice.KEEP or (own and not self.pieces.changed(ref, text)):
            self.tally.kept.append(ref)
            says = _("The check that was made in this house stays.")
            self.tally.note(f"{ref}.md", "kept-own-check", says, _("Nothing needs to be done."))
            return {}
        if own and said.review_by:
            soon = timezone.localdate() + timedelta(days=settings.SERAI_REVIEW_SOON_DAYS)
            says = _("The text has changed since it was checked here; the page is on the list “to check”.")
            self.tally.note(f"{ref}.md", "check-again", says, _("Look at the source and say whether it is still true."))
            said = Source(said.name, said.url, said.checked_on, said.checked_by, min(said.review_by, soon))
        return {"source": said}

    def _save(self, slug: str, language: str, title: str, summary: str, body: Any, **more: Any) -> str:
        with refused_at(path_of(slug, language)):
            saved = save_guide(
                by=self.by,
                organisation=self.organisation,  # type: ignore[arg-type]
                key=self._key(slug),
                language=language,
                slug=slug,
                title=title,
                summary=summary,
                body=body,
                parent=self._parent(slug),
                **self._place(slug),
                **more,
            )
        self.pages[self._key(slug), language] = saved.page
        return saved.outcome

    def _place(self, slug: str) -> dict[str, Any]:
        """Topic, places and position, the same in all languages."""
        front = self.guides[slug].original.front  # type: ignore[union-attr]
        return {
            "topic": self.topics.get(str(front.get("topic", ""))),
            "places": [self.places[key] for key in front.get("places") or [] if key in self.places],
            "position": front.get("order", 100),
        }

    def _above(self, slug: str) -> str:
        """Key of the guide above, or ""."""
        above = self.guides[slug].original.said("parent")  # type: ignore[union-attr]
        return self._key(above) if above else ""

    def _parent(self, slug: str) -> GuidePage | None:
        parent = self.pages.get((self._above(slug), self.first))
        if parent is not None and parent.key in self.new:  # what it stands below may have moved since it was made
            parent.refresh_from_db(fields=["path", "depth", "url_path"])
        return parent

    def _take_down(self) -> None:
        """What the pack no longer has is taken down, with its translations; a house's own text of a guide stays."""
        present = {f"guides/{slug}.{self.first}" for slug in self.guides}
        present |= {f"guides/{slug}.{tag}" for slug, each in self.guides.items() for tag in each.translations}
        for ref in self.pieces.missing(present):
            slug, language = ref.removeprefix("guides/").rsplit(".", 1)
            before = self.pieces.before[ref]
            at = (self._key(slug), language)
            if language != self.first and slug in self.guides and self.here.get(at) != before.here:
                self.tally.kept.append(ref)
            else:
                self._unpublish(slug, None if language == self.first else language)
            self.pieces.forget(ref)

    def _unpublish(self, slug: str, language: str | None) -> None:
        """One language, or all of them (also those that only this house has)."""
        for (key, tag), page in self.pages.items():
            if key == self._key(slug) and language in (None, tag) and page.live:
                page.unpublish(user=self.by, log_action=True)
                self.tally.removed.append(f"guides/{slug}.{tag}")


@contextmanager
def refused_at(file: str) -> Iterator[None]:
    """What is wrong with a guide's text, as what is wrong with its file."""
    try:
        yield
    except BadText as bad:
        raise PackRefused([PackProblem(file, 0, "text", each.says, each.where) for each in bad.problems]) from bad


def in_tree_order(guides: Mapping[str, Versions]) -> Iterator[str]:
    """Slugs, parents before children."""
    done: set[str] = set()

    def visit(slug: str) -> Iterator[str]:
        if slug in done or slug not in guides:
            return
        done.add(slug)
        original = guides[slug].original
        yield from visit(original.said("parent") if original else "")
        yield slug

    for slug in sorted(guides):
        yield from visit(slug)


def digest_of_pack(guide: Guide, files: Mapping[str, bytes]) -> str:
    """Digest of what the pack says, contents of pictures and recordings included."""
    marked = with_marks(guide.kinds, files, digest_of_file)
    return guide.digest() if marked == guide.kinds else digest_of(guide.title, guide.summary, marked)


def source_of(guide: Guide) -> Source:
    """Source and dates as the front matter says them."""
    source = guide.front.get("source") or {}
    return Source(
        str(source.get("name", "")),
        str(source.get("url", "")),
        guide.day("checked_on"),
        guide.said("checked_by"),
        guide.day("review_by"),
    )


def rest_of(guide: Guide) -> str:
    """Digest of source and dates."""
    said = source_of(guide)
    told = [said.name, said.url, str(said.checked_on), said.checked_by, str(said.review_by)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def is_later(fact: Fact, said: Source) -> bool:
    """Whether the house's check is newer than the one the pack tells of."""
    return fact.checked_on is not None and (said.checked_on is None or fact.checked_on > said.checked_on)
