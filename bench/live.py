"""From an edit on one server to the new page on another: two houses on one PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from .figures import Figure, median
from .house import House, wait_until
from .weight import guide, pages

ROUNDS = 5
AIM = 5.0

EDIT = """
import time
from serai.kernel.facts.actions import state_fact
from serai.kernel.facts.models import Fact
from serai.rooms.guides.models import GuidePage
page = GuidePage.objects.select_related("fact__organisation").get(url_path={path!r}.replace("/guide/", "/"))
fact = page.fact
state_fact(by=None, key=fact.key, organisation=fact.organisation, source_name={source!r}, source_url=fact.source_url,
           checked_on=fact.checked_on, checked_by=fact.checked_by, review_by=fact.review_by)
print(time.time())
"""


def measure(north: House, south: House) -> Iterator[Figure]:
    """The edit is an action in a process of the northern house; both must show it."""
    path = guide(pages(south), "en")
    here: list[float] = []
    there: list[float] = []
    for number in range(ROUNDS):
        source = f"Source number {number} of the measurement"
        for house in (north, south):
            house.get(path)
            house.get(path)
        committed = float(north.python(EDIT.format(path=path, source=source)).split()[-1])
        for house, found in ((north, here), (south, there)):
            wait_until(partial(_shows, house, path, source), 15, "the edit is live")
            found.append(time.time() - committed)
    for where, found in (("on the server of the edit", here), ("on the other server", there)):
        yield Figure(
            f"an edit is live {where}",
            f"{median(found):.2f} s, at most {max(found):.2f} s",
            "5 s",
            max(found) <= AIM,
            "includes the end of the editing process",
        )


def _shows(house: House, path: str, words: str) -> bool:
    return words.encode() in house.get(path, "identity").body
