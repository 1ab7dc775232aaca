"""One living house and one headless Chromium for all journeys; each test gets a phone or a desk of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .houses import LivingHouse

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
KNOWN: dict[tuple[str, str], Any] = {}
SHOTS = os.environ.get("SERAI_SCREENSHOTS")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys need a browser, and say nothing more on another database."""
    for item in items:
        if "tests/journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingHouse]:
    """The demo house, open and served."""
    living = LivingHouse(tmp_path_factory.mktemp("house"))
    try:
        yield living.open()
    finally:
        living.close()


@pytest.fixture(scope="session")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingHouse]:
    """Another house, open and served, in which nothing is written yet."""
    living = LivingHouse(tmp_path_factory.mktemp("neighbour"), SERAI_LANGUAGES="en,ar,de")
    try:
        yield living.open(demo=False)
    finally:
        living.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Any) -> Iterator[Callable[..., Any]]:
    """phone(js=False): a page of 360 x 640 in a browser that has never been anywhere."""
    opened = []

    def make(js: bool = True, width: int = 360, height: int = 640, state: Any = None) -> Any:
        size = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, java_script_enabled=js, storage_state=state)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def signed_in(house: LivingHouse, phone: Callable[..., Any]) -> Callable[..., Any]:
    """signed_in("ana"): a phone on the desk of Lindenbach, signed in with password and second factor.

    publisher: whose Ana; at: in which house.
    """

    def make(name: str, publisher: str = "lindenbach", at: LivingHouse = house, **options: Any) -> Any:
        email, password = at.account(name, publisher)
        known = KNOWN.get((at.desk, email))  # a code of the phone counts once: who was here comes back with the session
        page = phone(state=known, **options)
        page.goto(f"{at.desk}/")
        if known is None:
            page.fill("input[name=login]", email)
            page.fill("input[name=password]", password)
            page.locator("form:has(input[name=password]) button").first.click()
            page.fill("input[name=code]", at.code(email))
            page.locator("form:has(input[name=code]) button").first.click()
            page.wait_for_selector("nav a", state="attached")
            assert "/sign-in/" not in page.url, page.inner_text("body")
            KNOWN[at.desk, email] = page.context.storage_state()
        return page

    return make


@pytest.fixture
def speaking(house: LivingHouse) -> Iterator[Callable[[str], None]]:
    """speaking("ar"): the desk speaks Arabic to all staff, until the test ends."""
    say = "from serai.kernel.access.models import User; User.objects.update(language={tag!r})"
    yield lambda tag: house.python(say.format(tag=tag)) and None
    house.python(say.format(tag="en"))


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    """shot(page, "home-ar"): keeps a picture when SERAI_SCREENSHOTS names a folder."""

    def take(page: Any, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)

    return take
