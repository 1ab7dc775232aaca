"""Help near a place among 100,000 services, and how a directory of 10,000 comes in, on each database.

The directory (directory.py) is imported as an operator would; nine copies of it beside it are made by the database
itself, each service at the same place as the one it is a copy of.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .directory import CENTRES, CITY, Directory
from .figures import Figure, median
from .house import House
from .weight import LIMIT, first_view

SERVICES, IMPORTED = 100_000, 10_000
ASKED = 34
AIM_MS, AIM_IMPORT = 50, 30
DIGITS = "123567890"
NOWHERE = (46.9, 83.9)  # in the steppe, hours from any service
ABOUT_NEEDS = ("doctor", "food", "legal", "shelter", "documents")
TONGUES = ("en", "ar", "uk")
# What is asked: where (the city, a town, nowhere), then fields of the form.
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "anything, dense city": ("city", ()),
    "one need, dense city": ("city", ("need",)),
    "one need, open now, dense city": ("city", ("need", "open_now")),
    "one need, all conditions, dense city": ("city", ("need", "open_now", "speaks", "no_papers", "free")),
    "anything, a town": ("town", ()),
    "one need, a town": ("town", ("need",)),
    "one need, all conditions, a town": ("town", ("need", "open_now", "speaks", "no_papers", "free")),
    "anything, empty countryside": ("nowhere", ()),
    "one need, empty countryside": ("nowhere", ("need",)),
}


def measure(houses: Mapping[str, House], cache: Path) -> Iterator[Figure]:
    """The same on each database."""
    today = datetime.now(UTC).date()
    folder = next(Directory(cache, today).parts(cache, IMPORTED, IMPORTED))
    for name, house in houses.items():
        yield from _imports(name, house, folder)
        asked = json.loads(house.python("from bench.near import in_house; in_house()", seconds=1800))
        yield from _queries(name, asked)
        if name == next(iter(houses)):
            with house.serving(1):
                yield from _weights(house, asked["service"], asked["word"])


def _imports(name: str, house: House, folder: Path) -> Iterator[Figure]:
    house.run("open")
    house.python("from serai.kernel.places.towns import make_towns; make_towns()")
    for what, aim in ((f"{IMPORTED:,} services imported", AIM_IMPORT), ("the same folder again (nothing changes)", 0)):
        start = time.monotonic()
        report = json.loads(house.run("import", "hsds", str(folder), "--places", "as-said", "--json").stdout)
        spent = time.monotonic() - start
        rows = ", ".join(f"{table} {count['created']:,}" for table, count in report["tables"].items())
        note = f"the command, with facts, offers and search entries; rows created: {rows}" if aim else ""
        yield Figure(f"{what}, {name}", f"{spent:.1f} s", f"{aim} s" if aim else "", spent < aim if aim else None, note)


def _queries(name: str, asked: dict[str, Any]) -> Iterator[Figure]:
    naive = asked["naive"]
    for kind, times in asked["times"].items():
        note = f"half under {median(times):.1f} ms; {naive / median(times):,.0f} times as fast as all rows in Python"
        yield _within(f"{kind}, the query, {name}", times, note)
    for kind, times in asked["pages"].items():
        yield _within(f"{kind}, the page, {name}", times, f"half under {median(times):.1f} ms")
    yield Figure(f"all rows loaded and sorted in Python, {name}", f"{naive:,.0f} ms", note="one need, dense city")


def _within(what: str, times: Sequence[float], note: str) -> Figure:
    most = sorted(times)[int(len(times) * 0.95)]
    return Figure(what, f"95 % under {most:.0f} ms", f"{AIM_MS} ms", most < AIM_MS, note)


def _weights(house: House, service: str, word: str) -> Iterator[Figure]:
    near = f"near/?{urlencode({'place': CITY})}"
    paths = {
        f"list near {CITY}": f"/en/{near}",
        "the same in Arabic": f"/ar/{near}",
        "a service": f"/en/services/{service}/",
        "results of a search": f"/en/search/?{urlencode({'q': word})}",
    }  # fmt: skip
    for what, path in paths.items():
        size, requests = first_view(house, path)
        yield Figure(f"{what}, first view", f"{size:,} bytes, {requests} requests", "14 KB", size <= LIMIT)


def questions(kind: str) -> list[dict[str, Any]]:
    """Questions of a kind, the same in every run: where, the form's fields, and the address of the page."""
    dice = random.Random(kind)  # noqa: S311
    where, names = KINDS[kind]
    found = []
    for number in range(ASKED):
        place = {"city": CITY, "town": dice.choice(CENTRES), "nowhere": "{}, {}".format(*NOWHERE)}[where]
        fields = {"place": place, **{name: "on" for name in names if name not in ("need", "speaks")}}
        if "need" in names:
            fields["need"] = dice.choice(ABOUT_NEEDS)
        if "speaks" in names:
            fields["speaks"] = dice.choice(TONGUES)
        tongue = TONGUES[number % len(TONGUES)]
        found.append({"fields": fields, "tag": tongue, "path": f"/{tongue}/near/?{urlencode(fields)}"})
    return found


# --- inside a house, with Django set up --------------------------------------------------------------------------
def in_house() -> None:
    """Makes the copies, asks, and prints milliseconds as JSON."""
    from django.db import connection

    from serai.rooms.services_map.models import Service

    copy_directory(SERVICES // IMPORTED - 1)
    if connection.vendor == "postgresql":  # which does so by itself after a while
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    one = Service.objects.order_by("pk").first()
    times = {kind: _asked(kind) for kind in KINDS}
    pages = {kind: _rendered(kind) for kind in KINDS}
    about = {"service": str(one.pk), "word": one.cells["name"].split()[0]}
    print(json.dumps({"times": times, "pages": pages, "naive": _naively(), **about}))


def copy_directory(copies: int) -> None:
    """Copies of all services with what hangs on them. The digit of an id that says its version (4) says which copy."""
    from django.db import connection, transaction

    from serai.kernel.facts.models import Fact
    from serai.rooms.services_map.models import Offer, Service, ServiceAtLocation

    at, text, back = (15, "::text", "::uuid") if connection.vendor == "postgresql" else (13, "", "")
    ids = {
        Fact: ("id",), Service: ("id", "fact_id"), ServiceAtLocation: ("id", "service_id"),
        Offer: ("service_id", "at_id"),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        for copy in DIGITS[:copies]:
            for model, changed in ids.items():
                made = {each.column: each.column for each in model._meta.concrete_fields}
                if "id" not in changed:
                    del made["id"]
                for name in changed:
                    made[name] = (
                        f"(substr({name}{text}, 1, {at - 1}) || '{copy}' || substr({name}{text}, {at + 1})){back}"
                    )
                if model is Fact:
                    made["key"] = f"key || '/{copy}'"
                columns, values, table = ", ".join(made), ", ".join(made.values()), model._meta.db_table
                rows = f"SELECT {values} FROM {table} WHERE substr({changed[0]}{text}, {at}, 1) = '4'"  # noqa: S608
                cursor.execute(f"INSERT INTO {table} ({columns}) {rows}")


def _asked(kind: str) -> list[float]:
    """Milliseconds of each question, without the words of the page."""
    from serai.kernel.access.viewer import NOBODY
    from serai.rooms.services_map.queries.near import services_near

    times, places = [], 0
    for number, (point, wanted, tag) in enumerate(_wanted(kind)):
        start = time.perf_counter()
        found = services_near(viewer=NOBODY, point=point, wanted=wanted, tag=tag)
        if number > 3:  # the first ones compile statements and hours
            times.append((time.perf_counter() - start) * 1000)
        places += len(found.places)
    where, names = KINDS[kind]
    if bool(places) == (where == "nowhere") and "open_now" not in names:  # at night all may be closed
        raise ValueError(f"{kind}: {places} places found")
    return times


def _rendered(kind: str) -> list[float]:
    """Milliseconds of each page, from the request to the last byte, without a server in between."""
    from django.conf import settings
    from django.test import Client

    client, times = Client(headers={"host": settings.SERAI_PUBLIC_HOST}), []
    for number, question in enumerate(questions(kind)):
        start = time.perf_counter()
        answer = client.get(question["path"])
        if answer.status_code != 200:
            raise ValueError(f"{question['path']}: {answer.status_code}")
        if number > 3:
            times.append((time.perf_counter() - start) * 1000)
    return times


def _wanted(kind: str) -> Iterator[tuple[Any, Any, str]]:
    from serai.rooms.services_map.forms import NearForm
    from serai.rooms.services_map.somewhere import somewhere

    for question in questions(kind):
        form = NearForm(question["fields"])
        if not form.is_valid():
            raise ValueError(str(form.errors))
        point = somewhere(question["fields"]["place"], question["tag"]).places[0].point
        yield point, form.wanted, question["tag"]


def _naively() -> float:
    """What a first version would do: all rows with their places, those that fit sorted by distance."""
    from django.utils import timezone

    from serai.lib.geo import distance
    from serai.rooms.services_map.models import ServiceAtLocation
    from serai.rooms.services_map.queries.exceptions import exceptions_of, state_now
    from serai.rooms.services_map.queries.lines import line_of
    from serai.rooms.services_map.sensitivity import known_point

    point, wanted, tag = next(_wanted("one need, dense city"))
    start, now = time.perf_counter(), timezone.now()
    rows = ServiceAtLocation.objects.select_related("service__organization", "service__fact", "location")
    fitting = [(known_point(row.location), row) for row in rows if wanted.need in row.service.needs]
    near = sorted((distance(point, there), str(row.pk), row) for there, row in fitting if there)[:20]
    exceptions = exceptions_of([row.service_id for *_, row in near], [row.location_id for *_, row in near], now)
    for *_, row in near:
        line_of(row.service, row, state_now(row.service, row, exceptions, tag, now), tag, point)
    return (time.perf_counter() - start) * 1000
