"""Saving a guide from outside Wagtail's admin: what importers, packs and spreadsheets call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from django.db import transaction
from wagtail.models import Page

from serai.engine.content import stream
from serai.kernel.access.models import Organisation, User
from serai.kernel.facts.actions import state_fact
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.actions import touch
from serai.kernel.places.models import Place

from ..keys import fact_key, guide_touch, translation_key_of
from ..models import GuidePage, PublisherHome, Topic
from ..texts import refuse_bad_text
from .tree import ensure_publisher_home, free_slug, gather_children, place_below, stand_below

Outcome = Literal["created", "updated", "unchanged", "kept_down"]


@dataclass(frozen=True)
class Source:
    """Who says what a guide says, when somebody last looked, and until when it holds."""

    name: str = ""
    url: str = ""
    checked_on: date | None = None
    checked_by: str = ""
    review_by: date | None = None

    def stated(self) -> dict[str, Any]:
        """As a fact says it."""
        return {
            "source_name": self.name,
            "source_url": self.url,
            "checked_on": self.checked_on,
            "checked_by": self.checked_by,
            "review_by": self.review_by,
        }


class Saved(NamedTuple):
    """The page, and what saving did. `kept_down`: the text changed, but staff took the page down, so it stays down."""

    page: GuidePage
    outcome: Outcome


@transaction.atomic
def save_guide(
    *,
    by: User | None,
    organisation: Organisation,
    key: str,
    language: str,
    slug: str,
    title: str,
    summary: str,
    body: stream.Kinds | Sequence[Mapping[str, Any]],
    parent: GuidePage | None = None,
    topic: Topic | None = None,
    places: Sequence[Place] = (),
    position: int = 100,
    translation: str = GuidePage.Translation.ORIGINAL,
    made_from: str = "",
    publish: bool = True,
    source: Source | None = None,
) -> Saved:
    """Creates or updates one guide in one language; the same call again changes nothing and makes no new version.

    key: names the guide in all languages and houses (`lindenbach/see-a-doctor`); languages of one key share one
    translation key. language: BCP 47. parent: the guide above it in any language; its own version in this language
    is used, else the nearest translated ancestor. body: (kind, value) pairs as plain data, or Wagtail's stored form;
    blocks that stay keep their ids. translation and made_from: who made the text, and text_digest_of() the original
    then. publish: put it live at once (importers, packs) or leave a draft. source: states the fact; None leaves it.
    A page that staff took down stays down: its new text waits as a draft.
    Raises BadText (with every problem and its place), CycleInTree, ForeignParent, UnknownLanguage.
    """
    home = ensure_publisher_home(organisation, language)
    refuse_bad_text(title=title, summary=summary, body=body)
    versions = GuidePage.objects.filter(key=key)
    page = versions.filter(locale_id=home.locale_id).first()
    wanted = _columns(title, summary, topic, position, translation, made_from)
    if page is None:
        page = _create(versions.first(), key, home, organisation, wanted, body, source, by)
        return _first_version(page, place_below(parent, home), slug, places, by=by, publish=publish)
    moved = stand_below(page, place_below(parent, home), by)
    _settle_fact(page, organisation, source, by)
    return _update(page, wanted, body, list(places), by=by, publish=publish, slug=slug, moved=moved)


def _columns(
    title: str, summary: str, topic: Topic | None, position: int, translation: str, made_from: str
) -> dict[str, Any]:
    return {
        "title": title,
        "summary": summary,
        "topic_id": topic.pk if topic else None,
        "position": position,
        "translation": translation,
        "made_from": made_from,
    }


def text_digest_of(page: GuidePage) -> str:
    """SHA-256 of the words and figures of a page: what a translation's `made_from` is compared with.

    Equal in all houses that have the same text; for text that is no page yet, see engine.content.stream.digest.
    """
    return stream.digest(page.title, page.summary, _raw(page))


def _create(
    sister: GuidePage | None,
    key: str,
    home: PublisherHome,
    organisation: Organisation,
    wanted: dict[str, Any],
    body: stream.Kinds | Sequence[Mapping[str, Any]],
    source: Source | None,
    by: User | None,
) -> GuidePage:
    """A page that stands nowhere yet; its blocks carry the ids of its sister in another language."""
    page = GuidePage(key=key, translation_key=sister.translation_key if sister else translation_key_of(key))
    page.locale_id, page.owner, page.live = home.locale_id, by, False
    _write(page, wanted, stream.stored(body, _raw(sister) if sister else ()))
    _settle_fact(page, organisation, source, by)
    return page


def _first_version(
    page: GuidePage, parent: Page, slug: str, places: Sequence[Place], *, by: User | None, publish: bool
) -> Saved:
    below = Page.objects.select_for_update().get(pk=parent.pk)
    page.slug = free_slug(below, slug)
    below.add_child(instance=page)
    page.places.set(places)
    _version(page, by, publish, is_new=True)
    gather_children(page, by)
    return Saved(page, "created")


def _update(
    page: GuidePage,
    wanted: dict[str, Any],
    body: stream.Kinds | Sequence[Mapping[str, Any]],
    places: list[Place],
    *,
    by: User | None,
    publish: bool,
    slug: str,
    moved: bool,
) -> Saved:
    """Compares with what is live when publishing, with the newest draft when not."""
    now = page if publish else page.get_latest_revision_as_object()
    was_down = not page.live and page.first_published_at is not None
    if publish and (was_down or not page.live):
        now = page.get_latest_revision_as_object()
    new_slug = free_slug(page.get_parent(), slug, page)
    same = (
        all(getattr(now, name) == value for name, value in wanted.items())
        and stream.canonical(body) == stream.canonical(_raw(now))
        and {place.pk for place in places} == {place.pk for place in now.places.all()}
        and new_slug == now.slug
    )
    if same and (page.live or was_down or not publish):
        return Saved(page, "updated" if moved else "unchanged")
    _write(page, wanted, stream.stored(body, _raw(now)))
    page.slug = new_slug
    page.places.set(places)
    _version(page, by, publish and not was_down)
    return Saved(page, "kept_down" if was_down and publish else "updated")


def _write(page: GuidePage, wanted: dict[str, Any], raw: list[dict[str, Any]]) -> None:
    for name, value in wanted.items():
        setattr(page, name, value)
    page.body = stream.stream_value(raw)


def _version(page: GuidePage, by: User | None, publish: bool, *, is_new: bool = False) -> None:
    revision = page.save_revision(user=by, log_action=not is_new)
    if publish:
        revision.publish(user=by, skip_permission_checks=True)
        page.refresh_from_db()


def _settle_fact(page: GuidePage, organisation: Organisation, source: Source | None, by: User | None) -> None:
    key = fact_key(page.translation_key)
    fact = Fact.objects.filter(key=key).first()
    if source is not None:
        fact = state_fact(by=by, key=key, organisation=organisation, **source.stated())
    elif fact is None:
        fact = state_fact(by=by, key=key, organisation=organisation)
    if page.fact_id != fact.pk:
        page.fact = fact
        if page.pk:
            GuidePage.objects.filter(pk=page.pk).update(fact=fact)
            touch([guide_touch(page.translation_key)])


def _raw(page: GuidePage) -> list[dict[str, Any]]:
    return list(page.body.get_prep_value())
