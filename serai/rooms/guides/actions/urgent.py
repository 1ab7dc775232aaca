"""The urgent path: one trained person acts at once, a second one keeps or undoes it within a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from serai.kernel.access.models import Organisation, User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.ledger.actions import record

from ..access import may_act_urgently, may_end_act, may_review_act
from ..keys import ALERTS, guide_touch
from ..models import Alert, GuidePage, UrgentAct
from ..texts import refuse_bad_lines
from .alerts import make_alert

Texts = Mapping[str, Mapping[str, str]]
"""Words by language: {"en": {"title": "...", "text": "..."}}."""


class MayNotActUrgently(PermissionError):
    """The member of staff was not trained for the urgent path of this publisher."""


class MayNotReview(PermissionError):
    """A second person reviews: with a role there, and not who acted."""


class AlreadyReviewed(ValueError):
    """Somebody has decided on this act, or it has ended."""


@transaction.atomic
def publish_warning(*, by: User, page: GuidePage, texts: Texts) -> UrgentAct:
    """Puts a warning over a guide in all its languages, at once. Raises MayNotActUrgently, BadText."""
    return _over_guide(UrgentAct.Kind.WARNING, by, page, texts)


@transaction.atomic
def close_guide(*, by: User, page: GuidePage, texts: Texts) -> UrgentAct:
    """Hides the details of a guide in all its languages, at once; texts say why. Raises MayNotActUrgently, BadText."""
    return _over_guide(UrgentAct.Kind.CLOSED, by, page, texts)


@transaction.atomic
def send_urgent_alert(*, by: User, organisation: Organisation, texts: Texts, ends: datetime) -> UrgentAct:
    """An alert of a publisher that shows at once until `ends`. Raises MayNotActUrgently, BadText, BadTimes."""
    if not may_act_urgently(viewer_for(by), organisation.pk):
        raise MayNotActUrgently(organisation.key)
    _refuse(texts)
    now = timezone.now()
    titles, words = ({tag: said[name] for tag, said in texts.items()} for name in ("title", "text"))
    alert = make_alert(by=by, organisation=organisation, titles=titles, texts=words, starts=now, ends=ends, urgent=True)
    act = _act(UrgentAct.Kind.ALERT, by, organisation.pk, texts, alert=alert)
    record("guides.alert_sent_urgently", subject=f"guides.act:{act.pk}", by=str(by.pk), touches=[ALERTS])
    return act


@transaction.atomic
def review_act(*, by: User, act: UrgentAct, keep: bool) -> UrgentAct:
    """The second person keeps the act or undoes it. Raises MayNotReview, AlreadyReviewed."""
    act = UrgentAct.objects.select_for_update().get(pk=act.pk)
    if not may_review_act(viewer_for(by), act):
        raise MayNotReview(str(act))
    if act.reviewed_at is not None or act.ended_at is not None:
        raise AlreadyReviewed(str(act))
    now = timezone.now()
    act.reviewed_by, act.reviewed_at, act.kept = by, now, keep
    if not keep:
        act.ended_at = now
    act.save()
    if act.alert is not None:
        _settle_alert(act.alert, by, now, keep)
    event = "guides.urgent_act_kept" if keep else "guides.urgent_act_undone"
    record(event, subject=f"guides.act:{act.pk}", by=str(by.pk), touches=_touches(act))
    return act


@transaction.atomic
def end_act(*, by: User, act: UrgentAct) -> UrgentAct:
    """Lifts a warning or a closing that was kept. Raises MayNotReview, AlreadyReviewed."""
    act = UrgentAct.objects.select_for_update().get(pk=act.pk)
    if not may_end_act(viewer_for(by), act):
        raise MayNotReview(str(act))
    if act.ended_at is not None or act.reviewed_at is None:
        raise AlreadyReviewed(str(act))
    act.ended_at = timezone.now()
    act.save()
    if act.alert is not None:
        _settle_alert(act.alert, by, act.ended_at, keep=False)
    record("guides.urgent_act_ended", subject=f"guides.act:{act.pk}", by=str(by.pk), touches=_touches(act))
    return act


def _over_guide(kind: UrgentAct.Kind, by: User, page: GuidePage, texts: Texts) -> UrgentAct:
    if not may_act_urgently(viewer_for(by), page.organisation_id):
        raise MayNotActUrgently(page.key)
    _refuse(texts)
    act = _act(kind, by, page.organisation_id, texts, guide_key=page.key)
    event = "guides.warning_published" if kind == UrgentAct.Kind.WARNING else "guides.guide_closed"
    record(event, subject=f"guides.act:{act.pk}", by=str(by.pk), touches=_touches(act))
    return act


def _act(kind: UrgentAct.Kind, by: User, organisation_id: UUID, texts: Texts, **about: object) -> UrgentAct:
    now = timezone.now()
    return UrgentAct.objects.create(
        kind=kind,
        organisation_id=organisation_id,
        texts={tag: dict(said) for tag, said in texts.items()},
        by=by,
        at=now,
        review_due=now + timedelta(hours=settings.SERAI_URGENT_REVIEW_HOURS),
        **about,
    )


def _refuse(texts: Texts) -> None:
    by_field = {name: {tag: said.get(name, "") for tag, said in texts.items()} for name in ("title", "text")}
    refuse_bad_lines(by_field)


def _settle_alert(alert: Alert, by: User, now: datetime, keep: bool) -> None:
    if keep:
        alert.approved_by, alert.approved_at = by, now
    else:
        alert.ended_at = now
    alert.save()


def _touches(act: UrgentAct) -> set[str]:
    if act.alert_id is not None:
        return {ALERTS}
    keys = GuidePage.objects.filter(key=act.guide_key, organisation_id=act.organisation_id)
    return {guide_touch(key) for key in keys.values_list("translation_key", flat=True)}
