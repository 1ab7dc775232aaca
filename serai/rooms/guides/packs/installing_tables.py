"""Puts topics, human contacts and alerts of a pack into the house; what the house has changed or checked stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.kernel.access.models import Organisation, User
from serai.kernel.facts.actions import state_fact
from serai.kernel.facts.models import Fact
from serai.kernel.ledger.actions import record
from serai.kernel.packs.pieces import Choice, Pieces, owner_of
from serai.kernel.packs.progress import advance
from serai.kernel.packs.words import read_words
from serai.kernel.places.models import Place
from serai.kernel.register.ports import PackReport

from ..actions import save_alert
from ..keys import ALERTS as ALERTS_SHOWN
from ..keys import topic_touch
from ..models import Alert, HumanContact, Stage, StageWords, Topic
from .checking_guides import as_day
from .installing_guides import Tally
from .tables import ALERTS, CONTACTS, TOPICS, Row, as_moment, read_table

Texts = Callable[[str], dict[str, str]]


class _Install:
    """What the installs of all tables share."""

    path, kind, event = "", "", ""

    def __init__(self, pack: Mapping[str, Any], files: Mapping[str, bytes], by: User | None) -> None:
        self.pack, self.by, self.languages = pack["pack"], by, set(pack["languages"])
        self.rows = read_table(self.path, files[self.path])[0] if self.path in files else []
        self.words = read_words(files)[0]
        self.pieces = Pieces.of(self.pack, self.kind)
        self.tally = Tally()
        self.places = {place.key: place for place in Place.objects.all()}
        self.organisations = {row.key: row for row in Organisation.objects.all()}

    def texts(self, key: str) -> dict[str, str]:
        """The words of a key by language."""
        return {tag: words.texts[key] for tag, words in self.words.items() if words.texts.get(key)}

    def merged(self, here: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
        """The pack's words, and the house's own in languages that the pack does not have."""
        return {**{tag: text for tag, text in here.items() if tag not in self.languages}, **ours}

    def of_pack(self, here: Mapping[str, str]) -> dict[str, str]:
        """Of a house's words those in the pack's languages."""
        return {tag: text for tag, text in here.items() if tag in self.languages}

    def run(self) -> PackReport:
        """All rows, then what is gone."""
        present = set()
        for row in self.rows:
            ref = f"{self.kind}/{row['key']}"
            present.add(ref)
            self.one(ref, row)
            advance()
        for ref in self.pieces.missing(present):
            if self.take_out(ref.removeprefix(f"{self.kind}/")):
                self.tally.removed.append(ref)
            self.pieces.forget(ref)
        return self.tally.report()

    def one(self, ref: str, row: Row) -> None:
        """One row: compared three ways, then written, kept or left."""
        thing, wanted = self.find(row), self.wanted(row)
        digest = digest_of(wanted)
        here = digest_of(self.standing(thing)) if thing is not None else ""
        choice = self.pieces.choose(ref, wanted=digest, here=here)
        rest = self.rest(row)
        changed = False
        if choice is Choice.TAKE or (thing is not None and self.pieces.was_gone(ref)):
            thing = self.write(row, thing, wanted)
            changed = True
        stated = thing is not None and self.state(ref, row, thing, digest, rest, choice)
        if choice is Choice.KEEP and not changed:
            self.tally.kept.append(ref)
        elif not here:
            self.tally.created.append(ref)
        elif changed or stated:
            self.tally.updated.append(ref)
        else:
            self.tally.unchanged += 1
        if changed and thing is not None and self.event:
            record(self.event, subject=f"guides.{self.kind}:{thing.pk}", by=_id(self.by), touches=self.touches(thing))
        self.pieces.remember(ref, text=digest, here=digest, rest=rest)

    def find(self, row: Row) -> Any:
        """The row's thing in the house, or None."""
        raise NotImplementedError

    def wanted(self, row: Row) -> dict[str, Any]:
        """What the pack says, as plain data."""
        raise NotImplementedError

    def standing(self, thing: Any) -> dict[str, Any]:
        """The same of what stands in the house."""
        raise NotImplementedError

    def write(self, row: Row, thing: Any, wanted: dict[str, Any]) -> Model:
        """Writes it."""
        raise NotImplementedError

    def take_out(self, key: str) -> bool:
        """The pack has it no more; whether that changed anything."""
        raise NotImplementedError

    def touches(self, thing: Any) -> list[str]:
        """Which published pages change."""
        raise NotImplementedError

    def rest(self, row: Row) -> str:
        """Digest of source and dates, "" where there are none."""
        return ""

    def state(self, ref: str, row: Row, thing: Any, text: str, rest: str, choice: Choice) -> bool:
        """States source and dates, unless the house's own check holds; whether it did."""
        return False


class TopicsInstall(_Install):
    """topics.csv, and the words of the stages."""

    path, kind, event = TOPICS, "topics", "guides.topic_changed"

    def run(self) -> PackReport:
        """Parents first; a topic that another pack brought is that pack's."""
        by_key = {row["key"]: row for row in self.rows}
        done: dict[str, Row] = {}

        def visit(row: Row) -> None:
            if row["key"] not in done:
                if row["parent"] in by_key:
                    visit(by_key[row["parent"]])
                done[row["key"]] = row

        for row in self.rows:
            visit(row)
        self.rows = list(done.values())
        self._stages()
        return super().run()

    def one(self, ref: str, row: Row) -> None:
        """Unless the topic is another pack's."""
        other = owner_of(ref, self.pack)
        if not other:
            super().one(ref, row)
            return
        thing = self.find(row)
        if thing is not None and digest_of(self.standing(thing)) == digest_of(self.wanted(row)):
            self.tally.unchanged += 1
            return
        says = _("The topic “%(key)s” comes from the pack “%(pack)s” here.") % {"key": row["key"], "pack": other}
        cure = _("Take the row out and require that pack.")
        self.tally.note(self.path, "topic-other", says, cure, refuses=True)

    def find(self, row: Row) -> Any:
        """By key."""
        return Topic.objects.select_related("parent").filter(key=row["key"]).first()

    def wanted(self, row: Row) -> dict[str, Any]:
        """Place and words."""
        return {
            "stage": row["stage"],
            "parent": row["parent"],
            "icon": row["icon"],
            "position": int(row["order"]),
            "titles": self.texts(f"topics.{row['key']}.title"),
            "leads": self.texts(f"topics.{row['key']}.lead"),
        }

    def standing(self, thing: Topic) -> dict[str, Any]:
        """The same from the house."""
        return {
            "stage": thing.stage,
            "parent": thing.parent.key if thing.parent else "",
            "icon": thing.icon,
            "position": thing.position,
            "titles": self.of_pack(thing.titles),
            "leads": self.of_pack(thing.leads),
        }

    def write(self, row: Row, thing: Any, wanted: dict[str, Any]) -> Model:
        """The topic below its parent."""
        topic = thing or Topic(key=row["key"])
        topic.parent = Topic.objects.filter(key=wanted["parent"]).first() if wanted["parent"] else None
        topic.stage, topic.icon, topic.position = wanted["stage"], wanted["icon"], wanted["position"]
        topic.titles = self.merged(topic.titles, wanted["titles"])
        topic.leads = self.merged(topic.leads, wanted["leads"])
        topic.save()
        return topic

    def take_out(self, key: str) -> bool:
        """A topic stays while anything refers to it: guides of other packs may. It is only told."""
        self.tally.kept.append(f"topics/{key}")
        return False

    def touches(self, thing: Any) -> list[str]:
        """The home page lists topics."""
        return [topic_touch(thing.key), "topics", "stages"]

    def _stages(self) -> None:
        for stage in Stage.values:
            titles, leads = self.texts(f"stages.{stage}.title"), self.texts(f"stages.{stage}.lead")
            if not titles:
                continue
            row = StageWords.objects.filter(stage=stage).first() or StageWords(stage=stage)
            new = (self.merged(row.titles, titles), self.merged(row.leads, leads))
            if (row.titles, row.leads) != new:
                row.titles, row.leads = new
                row.save()
                record(self.event, subject=f"guides.stage:{row.pk}", by=_id(self.by), touches=["stages"])


class ContactsInstall(_Install):
    """contacts.csv: each with its own fact."""

    path, kind, event = CONTACTS, "contacts", "guides.contact_changed"

    def find(self, row: Row) -> Any:
        """By pack and key."""
        rows = HumanContact.objects.select_related("organisation", "place", "fact")
        return rows.filter(key=f"{self.pack}/{row['key']}").first()

    def wanted(self, row: Row) -> dict[str, Any]:
        """Everything but source and dates."""
        prefix = f"contacts.{row['key']}"
        return {
            "organisation": row["organisation"],
            "place": row["place"],
            "phone": row["phone"],
            "email": row["email"],
            "address": row["address"],
            "languages": row["languages"].split(),
            "names": self.texts(f"{prefix}.name"),
            "hours": self.texts(f"{prefix}.hours"),
            "whats": self.texts(f"{prefix}.what"),
        }

    def standing(self, thing: HumanContact) -> dict[str, Any]:
        """The same from the house."""
        return {
            "organisation": thing.organisation.key,
            "place": thing.place.key if thing.place else "",
            **{name: getattr(thing, name) for name in ("phone", "email", "address", "languages")},
            **{name: self.of_pack(getattr(thing, name)) for name in ("names", "hours", "whats")},
        }

    def write(self, row: Row, thing: Any, wanted: dict[str, Any]) -> Model:
        """The contact, open again if the pack had taken it out."""
        contact = thing or HumanContact(key=f"{self.pack}/{row['key']}")
        contact.organisation = self.organisations[wanted["organisation"]]
        contact.place = self.places.get(wanted["place"])
        for name in ("phone", "email", "address", "languages"):
            setattr(contact, name, wanted[name])
        for name in ("names", "hours", "whats"):
            setattr(contact, name, self.merged(getattr(contact, name), wanted[name]))
        contact.position = 10 * (1 + [each["key"] for each in self.rows].index(row["key"]))
        contact.closed = False
        contact.save()
        return contact

    def take_out(self, key: str) -> bool:
        """It is no longer shown."""
        contact = HumanContact.objects.filter(key=f"{self.pack}/{key}", closed=False).first()
        if contact is None:
            return False
        contact.closed = True
        contact.save()
        subject = f"guides.contacts:{contact.pk}"
        record(self.event, subject=subject, by=_id(self.by), touches=self.touches(contact))
        return True

    def touches(self, thing: Any) -> list[str]:
        """Every page that shows a human."""
        return ["humans"]

    def rest(self, row: Row) -> str:
        """Source and dates."""
        columns = ("source_name", "source_url", "checked_on", "checked_by", "review_by")
        return digest_of([row[column] for column in columns])

    def state(self, ref: str, row: Row, thing: Any, text: str, rest: str, choice: Choice) -> bool:
        """As for guides: a later check made here stays while the words stay."""
        changed = self.pieces.changed(ref, text)
        if thing.fact_id and not self.pieces.rest_changed(ref, rest) and not changed:
            return False
        checked_on, review_by = as_day(row["checked_on"]), as_day(row["review_by"])
        fact: Fact | None = thing.fact
        own = fact is not None and fact.checked_on and (checked_on is None or fact.checked_on > checked_on)
        if own and (choice is Choice.KEEP or not changed):
            self.tally.kept.append(ref)
            return False
        if own and review_by is not None:
            review_by = min(review_by, timezone.localdate() + timedelta(days=settings.SERAI_REVIEW_SOON_DAYS))
        stated = state_fact(
            by=self.by,
            key=f"contacts:{thing.key}",
            organisation=thing.organisation,
            source_name=row["source_name"],
            source_url=row["source_url"],
            checked_on=checked_on,
            checked_by=row["checked_by"],
            review_by=review_by,
        )
        if thing.fact_id != stated.pk:
            thing.fact = stated
            thing.save()
        return True


class AlertsInstall(_Install):
    """alerts.csv: whoever installs the pack stands behind them, so they need no second approval."""

    path, kind, event = ALERTS, "alerts", ""

    def find(self, row: Row) -> Any:
        """By pack and key."""
        return Alert.objects.select_related("organisation").filter(key=alert_key(self.pack, row["key"])).first()

    def wanted(self, row: Row) -> dict[str, Any]:
        """Who, where, when and what."""
        starts, ends = as_moment(row["starts"]), as_moment(row["ends"])
        return {
            "organisation": row["organisation"],
            "places": [row["place"]] if row["place"] else [],
            "starts": int(starts.timestamp()) if starts else 0,
            "ends": int(ends.timestamp()) if ends else 0,
            "titles": self.texts(f"alerts.{row['key']}.title"),
            "texts": self.texts(f"alerts.{row['key']}.text"),
        }

    def standing(self, thing: Alert) -> dict[str, Any]:
        """The same from the house."""
        return {
            "organisation": thing.organisation.key,
            "places": sorted(place.key for place in thing.places.all()),
            "starts": int(thing.starts.timestamp()),
            "ends": int(thing.ends.timestamp()),
            "titles": self.of_pack(thing.titles),
            "texts": self.of_pack(thing.texts),
        }

    def write(self, row: Row, thing: Any, wanted: dict[str, Any]) -> Model:
        """The alert, as approved; one that the pack had taken out holds again."""
        if thing is not None and self.pieces.was_gone(f"alerts/{row['key']}"):
            thing.ended_at = None
            thing.save()
        starts, ends = as_moment(row["starts"]), as_moment(row["ends"])
        assert starts is not None and ends is not None  # noqa: S101, PT018 - checked before anything is installed
        return save_alert(
            by=self.by,
            organisation=self.organisations[wanted["organisation"]],
            key=alert_key(self.pack, row["key"]),
            titles=self.merged(thing.titles if thing else {}, wanted["titles"]),
            texts=self.merged(thing.texts if thing else {}, wanted["texts"]),
            starts=starts,
            ends=ends,
            places=[self.places[key] for key in wanted["places"] if key in self.places],
        ).alert

    def take_out(self, key: str) -> bool:
        """It ends now."""
        alert = Alert.objects.filter(key=alert_key(self.pack, key), ended_at=None, ends__gt=timezone.now()).first()
        if alert is None:
            return False
        alert.ended_at = timezone.now()
        alert.save()
        record("guides.alert_ended", subject=f"guides.alert:{alert.pk}", by=_id(self.by), touches=self.touches(alert))
        return True

    def touches(self, thing: Any) -> list[str]:
        """Every page that shows alerts."""
        return [ALERTS_SHOWN]


def alert_key(pack: str, key: str) -> str:
    """The alert's key in the house."""
    return f"{pack}__{key}"


def digest_of(value: Any) -> str:
    """SHA-256 of plain data."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _id(user: User | None) -> str:
    return str(user.pk) if user else ""
