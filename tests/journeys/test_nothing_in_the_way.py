"""axe finds nothing on any kind of page: for readers and for staff, on a phone and at a desk, in both directions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from .axe import Walk, obstacles, with_axe
from .houses import LivingHouse

STAFF = ("ana", "bilal", "chen", "dora", "emeka", "omar")
ONE_OF_MANY = re.compile(r"(?<=/guide/)[^/]+/[^?]+/|(?<=/topics/)[^/]+/")
"""Guides are alike in their parts: twenty are read in English, where each kind of part stands."""

NO_PAGE = re.compile(r"/translations/[\w-]+/$|/words/[\w-]+/changes/$|/export/|/sign-out/")
ONE_LANGUAGE = re.compile(r"(?<=/words)/[\w-]+/")
"""The pages on the words of the interface are alike in every language."""

WAITING = """
from datetime import timedelta
from django.utils import timezone
from serai.kernel.access.models import User
from serai.rooms.guides import actions
from serai.rooms.guides.models import GuidePage
who = {name: User.objects.get(email=f"{name}@lindenbach.example") for name in ("ana", "dora")}
pages = GuidePage.objects.filter(organisation__key="lindenbach", locale__language_code="en")
draft, warned = pages.get(slug="language-courses"), pages.get(slug="school-for-children")
draft.summary = "Words that wait for a second person."
draft.save_revision(user=who["ana"])
actions.submit_draft(by=who["ana"], page=draft)
actions.publish_warning(by=who["dora"], page=warned, texts={"en": {"title": "Closed", "text": "Come tomorrow."}})
now = timezone.now()
actions.write_alert(by=who["ana"], organisation=draft.organisation, titles={"en": "Water"}, texts={"en": "Boil it."},
                    starts=now, ends=now + timedelta(days=2))
"""

SIZES = pytest.mark.parametrize(
    ("tag", "width", "height"), [("en", 360, 640), ("ar", 1280, 900)], ids=["english-phone", "arabic-desk"]
)


@pytest.fixture(scope="module")
def busy(house: LivingHouse) -> LivingHouse:
    """The house with a draft, an alert and an urgent act that wait."""
    house.python(WAITING)
    return house


@SIZES
def test_readers_meet_no_obstacle(
    busy: LivingHouse, phone: Callable[..., Any], tag: str, width: int, height: int
) -> None:
    page = with_axe(phone(width=width, height=height))
    walk = Walk(busy.public, re.compile(rf"^/(?!{tag}/|$)"))
    walk.names, walk.often = ONE_OF_MANY, 20 if tag == "en" else 6
    found, opened = {}, 0
    for path in walk.pages(page, ["/", f"/{tag}/", f"/{tag}/search/?q=a"]):
        assert page.get_attribute("html", "dir") == ("rtl" if tag == "ar" and path != "/" else "ltr"), path
        found |= {path: broken} if (broken := obstacles(page)) else {}
        opened += 1
    assert found == {}
    assert opened > (60 if tag == "en" else 25)


@SIZES
def test_staff_meet_no_obstacle(
    busy: LivingHouse,
    signed_in: Callable[..., Any],
    shot: Callable[[Any, str], None],
    speaking: Callable[[str], None],
    tag: str,
    width: int,
    height: int,
) -> None:
    found: dict[str, list[str]] = {}
    walk = Walk(busy.desk, NO_PAGE, ONE_LANGUAGE)
    speaking(tag)
    for name in STAFF:
        page = with_axe(signed_in(name, width=width, height=height))
        for path in walk.pages(page, ["/"]):
            if not path.startswith("/editor/"):
                assert page.get_attribute("html", "lang") == tag, path
            shot(page, f"desk-{tag}-{width}{re.sub('[^a-z0-9]+', '-', path)}")
            found |= {path: broken} if (broken := obstacles(page)) else {}
    assert found == {}
    kinds = ("/guides/approvals/#/", "/guides/urgent/", "/to-check/", "/staff/permissions/", "/packs/", "/words/~/#/")
    kinds += ("/services/#/edit/", "/services/#/edit/?lang", "/services/#/hours/", "/services/#/days/")
    kinds += ("/services/upload/",)
    for kind in kinds:
        assert kind in walk.kinds, kind
