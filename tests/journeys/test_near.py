"""Somebody far from home looks for help near; a local worker shuts a door tonight, and the house knows it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from .houses import LivingHouse

BOTH = pytest.mark.parametrize("js", [False, True], ids=["without-js", "with-js"])
DOCTOR = {"en": "Doctor without papers", "ar": "طبيب دون أوراق"}
OPEN = {"en": "Open now", "ar": "مفتوح الآن"}


@pytest.fixture
def fresh(house: LivingHouse) -> LivingHouse:
    """The town's services were looked at today, whenever this runs."""
    house.python(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from serai.kernel.facts.models import Fact\n"
        "today = timezone.localdate()\n"
        "facts = Fact.objects.filter(key__startswith='services_map.service:')\n"
        "facts.update(checked_on=today, review_by=today + timedelta(days=90))"
    )
    return house


def _service(house: LivingHouse, name: str) -> str:
    return house.python(
        f"from serai.rooms.services_map.models import Service\nprint(Service.objects.get(cells__name={name!r}).pk)"
    ).strip()


@BOTH
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_nearest_open_doctor_who_asks_no_papers(
    fresh: LivingHouse, phone: Callable[..., Any], shot: Callable[[Any, str], None], js: bool, tag: str
) -> None:
    page = phone(js=js)
    page.goto(f"{fresh.public}/{tag}/")
    page.click("main a[href$='/near/']")
    page.fill("#id_place", "ليندنباخ" if tag == "ar" else "Lindenbach")
    page.select_option("#id_need", "doctor")
    page.click("form.near summary")
    page.check("input[name=open_now]")
    page.check("input[name=no_papers]")
    shot(page, f"near-form-{tag}")
    page.click("form.near button")
    first = page.locator("article.service h3").first
    assert first.inner_text() == DOCTOR[tag]
    assert OPEN[tag] in page.locator("article.service .status").first.inner_text()
    assert page.locator("article.service a[href^='tel:']").first.get_attribute("href") == "tel:+99951700100"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shot(page, f"near-{tag}")
    first.locator("a").click()
    assert page.inner_text("h1") == DOCTOR[tag]
    shot(page, f"service-{tag}")
    assert page.context.cookies() == []


def test_a_phone_rounds_where_it_is_before_it_says_so(fresh: LivingHouse, chromium: Any) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 640},
        geolocation={"latitude": 45.10123456, "longitude": -30.20234567},
        permissions=["geolocation"],
    )
    page = context.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto(f"{fresh.public}/en/near/")
    page.click("#by-device button")
    page.wait_for_selector("article.service")
    told = next(line for line in sent if "latitude=" in line)
    assert "latitude=45.10&longitude=-30.20" in told
    assert "45.1012" not in "".join(sent)
    assert "latitude" not in page.url
    assert DOCTOR["en"] in page.inner_text("main")
    context.close()


@BOTH
def test_a_place_closed_tonight_is_closed_everywhere_in_five_seconds(
    fresh: LivingHouse,
    signed_in: Callable[..., Any],
    phone: Callable[..., Any],
    shot: Callable[[Any, str], None],
    js: bool,
) -> None:
    name, reason = "Warm meals", f"The water pipe is broken ({js})"
    pk = _service(fresh, name)
    pages = [f"/{tag}/services/{pk}/" for tag in ("en", "ar")]
    pages += ["/en/near/?place=45.1,-30.2&need=food", "/fr/near/?place=45.1,-30.2&need=food"]
    pages += [f"/api/hsds/services/{pk}", "/api/hsds/services?full=true"]
    for path in pages:
        fresh.until_gone(path, reason)
    dora = signed_in("dora", js=js)
    dora.goto(f"{fresh.desk}/services/")
    dora.fill("input[name=words]", "Warm")
    dora.click(".seek button")
    dora.click(f"main a:has-text('{name}')")
    dora.click("main a.button >> nth=0")
    dora.check("input[value=day]")
    dora.fill("textarea[name=reason]", reason)
    assert dora.evaluate("document.documentElement.scrollWidth") <= 360
    shot(dora, "close")
    before = datetime.now(UTC)
    dora.click("main form button")
    for path in pages:
        fresh.soon(path, reason, seconds=5)
    assert (datetime.now(UTC) - before).total_seconds() < 30
    told = fresh.command("near", "--place", "45.1,-30.2", "--need", "food", "--json")
    assert reason in told
    assert '"status": "closed"' in told

    bilal = signed_in("bilal", js=js)
    bilal.goto(f"{fresh.desk}/services/")
    shot(bilal, "services-desk")
    bilal.click(f"article:has-text('{reason}') button[value=undo]")
    fresh.until_gone(pages[0], reason)


def test_a_shelter_is_found_by_what_it_offers_and_never_by_where_it_is(
    fresh: LivingHouse, phone: Callable[..., Any], shot: Callable[[Any, str], None]
) -> None:
    page = phone(js=False)
    page.goto(f"{fresh.public}/en/near/?place=Lindenbach&need=violence")
    assert "A safe bed for women" in page.inner_text("main")
    assert page.locator("a[href='tel:+99951700200']").count() == 1
    page.click("main a:has-text('A safe bed for women')")
    shot(page, "shelter")
    assert "Where it is is not shown here" in page.inner_text("main")
    page.goto(f"{fresh.public}/en/search/?q={quote('safe bed')}")
    assert "A safe bed for women" in page.inner_text("main")
    fresh.command("export", "hsds", fresh.folder / "out.json")
    for path in ("services", "services?full=true", "service_at_locations?full=true", "organizations?full=true"):
        fresh.soon(f"/api/hsds/{path}", '"contents":[{')
    answers = [*(fresh.folder / "published").rglob("*.json")]
    assert any("A safe bed for women" in file.read_text(encoding="utf-8") for file in answers)
    kept = [*(fresh.folder / "published").rglob("*.html"), *answers, fresh.folder / "out.json"]
    assert len(kept) > 5
    for file in kept:
        told = file.read_text(encoding="utf-8")
        for secret in ("45.0931", "-30.1877", "Nightingale Walk", "House of the garden"):
            assert secret not in told, file
