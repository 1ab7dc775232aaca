"""What rooms might offer, for the first pages to show: no room is needed to test them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.register import ports
from serai.kernel.register.ports import AlertCard, HumanDesk, Port, SearchFound, SearchHit, StageCard, TopicCard


def topic(key: str, count: int = 2, language: str = "") -> TopicCard:
    return TopicCard(key, f"About {key}", f"What to know about {key}.", "heart", f"/en/topic/{key}/", count, language)


def alert(key: str, *, urgent: bool = False, language: str = "en") -> AlertCard:
    now = timezone.now()
    return AlertCard(
        key, f"News {key}", "The office has moved.", "City", now, now + timedelta(days=2), "", language, urgent
    )


def human(key: str, *, checked: date | None, review: date | None) -> HumanDesk:
    return HumanDesk(
        key=key,
        name=f"Desk {key}",
        what="You can ask anything.",
        phone="+00 555 20 100",
        email="desk@city.example",
        address="Station Street 2",
        hours="Monday to Friday",
        languages=("en", "ar"),
        organisation="City",
        source_name="City",
        source_url="https://city.example/desk",
        checked_on=checked,
        checked_by="Front desk",
        review_by=review,
    )


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """only(STAGES, function): from now on the port holds this offer alone; only(STAGES): none."""

    def offer(port: Port[Any], thing: Any = None) -> None:
        monkeypatch.setattr(port, "_offers", {"test": thing} if thing else {})

    return offer


@pytest.fixture
def offers(only: Callable[..., None], db: None) -> None:
    """A house with subjects, alerts, humans and something to find."""
    today = timezone.localdate()
    stage = StageCard("living", "Living here", "Daily life.", "home", (topic("health"), topic("empty", 0)))
    bare = StageCard("return", "Going back", "", "plane", (topic("home", 0),))
    desks = [
        human("old", checked=today - timedelta(days=400), review=today - timedelta(days=200)),
        human("fresh", checked=today, review=today + timedelta(days=90)),
        human("late", checked=today - timedelta(days=200), review=today - timedelta(days=10)),
        human("never", checked=None, review=None),
    ]
    hits = [
        SearchHit("How do I see a doctor?", "Where to go.", "/en/guide/doctor/", "en", "City", "guides:1"),
        SearchHit("Comment voir un médecin ?", "Où aller.", "/fr/guide/doctor/", "fr", "City", "guides:1"),
    ]
    only(ports.STAGES, lambda language: [stage, bare])
    only(ports.ALERTS, lambda language: [alert("calm"), alert("loud", urgent=True)])
    only(ports.HUMANS, lambda language: desks)
    only(ports.SEARCH, lambda asked: SearchFound(tuple(hits)) if asked.words == "doctor" else SearchFound())
