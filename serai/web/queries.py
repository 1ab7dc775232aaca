"""Reads for the pages that join the rooms: what the rooms offer to the ports, put together for one screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.models import Membership, Organisation
from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.access import CHECKERS
from serai.kernel.facts.models import Fact, FactLine, State
from serai.kernel.facts.queries import facts_to_check
from serai.kernel.languages.words import Said, say
from serai.kernel.register.ports import (
    ALERTS,
    FACT_TITLES,
    HUMANS,
    PUBLISHED,
    QUEUES,
    SEARCH,
    STAGES,
    AlertCard,
    DueFact,
    HumanDesk,
    QueueCount,
    SearchFound,
    SearchQuestion,
    StageCard,
)
from serai.lib.dates import due_state

OPERATOR = "access.operator"


# --- public pages ------------------------------------------------------------------------------------------------
def stages_offered(*, language: str, viewer: Viewer) -> list[StageCard]:
    """All stages with their subjects, those without any guide included: a page depends on these too."""
    return [stage for offer in STAGES for stage in offer(language)]


def with_guides(stages: Iterable[StageCard]) -> list[StageCard]:
    """Only what leads somewhere: subjects that have a guide, stages that have a subject."""
    kept = [replace(stage, topics=tuple(topic for topic in stage.topics if topic.count)) for stage in stages]
    return [stage for stage in kept if stage.topics]


def alerts_now(*, language: str, viewer: Viewer) -> list[AlertCard]:
    """Alerts that hold now, urgent ones first."""
    found = [alert for offer in ALERTS for alert in offer(language)]
    return sorted(found, key=lambda alert: not alert.urgent)


def search_found(*, question: SearchQuestion, viewer: Viewer) -> SearchFound:
    """What is found for a question. One part of the house looks through all of it; without it nothing is found."""
    return next((offer(question) for offer in SEARCH), SearchFound())


@dataclass(frozen=True)
class HumanCard:
    """A human who can be reached, with how far the details may be relied on."""

    desk: HumanDesk
    line: FactLine

    @property
    def hidden(self) -> bool:
        """Whether the details are so old that only the source may still know."""
        return self.line.state is State.HIDDEN


def humans(*, language: str, viewer: Viewer, today: date | None = None) -> list[HumanCard]:
    """Humans who can be reached; those whose details may still be relied on stand first.

    In a live house details that nobody ever checked do not show.
    """
    day = today or timezone.localdate()
    cards = [HumanCard(desk, _line(desk, day)) for offer in HUMANS for desk in offer(language)]
    if settings.SERAI_MODE != "demo":
        cards = [card for card in cards if card.line.state is not State.UNCHECKED]
    return sorted(cards, key=lambda card: card.hidden)


def _line(desk: HumanDesk, today: date) -> FactLine:
    state = State.UNCHECKED
    if desk.checked_on and desk.review_by:
        state = State(due_state(desk.review_by, today, settings.SERAI_HIDE_AFTER_DAYS))
    line = FactLine(state, desk.source_name, desk.source_url, desk.checked_on, desk.checked_by, desk.review_by)
    spoken = desk.spoken
    return replace(line, source_language=spoken.get("source_name", ""), checker_language=spoken.get("checked_by", ""))


@dataclass(frozen=True)
class Publisher:
    """An organisation as the public sees it. runs_house: its staff runs this installation; pages: where what it
    publishes here is read."""

    key: str
    name: Said
    about: Said
    url: str
    phone: str
    email: str
    fictional: bool
    runs_house: bool
    pages: tuple[str, ...] = ()


def publishers(*, language: str, viewer: Viewer) -> list[Publisher]:
    """Who runs the house, then who else publishes in it. One query, and one of each room that publishes."""
    written = [offer(language) for offer in PUBLISHED]
    operators = Membership.objects.filter(organisation=OuterRef("pk"), role=OPERATOR)
    rows: QuerySet[Organisation] = Organisation.objects.annotate(runs_house=Exists(operators))
    found = [
        Publisher(
            row.key,
            row.said(language),
            say(row.abouts, language),
            row.url,
            row.phone,
            row.email,
            row.fictional,
            row.runs_house,  # type: ignore[attr-defined]
            tuple(pages[row.key] for pages in written if row.key in pages),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (not row.runs_house, row.name.text))


# --- the desk ----------------------------------------------------------------------------------------------------
def queues(*, viewer: Viewer) -> list[QueueCount]:
    """What waits for this viewer, the oldest first; empty queues stand last."""
    found = [row for offer in QUEUES for row in offer(viewer) if not row.roles or viewer.passes(row.roles)]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda row: (not row.count, row.oldest or far))


def queue_to_check(viewer: Viewer) -> list[QueueCount]:
    """Facts to check, as one queue. Its age counts from the day the oldest was to be checked."""
    due = facts_to_check(viewer=viewer)
    dates = due.filter(review_by__lt=timezone.localdate()).values_list("review_by", flat=True)
    oldest = dates.order_by("review_by").first()
    since = timezone.make_aware(datetime.combine(oldest, time())) if oldest else None
    return [QueueCount("to_check", _("Facts to check"), "web:to_check", due.count(), since, frozenset(CHECKERS))]


@dataclass(frozen=True)
class DueRow:
    """A line of the "to check" list. days: past the day it was to be checked (negative: still to come)."""

    fact: Fact
    line: FactLine
    title: str
    about: DueFact | None
    days: int | None


def due_rows(facts: Iterable[Fact], *, language: str, viewer: Viewer, today: date | None = None) -> list[DueRow]:
    """Facts with the titles of what they are about; a constant number of queries however many there are."""
    day = today or timezone.localdate()
    shown = list(facts)
    titles = _titles([fact.key for fact in shown])
    return [
        DueRow(
            fact,
            fact.line(day),
            titles[fact.key].title if fact.key in titles else fact.key,
            titles.get(fact.key),
            (day - fact.review_by) // timedelta(days=1) if fact.review_by else None,
        )
        for fact in shown
    ]


def _titles(keys: list[str]) -> dict[str, DueFact]:
    found: dict[str, DueFact] = {}
    for describe in FACT_TITLES:
        found |= describe(keys)
    return found
