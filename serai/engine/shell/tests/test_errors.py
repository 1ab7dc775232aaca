"""When something goes wrong a person reads what happened, in his language, and finds a human."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory
from django.urls import reverse

from serai.engine.shell import errors
from serai.kernel.register.ports import HUMANS


def ask(path: str, host: str = "public") -> Any:
    request = RequestFactory().get(path)
    request.serai_host = host  # type: ignore[attr-defined]
    return request


def read(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html.parser")


@pytest.mark.parametrize(("path", "tag"), [("/en/x/", "en"), ("/ar/x/", "ar"), ("/nothing/", "en")])
def test_the_page_for_a_broken_house_needs_no_database(path: str, tag: str) -> None:
    """No database mark: any query would fail this test."""
    response = errors.broken(ask(path))
    page = read(response)
    assert response.status_code == 500
    assert (page.html["lang"], len(page.find_all("h1"))) == (tag, 1)
    assert page.select_one(f'main a[href="/{tag}/people/"]')
    assert page.select_one("a.exit")


def test_the_broken_desk_needs_neither_database_nor_files(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "nowhere.Nothing"}}
    page = read(errors.broken(ask("/", "desk")))
    assert len(page.find_all("h1")) == 1
    assert not page.find_all(["script", "form"])


def test_nothing_of_the_error_itself_is_shown(public: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def fail(language: str) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(HUMANS, "_offers", {"test": fail})
    public.raise_request_exception = False
    response = public.get("/en/people/")
    assert response.status_code == 500
    assert "secret" not in response.content.decode()
    assert "Content-Security-Policy" in response.headers


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused_with_a_way_on(public: Any) -> None:
    response = public.post("/ar/people/", HTTP_ORIGIN="https://elsewhere.example")
    page = read(response)
    assert response.status_code == 403
    assert page.html["lang"] == "ar"
    assert page.select_one('main a[href="/ar/people/"]')


def test_a_form_too_old_says_that_nothing_was_saved(desk: Any, bilal: Any) -> None:
    from django.test import Client

    client = desk(bilal)
    strict = Client(enforce_csrf_checks=True, HTTP_HOST=client.defaults["HTTP_HOST"])
    strict.cookies = client.cookies
    response = strict.post(reverse("account_logout", urlconf="serai.config.urls_desk"))
    assert response.status_code == 403
    assert "nothing was saved" in read(response).h1.string


def test_a_missing_page_on_the_desk_leads_to_its_first_page(desk: Any, bilal: Any) -> None:
    response = desk(bilal).get("/not-there/")
    page = read(response)
    assert response.status_code == 404
    assert page.select_one('main a[href="/"]')
    assert "at-desk" in page.html["class"]
