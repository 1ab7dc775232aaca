"""What the guides tell the house: what can be found, what waits, what facts are about, why not to open yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.engine.content.approval import APPROVER
from serai.engine.content.stream import plain_text
from serai.kernel.access.viewer import NOBODY, Viewer
from serai.kernel.facts.models import State
from serai.kernel.register.ports import DueFact, QueueCount, Refusal, SearchDocument

from ..access import URGENT, shown
from ..keys import public_path
from ..models import GuidePage
from .acts import acts_waiting, overdue_acts
from .alerts import alert_documents, alerts_waiting
from .desk import drafts_waiting
from .known import closed_keys
from .lines import by_guide, fact_line, nearest

PUBLISHER = "guides:publisher"
UNVERIFIED = {"fee", "deadline"}
DANGER = "danger"
"""Guides whose topic, or the topic above it, is of the stage of getting protection speak of danger."""


def search_documents(among: QuerySet[GuidePage] | None = None) -> Iterator[SearchDocument]:
    """Every guide that the public may read, in each language, as plain text; closed or hidden ones keep their title.
    And the alerts that hold now.

    among: only these guides, and no alerts.
    """
    if among is None:
        yield from alert_documents()
    pages = (GuidePage.objects.all() if among is None else among).filter(shown())
    rows = pages.select_related("locale", "organisation", "fact", "topic")
    closed = closed_keys(viewer=NOBODY)
    for page in rows.prefetch_related("places").iterator(chunk_size=200):
        hidden = fact_line(page).state == State.HIDDEN or page.key in closed
        yield SearchDocument(
            key=f"guides:{page.translation_key}",
            language=page.tag,
            title=page.title,
            summary=page.summary,
            body="" if hidden else plain_text(page.body.get_prep_value()),
            url=public_path(page.url_path),
            publisher=page.organisation.said(page.tag).text,
            places=tuple(place.said(page.tag).text for place in page.places.all()),
            topic=page.topic.key if page.topic else "",
            kind="guide",
        )


def due_facts(keys: list[str]) -> dict[str, DueFact]:
    """What the facts of guides are about, for the "to check" list. keys: `guides:<translation key>`. Two queries."""
    wanted = {}
    for key in keys:
        label, _colon, rest = key.partition(":")
        if label == "guides":
            try:
                wanted[UUID(rest)] = key
            except ValueError:
                continue
    rows = GuidePage.objects.filter(translation_key__in=list(wanted)).select_related("locale").defer("body")
    found = {}
    for translation_key, group in by_guide(rows).items():
        live = [page for page in group if page.live]
        page = _original_of(live or group)
        found[wanted[translation_key]] = DueFact(
            key=wanted[translation_key],
            title=page.title,
            organisation_id=str(page.organisation_id),
            language=page.tag,
            public_url=public_path(page.url_path) if live else "",
            desk_url=f"/guides/{page.pk}/",
        )
    return found


def published(language: str) -> dict[str, str]:
    """Address of the list of guides of each publisher that has one to read, by its key. One query."""
    keys = GuidePage.objects.filter(shown()).order_by("organisation__key").values_list("organisation__key", flat=True)
    return {key: reverse(PUBLISHER, kwargs={"lang": language, "publisher": key}) for key in keys.distinct()}


def queues(viewer: Viewer) -> Iterable[QueueCount]:
    """What waits for the viewer's second look: nothing that he wrote or did himself."""
    drafts = [waiting.since for waiting in drafts_waiting(viewer=viewer) if not waiting.mine]
    yield _queue("drafts", gettext_lazy("Drafts to approve"), "guides:approvals", drafts, APPROVER)
    own = viewer.user_ids
    alerts = list(alerts_waiting(viewer=viewer).exclude(by_id__in=own).values_list("written_at", flat=True))
    yield _queue("alerts", gettext_lazy("Alerts to approve"), "guides:alert_list", alerts, APPROVER)
    acts = list(acts_waiting(viewer=viewer).exclude(by_id__in=own).values_list("at", flat=True))
    yield _queue("urgent", gettext_lazy("Urgent acts to review"), "guides:urgent", acts, APPROVER, URGENT)
    late = list(overdue_acts(acts_waiting(viewer=viewer)).values_list("review_due", flat=True))
    title = gettext_lazy("Urgent acts whose review is late")
    yield _queue("urgent_late", title, "guides:urgent", late, APPROVER, URGENT)


def _queue(key: str, title: Any, route: str, since: list[datetime], *roles: str) -> QueueCount:
    return QueueCount(f"guides.{key}", title, route, len(since), min(since, default=None), frozenset(roles))


def live_checks() -> Iterator[Refusal]:
    """Fees and deadlines that nobody verified, and texts about danger that only a machine has translated."""
    rows = GuidePage.objects.filter(live=True).select_related("locale", "fact", "topic__parent")
    for page in rows.iterator(chunk_size=200):
        where = public_path(page.url_path)
        if fact_line(page).state != State.CHECKED:
            for number, block in enumerate(page.body.get_prep_value(), start=1):
                if block["type"] in UNVERIFIED:
                    yield _unverified(block["type"], number, where)
        elif page.translation != GuidePage.Translation.ORIGINAL:
            yield from _older_figures(page, where)
        if page.translation == GuidePage.Translation.MACHINE and is_about_danger(page):
            yield Refusal(
                "guides.danger-drafted-by-machine",
                _("This text about danger was translated by a machine and no person has checked it."),
                where,
                _("Let a person review the translation and mark it as reviewed."),
            )


def is_about_danger(page: GuidePage) -> bool:
    """Whether a guide speaks of danger: its topic stands at the stage of getting protection."""
    topic = page.topic
    return topic is not None and topic.stage == "protection"


def _unverified(kind: str, number: int, where: str) -> Refusal:
    says = {
        "fee": _("The fee in block %(number)d is on a page that nobody has checked, or whose check has run out."),
        "deadline": _(
            "The deadline in block %(number)d is on a page that nobody has checked, or whose check has run out."
        ),
    }[kind]
    return Refusal(
        f"guides.{kind}-unverified",
        says % {"number": number},
        where,
        _("Look at the source again and press “Checked, still true” in the list of what is to be checked."),
    )


def _older_figures(page: GuidePage, where: str) -> Iterator[Refusal]:
    """A translation whose figures differ from a newer original says a fee or a deadline that nobody verified."""
    kinds = {block["type"] for block in page.body.get_prep_value()} & UNVERIFIED
    if not kinds or not page.made_from:
        return
    original = GuidePage.objects.filter(
        translation_key=page.translation_key, translation=GuidePage.Translation.ORIGINAL, live=True
    ).first()
    if original is not None and original.text_digest != page.made_from:
        yield Refusal(
            "guides.figures-older-than-original",
            _("This translation holds a fee or a deadline and is older than its original."),
            where,
            _("Bring the translation up to date, or take it down."),
        )


def _original_of(group: list[GuidePage]) -> GuidePage:
    originals: list[Any] = [page for page in group if page.translation == GuidePage.Translation.ORIGINAL]
    return originals[0] if originals else nearest(group, group[0].tag)
