"""A publisher's topics, human contacts and alerts in this house as tables and words of a pack."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone

from serai.kernel.packs.models import Piece
from serai.kernel.packs.words import words_text
from serai.kernel.register.ports import PackExport

from ..models import Alert, HumanContact, StageWords, Topic
from .exporting_guides import slug_in_pack
from .tables import ALERTS, COLUMNS, CONTACTS, TOPICS

Texts = dict[str, Mapping[str, str]]


def export_topics(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """The topics that this pack brought, as they are called here; topics of other packs are required, not copied."""
    refs = Piece.objects.filter(pack=pack["pack"], ref__startswith="topics/", gone=False).values_list("ref", flat=True)
    keys = [ref.removeprefix("topics/") for ref in refs]
    rows, texts = [], Texts()
    for topic in Topic.objects.filter(key__in=keys).select_related("parent"):
        parent = topic.parent.key if topic.parent else ""
        rows.append((topic.key, topic.stage, parent, topic.icon, str(topic.position)))
        texts[f"topics.{topic.key}.title"], texts[f"topics.{topic.key}.lead"] = topic.titles, topic.leads
    if rows:
        for stage in StageWords.objects.all():
            texts[f"stages.{stage.stage}.title"], texts[f"stages.{stage.stage}.lead"] = stage.titles, stage.leads
    return _export(TOPICS, rows, texts, pack)


def export_contacts(publisher: str, pack: Mapping[str, Any]) -> PackExport:
    """Contacts of the publisher, and those that came with this pack."""
    rows, texts = [], Texts()
    contacts = HumanContact.objects.filter(closed=False).select_related("organisation", "place", "fact")
    for contact in contacts:
        if contact.organisation.key != publisher and not contact.key.startswith(f"{pack['pack']}/"):
            continue
        key, fact = slug_in_pack(contact.key), contact.fact
        checked = (fact.source_name, fact.source_url, fact.checked_on, fact.checked_by, fact.review_by) if fact else ()
        place = contact.place.key if contact.place else ""
        rows.append(
            (
                key, contact.organisation.key, place, contact.phone, contact.email, contact.address,
                " ".join(contact.languages), *(str(cell or "") for cell in checked or [""] * 5),
            )
        )  # fmt: skip
        texts |= {
            f"contacts.{key}.name": contact.names,
            f"contacts.{key}.hours": contact.hours,
            f"contacts.{key}.what": contact.whats,
        }
    return _export(CONTACTS, rows, texts, pack)


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
        texts |= {f"alerts.{key}.title": alert.titles, f"alerts.{key}.text": alert.texts}
    return _export(ALERTS, rows, texts, pack)


EXPORTS: dict[str, Callable[[str, Mapping[str, Any]], PackExport]] = {
    "topics": export_topics,
    "contacts": export_contacts,
    "alerts": export_alerts,
}


def table_text(path: str, rows: Iterable[tuple[str, ...]]) -> bytes:
    """A table in its normal form."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS[path])
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _export(path: str, rows: list[Any], texts: Texts, pack: Mapping[str, Any]) -> PackExport:
    if not rows:
        return PackExport({})
    files = {path: table_text(path, rows)}
    for tag in pack["languages"]:
        here = {key: by_tag[tag] for key, by_tag in texts.items() if by_tag.get(tag)}
        if here:
            files[f"words/{tag}.yaml"] = words_text(here)
    return PackExport(files)
