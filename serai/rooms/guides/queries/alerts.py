"""Alerts: what holds now for readers, what waits for a second person on the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from serai.kernel.access.actions_organisations import organisation_touch
from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.registry import known, language
from serai.kernel.places.actions import place_touch
from serai.kernel.register.ports import AlertCard, SearchDocument

from ..access import APPROVER, AUTHOR, URGENT
from ..models import Alert, UrgentAct

PUBLISHER = ("key", "names", "fictional")
DOCUMENT = "guides:alert:"
ENDED_LATELY = timedelta(days=7)
"""An alert that ended before is out of the search index already."""


@dataclass(frozen=True)
class AlertShown:
    """An alert that holds now. places: names of places in the language asked for, or the nearest.

    review_due: moment by which a second person looks at an urgent one; None once one did. keys: what a page that shows
    it depends on.
    """

    card: AlertCard
    places: tuple[str, ...]
    review_due: datetime | None
    fictional: bool
    keys: frozenset[str]


def public_alerts() -> QuerySet[Alert]:
    """Approved ones, and urgent ones that no second person has taken back."""
    return Alert.objects.filter(Q(approved_at__isnull=False) | Q(urgent=True), ended_at__isnull=True)


@lru_cache(maxsize=1)
def _all() -> QuerySet[Alert]:
    """Never asked itself, only narrowed. See lines."""
    shown = ("key", "titles", "texts", "starts", "ends", "urgent", *(f"organisation__{name}" for name in PUBLISHER))
    return public_alerts().order_by().select_related("organisation").only(*shown)


def _holding() -> list[Alert]:
    """Alerts that hold now, urgent ones first, then the newest. One query."""
    now = timezone.now()
    rows = _all().filter(starts__lte=now, ends__gt=now)
    return sorted(rows, key=lambda row: (not row.urgent, -row.starts.timestamp(), row.pk))


def alerts_now(*, viewer: Viewer, tag: str) -> list[AlertShown]:
    """Alerts that hold now, urgent ones first, then the newest. Three queries."""
    rows = _holding()
    prefetch_related_objects(rows, "places")
    waiting = UrgentAct.objects.filter(alert__in=rows, reviewed_at__isnull=True, ended_at__isnull=True)
    due = dict(waiting.values_list("alert_id", "review_due"))
    return [_shown(row, tag, due.get(row.pk)) for row in rows]


def alert_cards(tag: str) -> Sequence[AlertCard]:
    """Offered to the port ALERTS. One query."""
    return [_card(row, tag) for row in _holding()]


def alert_documents() -> Iterator[SearchDocument]:
    """Alerts that hold now, in each language in which they have a title. Two queries."""
    rows = _holding()
    prefetch_related_objects(rows, "places")
    for row in rows:
        for tag in filter(known, row.titles):
            card = _card(row, tag)
            yield SearchDocument(
                key=f"{DOCUMENT}{row.key}",
                language=language(tag).tag,
                title=card.title,
                summary=card.text,
                body="",
                url=card.url,
                publisher=card.publisher,
                places=tuple(place.said(tag).text for place in row.places.all()),
                kind="alert",
            )


def alert_changes() -> dict[str, Sequence[SearchDocument]]:
    """All that may have changed about alerts: what holds now, and nothing for those that lately ended."""
    lately = Alert.objects.filter(ends__gt=timezone.now() - ENDED_LATELY).values_list("key", flat=True)
    found: dict[str, list[SearchDocument]] = {f"{DOCUMENT}{key}": [] for key in lately}
    for document in alert_documents():
        found[document.key].append(document)
    return dict(found)


def next_alert_change() -> datetime | None:
    """The next moment at which an alert starts or ends by itself."""
    now = timezone.now()
    moments = [
        moment
        for row in public_alerts().filter(ends__gt=now).values_list("starts", "ends")
        for moment in row
        if moment > now
    ]
    return min(moments, default=None)


def alerts_waiting(*, viewer: Viewer) -> QuerySet[Alert]:
    """Alerts of the viewer's organisations that wait for a second person."""
    rows = Alert.objects.filter(organisation_id__in=viewer.organisations(APPROVER), approved_at__isnull=True)
    waiting = rows.filter(urgent=False, ended_at__isnull=True, sent_back="")
    return waiting.select_related("organisation", "by").order_by("written_at")


def alerts_of(*, viewer: Viewer) -> QuerySet[Alert]:
    """All alerts of the viewer's organisations, newest first."""
    mine = viewer.organisations(AUTHOR, APPROVER, URGENT)
    return Alert.objects.filter(organisation_id__in=mine).select_related("organisation", "by", "approved_by")


def _card(row: Alert, tag: str) -> AlertCard:
    title = row.said_title(tag)
    return AlertCard(
        key=row.key,
        title=title.text,
        text=row.texts.get(title.language, ""),
        publisher=row.organisation.said(tag).text,
        starts=row.starts,
        ends=row.ends,
        url=reverse("guides:alerts", kwargs={"lang": language(tag).tag}, urlconf=settings.ROOT_URLCONF),
        language=title.language,
        urgent=row.urgent,
    )


def _shown(row: Alert, tag: str, due: datetime | None) -> AlertShown:
    places = list(row.places.all())
    keys = frozenset({organisation_touch(row.organisation.key), *(place_touch(place.key) for place in places)})
    names = tuple(place.said(tag).text for place in places)
    return AlertShown(_card(row, tag), names, due, row.organisation.fictional, keys)
