"""What changed lately: for helpers who know the guides and want to hear of news only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from wagtail.models import PageLogEntry

from serai.kernel.access.viewer import Viewer
from serai.kernel.facts.models import Fact
from serai.kernel.languages.words import Said, say

from ..keys import fact_key
from ..models import GuidePage
from .alerts import public_alerts
from .lines import Row, address_under, by_guide, nearest, rows

DAYS = 7
MOST = 200
PUBLISHED = ("wagtail.publish", "wagtail.publish.scheduled")


@dataclass(frozen=True)
class Change:
    """One thing that changed. what: new, text, checked or alert; language: tag its title is in."""

    at: datetime
    what: str
    title: str
    language: str
    address: str
    publisher: Said


def changes(*, viewer: Viewer, tag: str, days: int = DAYS) -> list[Change]:
    """Guides published or changed, facts checked and alerts begun in the last days; newest first, each guide once for
    each kind. Four queries, however many changes."""
    since = timezone.now() - timedelta(days=days)
    texts = _texts(since)
    facts = {
        fact.key: fact.checked_on
        for fact in Fact.objects.filter(key__startswith="guides:", checked_on__gte=since.date())[:MOST]
    }
    keys = {*texts, *(UUID(key.split(":", 1)[1]) for key in facts)}
    groups = by_guide(row for row in rows(Q(translation_key__in=keys)) if row.is_shown)
    found = []
    for key, group in groups.items():
        row = nearest(group, tag)
        if key in texts:
            at = texts[key]
            first = min((text.first_published_at for text in group if text.first_published_at), default=at)
            found.append(_change(at, "new" if first >= since else "text", row, tag))
        day = facts.get(fact_key(key))
        if day:
            at = datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())
            found.append(_change(at, "checked", row, tag))
    found += _alerts(since, tag)
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _texts(since: datetime) -> dict[UUID, datetime]:
    """When each guide was last published since then."""
    rows = PageLogEntry.objects.filter(action__in=PUBLISHED, timestamp__gte=since, content_changed=True)
    latest: dict[int, datetime] = {}
    for page_id, at in rows.order_by("timestamp").values_list("page_id", "timestamp"):
        latest[page_id] = at
    keys = GuidePage.objects.filter(pk__in=list(latest)[-MOST:]).values_list("pk", "translation_key")
    found: dict[UUID, datetime] = {}
    for pk, key in keys:
        found[key] = max(found.get(key, latest[pk]), latest[pk])
    return found


def _change(at: datetime, what: str, row: Row, tag: str) -> Change:
    return Change(at, what, row.title, row.tag, address_under(tag, row), say(row.publisher_names, tag))


def _alerts(since: datetime, tag: str) -> list[Change]:
    rows = public_alerts().filter(starts__gte=since, starts__lte=timezone.now()).select_related("organisation")
    return [
        Change(row.starts, "alert", said.text, said.language, f"/{tag}/alerts/", row.organisation.said(tag))
        for row in rows[:MOST]
        for said in [row.said_title(tag)]
    ]
