"""A made-up directory of services in HSDS: real towns of several countries, a third of it in one dense city.

Half of the places are public, one in six known by its area, the rest reached by phone only; hours, languages, needs
and answers are as mixed as in real directories. The texts are invented words in three scripts. The same in every run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from math import cos, radians
from pathlib import Path
from uuid import UUID

from serai.lib.gazetteer import Gazetteer, Town
from serai.lib.hsds.ours import NEEDS, Extras, table_of, with_extras
from serai.lib.hsds.tabular import write_folder

from .finding import LETTERS, WORDS, invented_words

CITY = "Istanbul"
CENTRES = ("Amman", "Beirut", "Athens", "Palermo", "Berlin", "Nairobi", "Dhaka", "Bogota", "Lviv", "Gaziantep")
AROUND = 150_000  # metres
IN_CITY = 0.35
OF_AN_ORGANIZATION = 15  # services
HOURS = (
    "24/7", "Mo-Fr 08:00-16:00; PH off", "Mo-Fr 09:00-12:00,13:00-17:00", "Mo-Su 22:00-02:00", "Tu,Th 10:00-18:00",
    "Mo-Sa 08:30-19:00", "Mo-Su 12:00-14:00", "Sa-Th 08:00-14:00", "We[1] 10:00-12:00", "",
)  # fmt: skip
SENSITIVITIES = ("public", "public", "public", "approximate", "contact-only", "")
SPOKEN = ("ar", "en", "uk", "fa", "fr", "tr", "bn", "sw")


@dataclass
class Rows:
    """Rows by table, and what they say beyond the standard."""

    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    extras: dict[tuple[str, str], Extras] = field(default_factory=dict)

    def put(self, table: str, extras: Extras | None = None, **cells: str) -> None:
        """Adds a row."""
        self.rows.setdefault(table, []).append(cells)
        if extras is not None:
            self.extras[table, cells["id"]] = extras

    def write(self, folder: Path) -> None:
        """One CSV a table."""
        folder.mkdir()
        tables = {name: table_of(name, rows) for name, rows in self.rows.items()}
        write_folder(with_extras(tables, self.extras), folder)


class Directory:
    """Parts of the directory, one after the other."""

    def __init__(self, cache: Path, today: date) -> None:
        self.dice = random.Random(3)  # noqa: S311
        self.today = today
        gazetteer = Gazetteer(cache)
        self.city = gazetteer.find(CITY)[0]
        self.towns = [town for name in CENTRES for town in _towns(gazetteer, name)]
        self.words = {tag: invented_words(tag, self.dice) for tag in LETTERS}
        self.often = list(accumulate(1 / (rank + 2) for rank in range(WORDS)))

    def parts(self, cache: Path, services: int, of: int) -> Iterator[Path]:
        """Folders with so many services each."""
        for number in range(0, services, of):
            rows = Rows()
            for each in range(of):
                self._service(rows, each)
            folder = cache / f"directory-{number}"
            rows.write(folder)
            yield folder

    def _service(self, rows: Rows, number: int) -> None:
        key, tag = self._key(), list(LETTERS)[number % 3]
        if number % OF_AN_ORGANIZATION == 0:
            self.organization = self._key()
            rows.put("organization", Extras(written_in=tag), id=self.organization, name=self._text(tag, 3),
                     description=self._text(tag, 15))  # fmt: skip
        others = [other for other in LETTERS if other != tag and self.dice.random() < 0.3]
        said = {(name, other): self._text(other, words) for other in others for name, words in _TEXTS.items()}
        extras = Extras(
            translations=said, written_in=tag, needs=tuple(self.dice.sample(NEEDS, self.dice.choice((1, 1, 2)))),
            audience=("women",) if self.dice.random() < 0.1 else (), opening_hours=self.dice.choice(HOURS),
            papers_asked=self.dice.choice(("", "no", "no", "yes")), free=self.dice.choice(("", "yes", "yes", "no")),
        )  # fmt: skip
        assured = self.today - timedelta(days=self.dice.randrange(5, 120))
        texts = {name: self._text(tag, many) for name, many in _TEXTS.items()}
        links = {"organization_id": self.organization, "assured_date": assured.isoformat()}
        rows.put("service", extras, id=key, status="active", **links, **texts)
        rows.put("phone", id=self._key(), service_id=key, number=f"+90 212 {self.dice.randrange(10**6, 10**7)}")
        for spoken in self.dice.sample(SPOKEN, self.dice.choice((1, 2, 3))):
            rows.put("language", id=self._key(), service_id=key, code=spoken)
        if self.dice.random() < 0.95:
            self._place(rows, key, tag)

    def _place(self, rows: Rows, service: str, tag: str) -> None:
        town, place = (
            self.dice.choices((self.city, self.dice.choice(self.towns)), (IN_CITY, 1 - IN_CITY))[0],
            self._key(),
        )
        extras = Extras(country=town.country, timezone=town.zone, sensitivity=self.dice.choice(SENSITIVITIES),
                        step_free=self.dice.choice(("", "yes", "no")))  # fmt: skip
        width = 0.05 if town is self.city else 0.02  # degrees: most of a city lies within
        latitude = self.dice.gauss(town.point.lat, width)
        longitude = self.dice.gauss(town.point.lon, width / cos(radians(town.point.lat)))
        rows.put("location", extras, id=place, location_type="physical", name=self._text(tag, 2),
                 latitude=f"{latitude:.5f}", longitude=f"{longitude:.5f}")  # fmt: skip
        rows.put("service_at_location", id=self._key(), service_id=service, location_id=place)
        country = {"state_province": town.country, "country": town.country, "postal_code": "34000"}
        rows.put("address", id=self._key(), location_id=place, address_1=f"{self._text(tag, 2)} 7", city=town.name,
                 address_type="physical", **country)  # fmt: skip

    def _key(self) -> str:
        return str(UUID(int=self.dice.getrandbits(128), version=4))

    def _text(self, tag: str, many: int) -> str:
        return " ".join(self.dice.choices(self.words[tag], cum_weights=self.often, k=many))


_TEXTS: Mapping[str, int] = {"name": 5, "description": 25}


def _towns(gazetteer: Gazetteer, centre: str) -> list[Town]:
    return gazetteer.around(gazetteer.find(centre)[0].point, AROUND)[:40]
