"""A local editor keeps it true: draft, second person, live; the urgent path; what colleagues are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .houses import LivingHouse

AT_A_DESK_OR_ON_A_PHONE = pytest.mark.parametrize(
    ("tag", "slug", "title", "width"),
    [("en", "find-a-room", "room", 1280), ("ar", "see-a-doctor", "doctor", 360)],
    ids=["english-desk", "arabic-phone"],
)


@AT_A_DESK_OR_ON_A_PHONE
def test_an_edit_waits_for_a_second_person_then_is_live_in_five_seconds_and_the_translator_is_told(
    house: LivingHouse,
    signed_in: Callable[..., Any],
    speaking: Callable[[str], None],
    shot: Callable[[Any, str], None],
    tag: str,
    slug: str,
    title: str,
    width: int,
) -> None:
    number, address = house.guide(slug)
    words = f"Ask before you pay: what {title} means stands here now."
    house.soon(address, "<h1")
    speaking(tag)
    ana = signed_in("ana", width=width, height=900 if width > 360 else 640)
    ana.goto(f"{house.desk}/editor/pages/{number}/edit/")
    assert ana.get_attribute("html", "dir") == ("rtl" if tag == "ar" else "ltr")
    ana.fill("textarea[name=summary]", words)
    shot(ana, f"editor-{tag}")
    ana.click("footer .action-save")
    ana.wait_for_load_state("networkidle")
    ana.goto(f"{house.desk}/guides/{number}/")
    ana.click("form[action$='/submit/'] button")
    ana.goto(f"{house.desk}/guides/approvals/{number}/")
    assert ana.locator("button[value=approve]").count() == 0
    assert words not in house.soon(address, "<h1")

    bilal = signed_in("bilal", js=False)
    bilal.goto(f"{house.desk}/guides/approvals/")
    assert bilal.get_attribute("html", "lang") == tag
    bilal.click(f"main a:has-text('{title}') >> nth=0")
    assert words in bilal.inner_text("ins, .compared")
    shot(bilal, f"approval-{tag}")
    bilal.click("button[value=approve]")
    house.soon(address, words, seconds=5)

    chen = signed_in("chen", js=False)
    chen.goto(f"{house.desk}/guides/translations/?lang=ar&state=older")
    assert title in chen.inner_text("main table >> nth=-1").lower()
    assert chen.evaluate("document.documentElement.scrollWidth") <= 360
    shot(chen, f"translations-{tag}")
    chen.goto(f"{house.public}{address.replace('/en/', '/ar/', 1)}")
    assert chen.locator(".note").count() >= 2, "machine-drafted, and older than the original"


@pytest.mark.parametrize(
    ("tag", "slug", "js"),
    [("en", "register-address", False), ("ar", "bank-account", True)],
    ids=["english-without-js", "arabic-with-js"],
)
def test_a_warning_goes_live_at_once_and_a_second_person_reviews_it(
    house: LivingHouse,
    signed_in: Callable[..., Any],
    speaking: Callable[[str], None],
    shot: Callable[[Any, str], None],
    tag: str,
    slug: str,
    js: bool,
) -> None:
    number, address = house.guide(slug)
    title = f"The office is closed after a fire ({tag})"
    house.soon(address, "<h1")
    speaking(tag)
    dora = signed_in("dora", js=js)
    dora.goto(f"{house.desk}/guides/urgent/guide/{number}/")
    assert dora.get_attribute("html", "lang") == tag
    form = dora.locator("main form")
    shot(dora, f"urgent-{tag}")
    form.locator("input[value=warning]").check()
    form.locator("input[name='title_en']").fill(title)
    form.locator("textarea[name='text_en']").fill("Nobody is hurt. Use the counter at Station Street 2.")
    form.locator("button").click()
    public = house.soon(address, title, seconds=5)
    assert "second person" in public
    dora.goto(f"{house.desk}/guides/urgent/")
    assert dora.locator("button[value=keep]").count() == 0

    bilal = signed_in("bilal", js=js)
    bilal.goto(f"{house.desk}/guides/urgent/")
    bilal.click(f"article:has-text('{title}') button[value=undo]")
    house.until_gone(address, title)


def test_one_click_says_still_true_and_the_public_page_says_so(
    house: LivingHouse, signed_in: Callable[..., Any], shot: Callable[[Any, str], None]
) -> None:
    _, address = house.guide("buses-and-tickets")
    house.soon(address, 'class="facts is-ask"')
    bilal = signed_in("bilal", js=False)
    bilal.goto(f"{house.desk}/to-check/")
    shot(bilal, "to-check")
    row = bilal.locator("tr, li, article").filter(has_text="bus").first
    row.locator("button").first.click()
    house.soon(address, 'class="facts is-checked"')
