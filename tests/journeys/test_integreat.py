"""A region's real pages from Integreat, taken in by one command, read on a phone in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from .crawler import crawl
from .houses import LivingHouse

pytestmark = pytest.mark.shared_data

FIRST_VIEW = 14 * 1024
REGION = "lkaugsburg"
ADDRESSES = """
from serai.rooms.guides.models import GuidePage
for page in GuidePage.objects.filter(organisation__key="lkaugsburg").select_related("locale"):
    print(f"/{page.tag}/guide/" + page.url_path.split("/", 2)[2])
"""
ROWS = """
from wagtail.models import Revision
from serai.kernel.ledger.models import OutboxRow
print(OutboxRow.objects.count(), Revision.objects.count())
"""


@pytest.fixture(scope="module")
def files(shared_data: Path) -> list[str]:
    """The region's pages in German and in English."""
    return [str(path) for path in sorted((shared_data / "integreat_region").glob("*.json"))]


@pytest.fixture(scope="module")
def region(neighbour: LivingHouse, files: list[str]) -> LivingHouse:
    """The house that has taken them in."""
    report = json.loads(neighbour.command("import", "integreat", *files, "--json"))
    assert (report["done"], report["created"], report["languages"]) == (True, 471, ["de", "en"])
    return neighbour


@pytest.mark.parametrize("js", [False, True], ids=["without-js", "with-js"])
def test_a_newcomer_finds_a_page_reads_it_in_both_languages_and_sees_whose_it_is(
    region: LivingHouse, phone: Callable[..., Any], shot: Callable[[Any, str], None], js: bool
) -> None:
    page = phone(js=js)
    page.goto(f"{region.public}/en/")
    page.fill("input[type=search]", "doctor")
    page.click("form:has(input[type=search]) button")
    page.click("main a:has-text('Visiting a doctor')")
    page.click(f"a[href='/en/guide/{REGION}/'] >> nth=-1")
    assert page.inner_text("h1") == REGION
    shot(page, "region-publisher-en")
    page.click("main a:has-text('Health') >> nth=0")
    page.click("main a:has-text('General') >> nth=0")
    page.click("main a:has-text('Visiting a doctor')")
    assert page.inner_text("h1") == "Visiting a doctor"
    facts = page.locator(".facts")
    assert "Nobody has checked this yet." in facts.inner_text()
    assert "integreat.app" in facts.locator("a[href^='https://']").get_attribute("href")
    assert facts.locator("a").inner_text().strip()
    shot(page, "region-guide-en")

    page.click("a[hreflang=de]")
    assert page.get_attribute("main", "lang") == "de"
    assert page.inner_text("h1") == "Arztbesuch"
    assert "Facharzt" in page.inner_text("article")
    assert page.locator(".facts a[href*='/de/']").count() == 1
    shot(page, "region-guide-de")


def test_a_link_inside_a_guide_leads_to_a_guide_of_this_house(region: LivingHouse, phone: Callable[..., Any]) -> None:
    page = phone(js=False)
    page.goto(f"{region.public}/en/guide/{REGION}/stay/asylum-procedure/decision-of-the-bamf/")
    inside = page.locator(f"article :is(p, li) a[href^='/en/guide/{REGION}/']")
    assert inside.count() >= 2
    wanted = unquote(inside.first.get_attribute("href"))
    inside.first.click()
    assert unquote(page.url) == f"{region.public}{wanted}"
    assert page.locator("article h1").count() == 1


def test_every_page_of_the_region_is_reached_by_links_is_light_and_fits_a_small_phone(
    region: LivingHouse, phone: Callable[..., Any]
) -> None:
    imported = {quote(path) for path in region.python(ADDRESSES).split()}
    assert len(imported) == 471
    walked = crawl(region.public, f"/en/guide/{REGION}/", within=rf"/(en|de)/guide/{REGION}/").answers
    assert {path: answer.status for path, answer in walked.items() if answer.status != 200} == {}
    assert imported - set(walked) == set()
    assert {path: answer.size for path, answer in walked.items() if answer.size > FIRST_VIEW} == {}
    headings = {path: answer.page.h1 for path, answer in walked.items()}
    assert {path: found for path, found in headings.items() if len(found) != 1 or not found[0].strip()} == {}
    assert not [path for path, answer in walked.items() if re.search(rb'href="guide:', answer.body)]

    page = phone(js=False)
    for path in sorted(imported, key=lambda path: -len(walked[path].body))[:20]:
        page.goto(region.public + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_same_pages_again_change_nothing(region: LivingHouse, files: list[str]) -> None:
    before = region.python(ROWS)
    report = json.loads(region.command("import", "integreat", *files, "--json"))
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 471)
    assert region.python(ROWS) == before
