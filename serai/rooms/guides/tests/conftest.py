"""What tests of the guides share: a guide in one line, a topic, a place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.kernel.places.models import Place
from serai.rooms.guides.actions import Source, save_guide
from serai.rooms.guides.models import Topic

FEE = {
    "what": "A stamp",
    "amount": "4.50",
    "currency": "EUR",
    "payee": "The post",
    "source_name": "Post office",
    "source_url": "https://post.example/fees",
    "note": "Children pay nothing.",
}


def checked(days_left: int = 100, **fields: Any) -> Source:
    """A source that somebody checked; days_left until it is to be checked again."""
    today = timezone.localdate()
    values = {
        "name": "City of Lindenbach",
        "url": "https://lindenbach.example/source",
        "checked_on": today - timedelta(days=30),
        "checked_by": "Information desk",
        "review_by": today + timedelta(days=days_left),
        **fields,
    }
    return Source(**values)


@pytest.fixture
def guide(lindenbach: Any) -> Callable[..., Any]:
    """Makes a live guide of Lindenbach: guide("doctor", "ar", title="..."); returns the page."""

    def make(name: str, language: str = "en", **fields: Any) -> Any:
        organisation = fields.pop("organisation", lindenbach)
        values = {
            "by": None,
            "organisation": organisation,
            "key": f"{organisation.key}/{name}",
            "language": language,
            "slug": name,
            "title": name.replace("-", " ").title(),
            "summary": f"What {name} is about.",
            "body": [("text", f"<p>All of {name}.</p>")],
            **fields,
        }
        return save_guide(**values).page

    return make


@pytest.fixture
def health(db: None) -> Topic:
    """The topic of health."""
    words = {"titles": {"en": "Health"}, "leads": {"en": "Doctors."}}
    return Topic.objects.create(key="health", stage="living", icon="heart", **words)


@pytest.fixture
def millside(db: None) -> Place:
    """A quarter of Lindenbach."""
    return Place.objects.create(key="millside", country="XV", kind="city", names={"en": "Millside"})
