"""Stages and topics: what a person needs, and who says what about it where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from serai.kernel.access.actions_organisations import organisation_touch
from serai.kernel.access.models import Organisation
from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.interface import interface
from serai.kernel.languages.registry import language
from serai.kernel.languages.words import Said, say
from serai.kernel.places.actions import place_touch
from serai.kernel.register.ports import StageCard, TopicCard

from ..access import shown
from ..keys import topic_touch
from ..models import GuidePage, PublisherHome, Stage, StageWords, Topic
from .about import places_of
from .lines import GuideLine, below, by_guide, chosen, guides_of, rows, stands_below, to_line, to_lines

STAGE_ICONS = {
    Stage.BEFORE: "compass",
    Stage.WAY: "road",
    Stage.ARRIVING: "door",
    Stage.LIVING: "home",
    Stage.WORKING: "briefcase",
    Stage.PROTECTION: "shield",
    Stage.RETURN: "plane",
    Stage.HELPING: "hand-help",
}
STAGE_LEADS: dict[str, Any] = {
    Stage.BEFORE: _("You can plan, ask and compare while you are still at home."),
    Stage.WAY: _("You can stay in touch and find help while you travel."),
    Stage.ARRIVING: _("These are the first things to do in a new place."),
    Stage.LIVING: _("Find out about health, housing, school and daily life."),
    Stage.WORKING: _("You can look for work and learn your rights in a job."),
    Stage.PROTECTION: _("You can find someone to talk to when something is wrong."),
    Stage.RETURN: _("You can look at what going back would mean for you."),
    Stage.HELPING: _("For volunteers and staff: how to run a service point, and what to ask before using a tool."),
}


@dataclass(frozen=True)
class Choice:
    """One publisher or place by which a list can be narrowed."""

    key: str
    name: Said
    count: int


@dataclass(frozen=True)
class TopicPage:
    """The guides of a topic, narrowed or not. lines: those chosen; publishers, places: what else can be chosen."""

    topic: Topic
    title: Said
    lead: Said
    lines: tuple[GuideLine, ...]
    publishers: tuple[Choice, ...]
    places: tuple[Choice, ...]
    near: tuple[TopicCard, ...]

    @property
    def for_helpers(self) -> bool:
        """Whether it is read by people who help others: they also want to hear what changed."""
        return self.topic.stage == Stage.HELPING

    @property
    def subtopics(self) -> tuple[TopicCard, ...]:
        """Topics below this one that lead to a guide."""
        return tuple(card for card in self.near if card.count)

    @property
    def keys(self) -> set[str]:
        """What the page depends on."""
        found = {topic_touch(self.topic.key), "topics"}
        found |= {organisation_touch(choice.key) for choice in self.publishers}
        found |= {place_touch(choice.key) for choice in self.places}
        found |= {topic_touch(card.key) for card in self.near}
        for line in self.lines:
            found |= line.keys
        return found

    @property
    def expires(self) -> date | None:
        """The next day on which a state in the list changes."""
        return min((line.next_change for line in self.lines if line.next_change), default=None)


def topic_page(*, viewer: Viewer, tag: str, key: str, publisher: str = "", place: str = "") -> TopicPage | None:
    """All guides of a topic, each once; publisher and place: keys to narrow by. Five queries, however many guides."""
    topic = Topic.objects.filter(key=key).first()
    if topic is None:
        return None
    guides = chosen(by_guide(rows(Q(topic=topic))).values(), tag)
    places = places_of([row.pk for row in guides])
    publishers = [Choice(row.publisher_key, say(row.publisher_names, tag), 1) for row in guides]
    about = [Choice(place.key, say(place.names, tag), 1) for row in guides for place in places.get(row.pk, ())]
    narrowed = [
        row
        for row in guides
        if publisher in {"", row.publisher_key} and (not place or place in {key for key, _ in places.get(row.pk, ())})
    ]
    return TopicPage(
        topic,
        topic.said(tag),
        say(topic.leads, tag),
        tuple(to_line(row, tag) for row in narrowed),
        _counted(publishers),
        _counted(about),
        tuple(_cards(Topic.objects.filter(parent=topic), tag)),
    )


def stage_cards(tag: str) -> Sequence[StageCard]:
    """All stages in the order of the journey with all their topics, also those without a guide yet: a page that shows
    them depends on each. Offered to the port STAGES. Three queries."""
    subjects = list(Topic.objects.all())
    stages = {topic.key: topic.stage for topic in subjects}
    cards = _cards(subjects, tag)
    packed = {row.stage: row for row in StageWords.objects.all()}
    found = []
    for stage in Stage:
        title, lead, spoken = _stage_words(stage, packed.get(stage.value), tag)
        topics = tuple(card for card in cards if stages[card.key] == stage)
        found.append(StageCard(stage.value, title, lead, STAGE_ICONS[stage], topics, spoken))
    return found


def _stage_words(stage: Stage, packed: StageWords | None, tag: str) -> tuple[str, str, str]:
    """Title and lead, and the language they are in: from a pack in the language asked for, else from the interface."""
    if packed is not None and packed.titles.get(tag) and packed.leads.get(tag):
        return packed.titles[tag], packed.leads[tag], tag
    spoken = interface(tag).tag
    with translation.override(spoken.lower()):
        return str(stage.label), str(STAGE_LEADS[stage]), spoken


def publisher_page(*, viewer: Viewer, tag: str, key: str) -> tuple[Organisation, list[GuideLine]] | None:
    """A publisher and its uppermost guides. Three queries."""
    homes = list(PublisherHome.objects.filter(organisation__key=key).order_by().values_list("path", "depth"))
    if not homes:
        return None
    groups = by_guide(rows(guides_of(below(homes)))).values()
    return Organisation.objects.get(key=key), to_lines((group for group in groups if stands_below(group, homes)), tag)


@lru_cache(maxsize=2048)
def topic_address(tag: str, key: str) -> str:
    """Path of a topic on the public host."""
    return reverse("guides:topic", kwargs={"lang": tag, "key": key}, urlconf=settings.ROOT_URLCONF)


def _cards(topics: Iterable[Topic], tag: str) -> list[TopicCard]:
    shows = GuidePage.objects.filter(shown(), topic__isnull=False).order_by().values_list("topic_id")
    counts = dict(shows.annotate(count=Count("translation_key", distinct=True)))
    found = []
    for topic in topics:
        title, lead = topic.said(tag), say(topic.leads, tag)
        address = topic_address(language(tag).tag, topic.key)
        said = lead.text if lead.language == title.language else ""
        found.append(
            TopicCard(topic.key, title.text, said, topic.icon, address, counts.get(topic.pk, 0), title.language)
        )
    return found


def _counted(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Each once, with how often it came."""
    counts = Counter(choices)
    found = [replace(choice, count=count) for choice, count in counts.items()]
    return tuple(sorted(found, key=lambda choice: choice.name.text))
