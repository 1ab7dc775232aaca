"""A newcomer with a cheap phone chooses a language, reads a guide, sees who checked it, finds a human and the exit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from .houses import LivingHouse

TODAY = datetime.now(UTC).date()
BOTH = pytest.mark.parametrize("js", [False, True], ids=["without-js", "with-js"])


@BOTH
@pytest.mark.parametrize(
    ("name", "tag", "direction", "health", "title", "checked"),
    [
        ("English", "en", "ltr", "Health", "How do I see a doctor?", "Checked"),
        ("العربية", "ar", "rtl", "الصحة", "كيف أذهب إلى الطبيب؟", "تم التحقق"),
    ],
    ids=["english", "arabic"],
)
def test_a_newcomer_reads_a_guide_and_who_checked_it(
    house: LivingHouse,
    phone: Callable[..., Any],
    shot: Callable[[Any, str], None],
    js: bool,
    name: str,
    tag: str,
    direction: str,
    health: str,
    title: str,
    checked: str,
) -> None:
    page = phone(js=js)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(house.public)
    page.click(f"text={name} >> nth=0")
    assert page.url == f"{house.public}/{tag}/"
    assert page.get_attribute("html", "dir") == direction
    shot(page, f"home-{tag}")
    page.click(f"main a:has-text('{health}') >> nth=0")
    page.click(f"main a:has-text('{title}') >> nth=0")
    assert page.inner_text("h1") == title
    facts = page.inner_text(".facts")
    assert checked in facts
    assert "City of Lindenbach" in facts
    assert page.locator(".facts a[href^='https://']").count() == 1
    shot(page, f"guide-{tag}")
    page.click("footer a[href$='/people/']")
    assert page.locator("a[href^='tel:']").count() >= 1
    assert page.locator("a.exit").get_attribute("href").startswith("https://")
    assert all(url.startswith(house.public) for url in asked)
    assert page.context.cookies() == []


@BOTH
@pytest.mark.parametrize("width", [320, 360])
def test_nothing_scrolls_sideways_on_a_small_phone_and_the_way_out_is_on_the_screen(
    house: LivingHouse, phone: Callable[..., Any], js: bool, width: int
) -> None:
    page = phone(js=js, width=width)
    guide = "guide/lindenbach/first-days/"
    office = "services/c3970928-c32a-5233-9020-bd4f6caeadeb/"  # "perhaps open from Monday ..." when it is closed
    paths = ("/", "/en/", "/ar/", "/fr/", f"/en/{guide}", f"/ar/{guide}", f"/fr/{guide}", "/ar/people/")
    for path in (*paths, f"/en/{office}", f"/ar/{office}"):
        assert page.goto(house.public + path).status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        out = page.locator("a.exit").bounding_box()
        assert out["x"] >= 0, path
        assert out["x"] + out["width"] <= width, path


def set_review(house: LivingHouse, slug: str, review_by: date) -> None:
    """Lets time pass: moves the review date of a guide's fact, as the house itself records it."""
    house.python(
        "from datetime import date; from django.db import transaction\n"
        "from serai.kernel.facts.actions import state_fact; from serai.rooms.guides.models import GuidePage\n"
        f"page = GuidePage.objects.get(slug={slug!r}, locale__language_code='en', organisation__key='lindenbach')\n"
        "fact = page.fact\n"
        "state_fact(by=None, key=fact.key, organisation=fact.organisation, source_name=fact.source_name,\n"
        "    source_url=fact.source_url, checked_on=fact.checked_on, checked_by=fact.checked_by,\n"
        f"    review_by=date.fromisoformat({review_by.isoformat()!r}))"
    )


@BOTH
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_stale_page_warns_and_then_hides_its_details(
    house: LivingHouse, phone: Callable[..., Any], shot: Callable[[Any, str], None], js: bool, tag: str
) -> None:
    slug = "language-courses"
    page = phone(js=js)
    path = house.guide(slug)[1].replace("/en/", f"/{tag}/", 1)
    address = f"{house.public}{path}"
    set_review(house, slug, TODAY + timedelta(days=30))
    page.goto(address)
    assert page.locator(".facts.is-checked").count() == 1
    details = page.locator("main .fee, main .contact, main .steps, main .deadline").count()
    assert details >= 1
    set_review(house, slug, TODAY - timedelta(days=3))
    house.soon(path, 'class="facts is-ask"')
    page.goto(address)
    assert page.locator(".facts.is-ask").count() == 1
    assert page.locator("main .fee, main .contact, main .steps, main .deadline").count() == details
    shot(page, f"stale-{tag}")
    set_review(house, slug, TODAY - timedelta(days=120))
    house.soon(path, 'class="facts is-out"')
    page.goto(address)
    assert page.locator(".facts.is-out").count() == 1
    assert page.locator("main .fee, main .steps, main .deadline").count() == 0
    assert page.locator(".facts a[href^='https://']").count() == 1
    shot(page, f"hidden-{tag}")
    set_review(house, slug, TODAY + timedelta(days=30))


def test_the_answer_to_was_this_useful_is_counted_without_anybody(
    house: LivingHouse, phone: Callable[..., Any]
) -> None:
    page = phone(js=False)
    page.goto(f"{house.public}/en/guide/lindenbach/first-days/")
    page.click("button[name=useful][value=yes]")
    assert page.locator("h1").count() == 1
    assert page.context.cookies() == []
    assert (
        int(
            house.python(
                "from serai.rooms.guides.models import UsefulCount as C\nprint(sum(c.yes for c in C.objects.all()))"
            )
        )
        >= 1
    )
