"""Search over 100,000 short descriptions of services and 10,000 long pages, on each database; and what it finds.

The texts are made of invented words in three scripts, common ones often and rare ones rarely, as in real texts. What
is found is judged by the file of questions beside the tests of search.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from .figures import Figure, median
from .house import ROOT, House

if TYPE_CHECKING:
    from serai.kernel.register.ports import SearchDocument

SERVICES, PAGES, BULK = 100_000, 10_000, 10_000
ASKED, ASKED_NAIVELY = 200, 12
LETTERS = {
    "en": ("bcdfghjklmnprstvw", "aeiou"),
    "ar": ("بتثجحخدذرزسشصضطعغفقكلمنه", "اوي"),
    "uk": ("бвгджзклмнпрстфхцчш", "аеиіоуя"),
}
WORDS = 12_000
SHARED = ROOT.parent / "shared" / "data"
AIMS = {"exact": 0.95, "folded": 0.95, "misspelt": 0.85}


def measure(houses: Mapping[str, House]) -> Iterator[Figure]:
    """The same on each database, then whether both have found the same in the same order."""
    answers = {}
    for name, house in houses.items():
        found = json.loads(house.python("from bench.finding import in_house; in_house()", seconds=3600))
        answers[name] = found["answers"]
        yield from _told(name, found)
    if len(answers) > 1:
        same = len(set(answers.values())) == 1
        yield Figure("answers to all questions, with their order", "the same" if same else "differ", "the same", same)


def _told(name: str, found: dict[str, Any]) -> Iterator[Figure]:
    for kind, aim in AIMS.items():
        share = found["recall"][kind]
        note = f"{found['pairs'][kind]} questions: {', '.join(found['collections'])}" if kind == "exact" else ""
        yield Figure(f"found among the first five, {kind}, {name}", f"{share:.1%}", f"{aim:.0%}", share >= aim, note)
    for kind, times in found["times"].items():
        half, most = median(times), sorted(times)[int(len(times) * 0.95)]
        note = f"half under {half:.1f} ms; {median(found['naive']) / half:,.0f} times as fast as LIKE over all texts"
        yield Figure(f"{kind} questions, {name}", f"95 % under {most:.0f} ms", "50 ms", most < 50, note)
    bulk = found["bulk"]
    yield Figure(
        f"{BULK:,} documents written, {name}", f"{bulk:.1f} s", note=f"all {SERVICES + PAGES:,} in {found['all']:.0f} s"
    )
    yield Figure(f"one changed document, {name}", f"{found['one'] * 1000:.0f} ms")


# --- inside a house, with Django set up --------------------------------------------------------------------------
def in_house() -> None:
    """Fills the index of this house, asks, and prints what came out as JSON."""
    found = _quality()
    documents = list(corpus())
    found |= _written(documents)
    found["times"], found["naive"] = _asked(documents)
    print(json.dumps(found))


def corpus() -> Iterator[SearchDocument]:
    """Services, then pages: the same in every run."""
    from serai.kernel.register.ports import SearchDocument

    dice = random.Random(1)  # noqa: S311
    words = {language: invented_words(language, dice) for language in LETTERS}
    often = list(accumulate(1 / (rank + 2) for rank in range(WORDS)))
    for number in range(SERVICES + PAGES):
        language = list(LETTERS)[number % len(LETTERS)]
        is_page = number >= SERVICES

        def text(many: int, language: str = language) -> str:
            return " ".join(dice.choices(words[language], cum_weights=often, k=many))

        yield SearchDocument(
            key=f"bench:{number}",
            language=language,
            title=text(5),
            summary=text(12),
            body=text(600 if is_page else 25),
            url=f"/{language}/bench/{number}/",
            publisher=f"Publisher {number % 40}",
            places=(f"Place {number % 300}",),
            topic=f"topic-{number % 15}",
            kind="guide" if is_page else "service",
        )


def invented_words(language: str, dice: random.Random) -> list[str]:
    """Words of a language that does not exist, in the letters of one that does."""
    consonants, vowels = LETTERS[language]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        syllables = [dice.choice(consonants) + dice.choice(vowels) for _ in range(dice.choice((2, 3, 3, 4)))]
        found["".join(syllables) + dice.choice(("", *consonants))] = None
    return list(found)


def _offered(documents: list[SearchDocument]) -> None:
    from serai.kernel.register.ports import SEARCH_DOCUMENTS

    for name, _ in list(SEARCH_DOCUMENTS.items()):
        SEARCH_DOCUMENTS.offer(name, list)
    SEARCH_DOCUMENTS.offer("bench", lambda: documents)


def _quality() -> dict[str, Any]:
    from serai.engine.content.search import find, reindex
    from serai.engine.content.tests import quality

    offered = quality.documents(SHARED)
    asked = [pair for pair in quality.pairs() if pair.collection in offered]
    answers, missed = hashlib.sha256(), []
    for name, documents in offered.items():
        _offered(documents)
        reindex()

        def found(text: str, language: str) -> list[Any]:
            hits = find(text, language)
            answers.update(repr([hit.key for hit in hits]).encode())
            return hits

        missed += quality.recall(found, [pair for pair in asked if pair.collection == name])[1]
    pairs = {kind: sum(pair.kind == kind for pair in asked) for kind in AIMS}
    recall = {kind: 1 - sum(pair.kind == kind for pair in missed) / pairs[kind] for kind in AIMS}
    return {"recall": recall, "pairs": pairs, "collections": list(offered), "answers": answers.hexdigest()}


def _written(documents: list[SearchDocument]) -> dict[str, Any]:
    from dataclasses import replace

    from django.db import connection

    from serai.engine.content.search import refresh, reindex
    from serai.kernel.register.ports import SEARCH_CHANGES

    start = time.monotonic()
    _offered(documents[BULK:])
    reindex()
    before_bulk = time.monotonic() - start
    _offered(documents)
    with_reading = _timed(reindex)
    without_change = _timed(reindex)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    one = replace(documents[0], title=documents[1].title)
    SEARCH_CHANGES.offer("bench", lambda keys: {one.key: [one]} if one.key in keys else {})
    changed = _timed(lambda: refresh(frozenset({one.key})))
    return {"all": before_bulk + with_reading, "bulk": with_reading - without_change, "one": changed}


def _timed(done: Callable[[], Any]) -> float:
    start = time.monotonic()
    done()
    return time.monotonic() - start


def _asked(documents: list[SearchDocument]) -> tuple[dict[str, list[float]], list[float]]:
    """Milliseconds by kind of question, and of the plainest way to look for the same words."""
    from serai.engine.content.search import answer
    from serai.kernel.register.ports import SearchQuestion

    dice = random.Random(2)  # noqa: S311
    times: dict[str, list[float]] = {"exact": [], "prefix": [], "misspelt": []}
    naive: list[float] = []
    for number, document in enumerate(dice.sample(documents, ASKED + 1)):
        first, second, *_ = dice.sample(document.title.split(), 4)
        asked = {
            "exact": f"{first} {second}",
            "prefix": f"{first} {second[:3]}",
            "misspelt": f"{_slip(first, dice)} {second}",
        }
        for kind, text in asked.items():
            spent = _timed(lambda text=text: answer(SearchQuestion(text, document.language, 30)))  # noqa: B023
            if number:  # the first one reads files and compiles statements
                times[kind].append(spent * 1000)
        if number < ASKED_NAIVELY:
            naive.append(_timed(lambda: _naively(document.language, first, second)) * 1000)  # noqa: B023
    return times, naive


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return dice.choice((word[:at] + word[at + 1 :], word[: at + 1] + word[at:], swapped))


def _naively(language: str, *words: str) -> list[str]:
    """What a first version would do: LIKE over titles and texts."""
    from serai.engine.content.models import SearchEntry

    rows = SearchEntry.objects.filter(language=language)
    for word in words:
        rows = rows.filter(words__icontains=word)
    return list(rows.order_by("title").values_list("key", flat=True)[:30])
