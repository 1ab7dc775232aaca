"""Houses that really run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import postgres_copy, sqlite_copy

from .house import House


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., House]]:
    """Makes houses, which are stopped at the end of the module."""
    houses: list[House] = []

    def make(url: str = "", settings: str = "tests.running.settings") -> House:
        folder: Path = tmp_path_factory.mktemp("house")
        if not url:
            sqlite_copy(folder)
        house = House(folder, url, settings)
        houses.append(house)
        return house

    yield make
    for house in houses:
        house.close()


@pytest.fixture(scope="module")
def house(made: Callable[..., House]) -> House:
    """One running house on SQLite with one organisation."""
    house = made()
    house.more["SERAI_TEST_HOLD"] = str(house.folder / "hold")
    house.run(house.call("lindenbach", "One"))
    return house.serve()


@pytest.fixture(scope="module")
def postgres_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated PostgreSQL database for this module."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return postgres_copy(f"running_{request.module.__name__.rpartition('.')[2]}_{worker}")
