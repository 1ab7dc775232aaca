"""Every page of the demo house that a link reaches keeps the rules of the public host."""

from __future__ import annotations

import re

import pytest

from serai.kernel.languages.interface import interface
from serai.kernel.languages.registry import language

from .crawler import Answer, crawl
from .houses import LivingHouse

FIRST_VIEW = 14 * 1024
WITH_SCRIPT = re.compile(r"/[\w-]+/near/(\?.*)?")
"""The one page that may ask the phone where it is; without the script a town is typed."""


@pytest.fixture(scope="module")
def pages(house: LivingHouse) -> list[Answer]:
    """Every HTML page of the house."""
    walk = crawl(house.public)
    broken = {
        answer.path: (answer.status, answer.came_from) for answer in walk.answers.values() if answer.status != 200
    }
    assert broken == {}
    return [answer for answer in walk.answers.values() if "text/html" in answer.headers["content-type"]]


def test_the_walk_reaches_guides_in_all_languages_of_the_house(pages: list[Answer]) -> None:
    for tag in ("en", "ar", "fr", "es"):
        assert sum(answer.path.startswith(f"/{tag}/guide/") for answer in pages) >= 25


def test_each_page_has_one_heading_and_says_its_language_and_direction(pages: list[Answer]) -> None:
    wrong = {}
    for answer in pages:
        page = answer.page
        tag = answer.path.split("/")[1] or "en"
        right = len(page.h1) == 1 and page.h1[0].strip()
        right = right and page.html.get("lang") and page.html.get("dir") == language(str(page.html["lang"])).direction
        if not right or (answer.path != "/" and page.html["lang"] != interface(tag).tag):
            wrong[answer.path] = (page.h1, page.html)
    assert wrong == {}


def test_each_page_fits_the_first_view_in_one_request(pages: list[Answer]) -> None:
    heavy = {answer.path: answer.size for answer in pages if answer.size > FIRST_VIEW}
    assert heavy == {}
    assert all(answer.headers.get("content-encoding") == "br" for answer in pages)
    assert {answer.path: loads for answer in pages if (loads := _loads(answer))} == {}


def _loads(answer: Answer) -> list[str]:
    """What a page fetches besides itself, but for pictures and recordings of its own house; data: fetches nothing."""
    script = r"|/static/services_map/near\.\w+\.js" if WITH_SCRIPT.fullmatch(answer.path) else ""
    return [load for load in answer.page.loads if not re.match(rf"/media/|data:image/svg{script}", load)]


def test_no_page_sets_a_cookie_runs_a_script_or_styles_inline(pages: list[Answer]) -> None:
    for answer in pages:
        page = answer.page
        assert "set-cookie" not in answer.headers, answer.path
        assert "script" not in page.tags or WITH_SCRIPT.fullmatch(answer.path), answer.path
        assert page.styled == [], answer.path
        assert page.handlers == [], answer.path
        assert answer.headers["content-security-policy"].startswith("default-src 'none'"), answer.path
        assert answer.headers.get("etag"), answer.path
        assert "cache-control" in answer.headers, answer.path


def test_each_page_has_the_way_out_and_the_way_to_a_human(pages: list[Answer]) -> None:
    for answer in pages:
        page = answer.page
        outside = [link for link in page.links if "exit" in str(link.get("class", "")).split()]
        assert len(outside) == 1, answer.path
        assert "noreferrer" in str(outside[0].get("rel")), answer.path
        if answer.path != "/":
            assert any(re.fullmatch(r"/[\w-]+/people/", str(link["href"])) for link in page.links), answer.path


def test_each_field_has_a_label_and_no_name_stands_twice(pages: list[Answer]) -> None:
    for answer in pages:
        page = answer.page
        assert page.unlabelled() == [], answer.path
        assert len(page.ids) == len(set(page.ids)), answer.path


def test_titles_say_nothing_that_could_harm_over_the_shoulder(pages: list[Answer]) -> None:
    for answer in pages:
        title = re.search(r"<title>(.*?)</title>", answer.body.decode(), flags=re.S)
        assert title, answer.path
        assert not re.search(r"violence|traffick|asylum|complaint", title.group(1), flags=re.I), title.group(1)


def test_each_guide_says_who_says_so_and_when_it_was_checked(pages: list[Answer]) -> None:
    guides = [answer for answer in pages if re.match(r"/en/guide/[^/]+/[^/]+/", answer.path)]
    assert guides
    for answer in guides:
        text = answer.body.decode()
        assert "facts" in text, answer.path
        assert "https://" in text, answer.path
