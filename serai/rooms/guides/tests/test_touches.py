"""No page that shows a changed thing stays: each change touches a key of each page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page

from serai.kernel.facts.actions import check_still_true, state_fact
from serai.kernel.ledger.models import Touch
from serai.rooms.guides import actions
from serai.rooms.guides.models import GuidePage

from .conftest import checked

WORDS = {"en": {"title": "Warning words", "text": "Careful."}}


@pytest.fixture
def tree(guide: Callable[..., Any], health: Any) -> dict[str, GuidePage]:
    """top > doctor > leaf, a French doctor, and bank, which links to doctor."""
    top = guide("top", source=checked())
    doctor = guide("doctor", parent=top, topic=health, source=checked())
    guide("doctor", "fr", parent=top, topic=health, translation="human", title="Médecin")
    leaf = guide("leaf", parent=doctor, source=checked())
    link = f'<p><a linktype="page" id="{doctor.pk}">doctor</a></p>'
    bank = guide("bank", body=[("text", link)], source=checked())
    return {"top": top, "doctor": doctor, "leaf": leaf, "bank": bank}


PAGES = [
    "/en/guide/lindenbach/",
    "/fr/guide/lindenbach/",
    "/en/guide/lindenbach/top/",
    "/en/guide/lindenbach/top/doctor/",
    "/fr/guide/lindenbach/top/doctor/",
    "/fr/guide/lindenbach/doctor/",
    "/ar/guide/lindenbach/top/doctor/",
    "/en/guide/lindenbach/top/doctor/leaf/",
    "/en/guide/lindenbach/bank/",
    "/en/topics/health/",
    "/en/alerts/",
]


def retitle(tree: Any, **_: Any) -> None:
    page = tree["doctor"]
    actions.save_guide(**{**values(page), "title": "Physician"})


def rebody(tree: Any, **_: Any) -> None:
    actions.save_guide(**{**values(tree["doctor"]), "body": [("text", "<p>Other words.</p>")]})


def reslug(tree: Any, **_: Any) -> None:
    actions.save_guide(**{**values(tree["doctor"]), "slug": "physician"})


def move(tree: Any, **_: Any) -> None:
    actions.save_guide(**{**values(tree["doctor"]), "parent": None})


def untopic(tree: Any, **_: Any) -> None:
    actions.save_guide(**{**values(tree["doctor"]), "topic": None})


def take_down(tree: Any, bilal: Any, **_: Any) -> None:
    actions.take_down(by=bilal, page=tree["doctor"])


def delete(tree: Any, **_: Any) -> None:
    Page.objects.get(pk=tree["leaf"].pk).specific.delete()


def add(tree: Any, **_: Any) -> None:
    new = {**values(tree["doctor"]), "key": "lindenbach/new", "slug": "new", "title": "New", "parent": tree["doctor"]}
    actions.save_guide(**new)


def translate(tree: Any, **_: Any) -> None:
    new = {**values(tree["doctor"]), "language": "ar", "title": "طبيب", "translation": "human"}
    actions.save_guide(**new)


def check(tree: Any, bilal: Any, **_: Any) -> None:
    check_still_true(by=bilal, fact=tree["doctor"].fact)


def grow_stale(tree: Any, lindenbach: Any, **_: Any) -> None:
    day = timezone.localdate() - timedelta(days=5)
    key = tree["doctor"].fact.key
    state_fact(by=None, key=key, organisation=lindenbach, checked_on=day, checked_by="X", review_by=day)


def warn(tree: Any, dora: Any, **_: Any) -> None:
    actions.publish_warning(by=dora, page=tree["doctor"], texts=WORDS)


def close(tree: Any, dora: Any, **_: Any) -> None:
    actions.close_guide(by=dora, page=tree["doctor"], texts=WORDS)


def alert(lindenbach: Any, dora: Any, **_: Any) -> None:
    ends = timezone.now() + timedelta(hours=1)
    actions.send_urgent_alert(by=dora, organisation=lindenbach, texts=WORDS, ends=ends)


def values(page: GuidePage) -> dict[str, Any]:
    parent = page.get_parent().specific
    return {
        "by": None,
        "organisation": page.organisation,
        "key": page.key,
        "language": page.tag,
        "slug": page.slug,
        "title": page.title,
        "summary": page.summary,
        "body": list(page.body.get_prep_value()),
        "parent": parent if isinstance(parent, GuidePage) else None,
        "topic": page.topic,
        "translation": page.translation,
    }


CHANGES = [
    retitle, rebody, reslug, move, untopic, take_down, delete, add, translate, check, grow_stale, warn, close, alert,
]  # fmt: skip


def seen(public: Any) -> dict[str, tuple[int, bytes, frozenset[str]]]:
    answers = {}
    for address in PAGES:
        answer = public.get(address)
        answers[address] = (answer.status_code, answer.content, getattr(answer, "serai_keys", frozenset()))
    return answers


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_page_that_looks_different_after_a_change_was_told(
    public: Any, tree: Any, change: Any, bilal: Any, dora: Any, lindenbach: Any
) -> None:
    before = seen(public)
    Touch.objects.all().delete()
    change(tree=tree, bilal=bilal, dora=dora, lindenbach=lindenbach)
    touched = set(Touch.objects.values_list("key", flat=True))
    after = seen(public)
    different = [address for address in PAGES if before[address][:2] != after[address][:2]]
    assert different, "the change shows nowhere: the test would not notice a missing touch"
    for address in different:
        if before[address][0] == 200:
            assert touched & before[address][2], f"{address} shows the change and was not told of it: {touched}"


def test_a_change_of_the_body_leaves_lists_alone(
    public: Any, tree: Any, bilal: Any, dora: Any, lindenbach: Any
) -> None:
    Touch.objects.all().delete()
    rebody(tree)
    touched = set(Touch.objects.values_list("key", flat=True))
    assert "tree:lindenbach" not in touched
    assert "topic:health" not in touched


def test_a_draft_that_nobody_sees_tells_nobody(tree: Any, ana: Any) -> None:
    Touch.objects.all().delete()
    page = GuidePage.objects.get(pk=tree["doctor"].pk)
    page.title = "Not yet"
    page.save_revision(user=ana, log_action=True)
    actions.submit_draft(by=ana, page=page)
    assert not Touch.objects.exists()


def test_in_a_live_house_a_first_check_brings_the_guide_into_its_lists(
    public: Any, guide: Any, health: Any, bilal: Any, settings: Any
) -> None:
    settings.SERAI_MODE = "live"
    page = guide("doctor", topic=health)
    lists = ["/en/guide/lindenbach/", "/en/topics/health/"]
    before = {address: public.get(address) for address in lists}
    Touch.objects.all().delete()
    check_still_true(by=bilal, fact=page.fact)
    touched = set(Touch.objects.values_list("key", flat=True))
    for address in lists:
        assert b"What doctor is about." not in before[address].content
        assert b"What doctor is about." in public.get(address).content
        assert touched & before[address].serai_keys
