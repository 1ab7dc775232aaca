"""A publisher's topics, human contacts and alerts in this house as tables and words of a pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from serai.kernel.packs.models import Piece
from serai.kernel.packs.words import words_text
from serai.kernel.places.pack_table import Texts
from serai.kernel.register.ports import PackExport

from ..models import Alert, HumanContact, StageWords, Topic
from .exporting_guides import slug_in_pack
from .tables import ALERTS, CONTACTS, TOPICS


def export_topics(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """The topics that this pack brought, as they are called here; topics of other packs are required, not copied."""
    refs = Piece.objects.filter(pack=pack["pack"], ref__startswith="topics/", gone=False).values_list("ref", flat=True)
    keys = [ref.removeprefix("topics/") for ref in refs]
    rows: list[tuple[str, ...]] = []
    texts = Texts()
    for topic in Topic.objects.filter(key__in=keys).select_related("parent"):
        parent = topic.parent.key if topic.parent else ""
        rows.append((topic.key, topic.stage, parent, topic.icon, str(topic.position)))
        texts[f"{topic.key}.title"], texts[f"{topic.key}.lead"] = topic.titles, topic.leads
    return PackExport(TOPICS.export(rows, texts, pack["languages"]))


def export_stages(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """How the stages are called here, with the pack that brought topics."""
    if not Piece.objects.filter(pack=pack["pack"], ref__startswith="topics/", gone=False).exists():
        return PackExport({})
    files = {}
    for tag in pack["languages"]:
        said: dict[str, str] = {}
        for stage in StageWords.objects.all():
            said |= {f"stages.{stage.stage}.title": stage.titles.get(tag, "")}
            said |= {f"stages.{stage.stage}.lead": stage.leads.get(tag, "")}
        here = {key: text for key, text in said.items() if text}
        if here:
            files[f"words/{tag}.yaml"] = words_text(here)
    return PackExport(files)


def export_contacts(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """Contacts of the publisher, and those that came with this pack."""
    rows, texts = [], Texts()
    contacts = HumanContact.objects.filter(closed=False).select_related("organisation", "place", "fact")
    for contact in contacts:
        if contact.organisation.key != publisher and not contact.key.startswith(f"{pack['pack']}/"):
            continue
        key, fact = slug_in_pack(contact.key), contact.fact
        checked: list[Any] = [""] * 5
        if fact is not None:
            checked = [fact.source_name, fact.source_url, fact.checked_on, fact.checked_by, fact.review_by]
        place = contact.place.key if contact.place else ""
        reached = (contact.phone, contact.email, contact.address, " ".join(contact.languages))
        rows.append((key, contact.organisation.key, place, *reached, *(str(cell or "") for cell in checked)))
        texts |= {f"{key}.name": contact.names, f"{key}.hours": contact.hours, f"{key}.what": contact.whats}
    return PackExport(CONTACTS.export(rows, texts, pack["languages"]))


def export_alerts(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """Alerts of the publisher that hold or will hold; a pack knows one place for each."""
    rows, texts = [], Texts()
    alerts = Alert.objects.filter(ends__gt=timezone.now(), ended_at=None, approved_at__isnull=False)
    for alert in alerts.select_related("organisation").prefetch_related("places").order_by("key"):
        ours = alert.key.startswith(f"{pack['pack']}__")
        if alert.organisation.key != publisher and not ours:
            continue
        key = alert.key.removeprefix(f"{pack['pack']}__") if ours else slug_in_pack(alert.key)
        place = next(iter(sorted(each.key for each in alert.places.all())), "")
        moments = [timezone.localtime(moment).isoformat(timespec="seconds") for moment in (alert.starts, alert.ends)]
        rows.append((key, alert.organisation.key, place, *moments))
        texts |= {f"{key}.title": alert.titles, f"{key}.text": alert.texts}
    return PackExport(ALERTS.export(rows, texts, pack["languages"]))


EXPORTS: dict[str, Callable[[str, Mapping[str, Any]], PackExport]] = {
    "topics": export_topics,
    "stages": export_stages,
    "contacts": export_contacts,
    "alerts": export_alerts,
}
