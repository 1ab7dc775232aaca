"""Guides made many at once are the same rows that saving each of them alone would write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from serai.kernel.facts.models import Fact
from serai.kernel.ledger.models import OutboxRow, Touch
from serai.kernel.places.models import Place
from serai.rooms.guides.actions import BadText, NewGuide, TextProblem, create_guides, ensure_publisher_home, save_guide
from serai.rooms.guides.keys import fact_key, translation_key_of
from serai.rooms.guides.models import GuidePage

from .conftest import FEE, checked

ORIGINAL, HUMAN = GuidePage.Translation.ORIGINAL, GuidePage.Translation.HUMAN
Told = dict[str, Any]


def a_tree(topic: Any, place: Any) -> list[NewGuide]:
    """Three guides below each other, the first and the last also in Arabic; the last links to the first."""

    def to_first(tag: str) -> Callable[[Any], Any]:
        def body(ids: Any) -> Any:
            found = ids["lindenbach/first"]
            link = f'<p>See <a linktype="page" id="{found.get(tag) or found["en"]}">the first</a>.</p>'
            return [("text", link), ("fee", FEE), ("steps", {"steps": [{"text": "Go"}, {"text": "Ask"}]})]

        return body

    def plain(ids: Any) -> Any:
        return [("text", "<p>Hello</p>")]

    rows = [
        ("first", "en", "", plain),
        ("second", "en", "first", plain),
        ("third", "en", "second", to_first("en")),
        ("first", "ar", "", plain),
        ("third", "ar", "second", to_first("ar")),
    ]
    return [
        NewGuide(
            key=f"lindenbach/{slug}",
            language=tag,
            slug=slug,
            title=f"{slug.title()} in {tag}",
            summary="What it is about.",
            body=body,
            parent=f"lindenbach/{parent}" if parent else "",
            position=7,
            translation=ORIGINAL if tag == "en" else HUMAN,
            topic=topic,
            places=[] if slug == "second" else [place, Place.objects.get(key="amselfeld")],
            source=checked() if tag == "en" else None,
            made_from="" if tag == "en" else "0" * 64,
        )
        for slug, tag, parent, body in rows
    ]


def save_each(guides: list[NewGuide], by: Any, organisation: Any) -> None:
    """The same through save_guide."""
    for new in guides:
        ids: dict[str, dict[str, int]] = {}
        for page in GuidePage.objects.select_related("locale"):
            ids.setdefault(page.key, {})[page.tag] = page.pk
        save_guide(
            by=by,
            organisation=organisation,
            key=new.key,
            language=new.language,
            slug=new.slug,
            title=new.title,
            summary=new.summary,
            body=new.body(ids),
            parent=GuidePage.objects.filter(key=new.parent, translation=ORIGINAL).first(),
            topic=new.topic,
            places=new.places,
            position=new.position,
            translation=new.translation,
            made_from=new.made_from,
            source=new.source,
        )


def standing() -> Told:
    """All that the house has of its guides, without what differs each time: ids, and the moment it was written."""
    names = {page.pk: (page.key, page.tag) for page in GuidePage.objects.select_related("locale")}
    return {
        name: told(page, {str(pk): "/".join(other) for pk, other in names.items()})
        for page in GuidePage.objects.select_related("locale")
        for name in [names[page.pk]]
    } | {
        "touched": set(Touch.objects.values_list("key", flat=True)),
        "events": sorted(without_ids(row.event, {}) for row in OutboxRow.objects.all()),
    }


def told(page: GuidePage, names: dict[str, str]) -> Told:
    kind = ContentType.objects.get_for_model(GuidePage)
    moments = ("first_published_at", "last_published_at", "latest_revision_created_at")
    own = {"id", "page_ptr", "fact", "latest_revision", "live_revision", *moments}
    columns = {field.name: getattr(page, field.name) for field in GuidePage._meta.concrete_fields}
    log = PageLogEntry.objects.filter(page_id=page.pk).order_by("pk")
    references = ReferenceIndex.objects.filter(base_content_type__model="page", object_id=str(page.pk))
    fact = Fact.objects.filter(pk=page.fact_id).values().get()
    revision = page.latest_revision
    content = {name: value for name, value in revision.content.items() if name not in {"pk", "fact"}}
    content["body"] = json.loads(content["body"])
    return {
        "columns": {name: value for name, value in columns.items() if name not in {*own, "body"}},
        "body": without_ids(page.body.get_prep_value(), names),
        "moments": [getattr(page, name) is not None for name in moments],
        "revisions": (page.revisions.count(), page.live_revision_id == revision.pk, revision.object_str, revision.user),
        "content": {name: without_ids(value, names) for name, value in content.items()},
        "kinds": (revision.content_type == kind, revision.base_content_type.model),
        "log": [
            (row.action, row.label, row.user, row.data, row.content_changed, row.deleted, row.revision == revision)
            for row in log
        ],
        "references": sorted(
            (row.to_content_type.model, row.model_path, without_ids(row.content_path, names)) for row in references
        ),
        "places": [place.key for place in page.places.all()],
        "fact": {name: value for name, value in fact.items() if name != "id"},
    }


def without_ids(told: Any, names: dict[str, str]) -> str:
    """As text; ids of blocks are left out, ids of pages in links become names."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "an-id", json.dumps(told, sort_keys=True, default=str))
    return re.sub(r"(linktype=\W+page\W+id=\W+)(\d+)", lambda found: found[1] + names[found[2]], text)


@pytest.fixture
def amselfeld(db: None) -> Place:
    return Place.objects.create(key="amselfeld", country="XV", kind="city", names={"en": "Amselfeld"})


def test_guides_made_at_once_equal_those_saved_alone(
    lindenbach: Any,
    health: Any,
    millside: Any,
    amselfeld: Any,
    ana: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    guides, found = a_tree(health, millside), []
    for tag in ("en", "ar"):
        ensure_publisher_home(lindenbach, tag)
    for make in (
        lambda: save_each(guides, ana, lindenbach),
        lambda: create_guides(guides, by=ana, organisation=lindenbach),
    ):
        with transaction.atomic():
            with django_capture_on_commit_callbacks(execute=True):
                make()
            found.append(standing())
            assert Page.find_problems() == ([], [], [], [], [])
            transaction.set_rollback(True)
    alone, at_once = found
    assert len(alone) == len(guides) + 2
    for name, what in alone.items():
        assert at_once[name] == what, name


def test_a_translation_that_comes_takes_those_whose_original_stands_below_its_own(
    lindenbach: Any, health: Any, millside: Any, amselfeld: Any, guide: Callable[..., Any]
) -> None:
    second = guide("second", parent=guide("first"))
    guide("third", parent=second)
    third = guide("third", "ar", translation=HUMAN, parent=second)
    assert third.url_path == "/ar/lindenbach/third/"
    new = replace(a_tree(health, millside)[3], key="lindenbach/second", slug="second", parent="lindenbach/first")
    create_guides([new], by=None, organisation=lindenbach)
    assert GuidePage.objects.get(pk=third.pk).url_path == "/ar/lindenbach/second/third/"
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_translation_keeps_the_ids_of_the_blocks_it_was_made_from(
    lindenbach: Any, health: Any, millside: Any, amselfeld: Any, guide: Callable[..., Any]
) -> None:
    first = guide("first")
    made = create_guides([a_tree(health, millside)[3]], by=None, organisation=lindenbach)
    arabic = GuidePage.objects.get(pk=made["lindenbach/first", "ar"])
    assert [block["id"] for block in arabic.body.get_prep_value()] == [first.body.get_prep_value()[0]["id"]]


def test_a_fact_that_is_there_stays_unless_a_source_is_given(
    lindenbach: Any, health: Any, millside: Any, amselfeld: Any, guide: Callable[..., Any]
) -> None:
    for name in ("first", "third"):
        guide(name, source=checked(name="What the house said"))
    arabic = a_tree(health, millside)[3:]
    create_guides([arabic[0], replace(arabic[1], source=checked())], by=None, organisation=lindenbach)
    said = {
        name: Fact.objects.get(key=fact_key(translation_key_of(f"lindenbach/{name}"))).source_name
        for name in ("first", "third")
    }
    assert said == {"first": "What the house said", "third": "City of Lindenbach"}


def test_a_text_that_is_refused_leaves_nothing(lindenbach: Any, health: Any, millside: Any, amselfeld: Any) -> None:
    def refused(ids: Any) -> Any:
        raise BadText([TextProblem("title", "Not this.")])

    guides = [*a_tree(health, millside)[:2], replace(a_tree(health, millside)[2], body=refused)]
    with pytest.raises(BadText):
        create_guides(guides, by=None, organisation=lindenbach)
    assert not Page.objects.filter(depth__gt=1).exists()
    assert not Fact.objects.exists()
    assert not OutboxRow.objects.filter(event__startswith="content.").exists()
