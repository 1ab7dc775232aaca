"""A local editor keeps it true: draft, second person, live; the urgent path; what colleagues are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .houses import LivingHouse


def test_an_edit_waits_for_a_second_person_then_is_live_in_five_seconds_and_the_translator_is_told(
    house: LivingHouse, signed_in: Callable[..., Any], shot: Callable[[Any, str], None]
) -> None:
    number, address = house.guide("find-a-room")
    house.soon(address, "<h1")
    ana = signed_in("ana", width=1280, height=900)
    ana.goto(f"{house.desk}/editor/pages/{number}/edit/")
    ana.fill("textarea[name=summary]", "Ask before you pay: a room without a contract is not yours.")
    shot(ana, "editor")
    ana.click("footer .action-save")
    ana.wait_for_load_state("networkidle")
    ana.goto(f"{house.desk}/guides/{number}/")
    ana.click("form[action$='/submit/'] button")
    ana.goto(f"{house.desk}/guides/approvals/{number}/")
    assert ana.locator("button[value=approve]").count() == 0
    assert "a room without a contract" not in house.soon(address, "<h1")

    bilal = signed_in("bilal", js=False)
    bilal.goto(f"{house.desk}/guides/approvals/")
    bilal.click("main a:has-text('room') >> nth=0")
    assert "a room without a contract" in bilal.inner_text("ins, .compared")
    shot(bilal, "approval")
    bilal.click("button[value=approve]")
    house.soon(address, "a room without a contract is not yours", seconds=5)

    chen = signed_in("chen", js=False)
    chen.goto(f"{house.desk}/guides/translations/?language=ar")
    assert "العربية" in chen.content()
    assert "room" in chen.inner_text("main").lower()
    assert chen.evaluate("document.documentElement.scrollWidth") <= 360
    shot(chen, "translations")
    arabic = address.replace("/en/", "/ar/", 1)
    page = chen
    page.goto(f"{house.public}{arabic}")
    assert page.locator(".note").count() >= 2, "machine-drafted, and older than the original"


def test_a_warning_goes_live_at_once_and_a_second_person_reviews_it(
    house: LivingHouse, signed_in: Callable[..., Any], shot: Callable[[Any, str], None]
) -> None:
    number, address = house.guide("register-address")
    house.soon(address, "<h1")
    dora = signed_in("dora", js=False)
    dora.goto(f"{house.desk}/guides/urgent/guide/{number}/")
    form = dora.locator("main form")
    shot(dora, "urgent")
    form.locator("input[value=warning]").check()
    form.locator("input[type=text] >> nth=0").fill("The office is closed after a fire")
    form.locator("textarea >> nth=0").fill("Nobody is hurt. Use the counter at Station Street 2.")
    form.locator("button").click()
    public = house.soon(address, "The office is closed after a fire", seconds=5)
    assert "second person" in public
    dora.goto(f"{house.desk}/guides/urgent/")
    assert dora.locator("button[value=keep]").count() == 0

    bilal = signed_in("bilal", js=False)
    bilal.goto(f"{house.desk}/guides/urgent/")
    bilal.click("article:has-text('closed after a fire') button[value=undo]")
    house.soon(address, "<h1")
    for _ in range(25):
        text = house.soon(address, "<h1")
        if "closed after a fire" not in text:
            break
        bilal.wait_for_timeout(200)
    assert "closed after a fire" not in text


def test_one_click_says_still_true_and_the_public_page_says_so(
    house: LivingHouse, signed_in: Callable[..., Any], shot: Callable[[Any, str], None]
) -> None:
    _, address = house.guide("buses-and-tickets")
    assert "is-ask" in house.soon(address, "<h1")
    bilal = signed_in("bilal", js=False)
    bilal.goto(f"{house.desk}/to-check/")
    shot(bilal, "to-check")
    row = bilal.locator("tr, li, article").filter(has_text="bus").first
    row.locator("button").first.click()
    house.soon(address, "is-checked", seconds=5)
