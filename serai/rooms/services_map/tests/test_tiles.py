"""Tiles: none without a server that the operator named; with one, only that one, on one page, after a press."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
NEAR = "/en/near/?place=45.1,13.6"
SERVER = "https://tiles.example.org/{z}/{x}/{y}.png"


def test_without_a_server_of_tiles_no_page_knows_of_any(town: Any, client: Client) -> None:
    answer = client.get(NEAR)
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert "tiles.js" not in answer.content.decode()


def test_a_server_of_tiles_is_let_through_and_named(town: Any, client: Client, settings: Any) -> None:
    settings.SERAI_TILES, settings.SERAI_TILES_BY = SERVER, "© The mappers"
    answer = client.get(NEAR)
    page = answer.content.decode()
    assert "img-src https://tiles.example.org 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert "The pictures come from tiles.example.org" in page
    assert "© The mappers" in page
    assert "<image" not in page  # nothing is fetched before somebody asks for it
    other = client.get("/en/services/").headers["Content-Security-Policy"]
    assert "tiles.example.org" not in other


@pytest.mark.parametrize(
    "wrong", ["tiles", "https://tiles.example.org/map.png", "ftp://a.org/{z}/{x}/{y}", "https://a.org;x/{z}/{x}/{y}"]
)
def test_what_is_no_address_of_tiles_changes_nothing(town: Any, client: Client, settings: Any, wrong: str) -> None:
    settings.SERAI_TILES = wrong
    answer = client.get(NEAR)
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert "data-tiles" not in answer.content.decode()
