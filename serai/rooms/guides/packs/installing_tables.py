"""Puts topics, human contacts and alerts of a pack into the house; what the house has changed or checked stays.

Each row is settled piece by piece (kernel/places/pack_table.py): a house may have its own words in one language and
take the rest from the pack.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.kernel.access.models import Membership, Organisation, User
from serai.kernel.facts.actions import state_fact
from serai.kernel.ledger.actions import record
from serai.kernel.packs.pieces import Pieces, owner_of
from serai.kernel.packs.progress import advance
from serai.kernel.packs.words import read_words
from serai.kernel.places.models import Place
from serai.kernel.places.pack_table import PackTable, settle, spoken, unspoken
from serai.kernel.register.ports import PackReport
from serai.lib.tables import Row

from ..actions import save_alert
from ..humans import fact_key_of
from ..keys import ALERTS as ALERTS_SHOWN
from ..keys import topic_touch
from ..models import Alert, HumanContact, Stage, StageWords, Topic
from .tables import ALERTS, CONTACTS, TOPICS, as_day, as_moment
from .tally import Tally

Said = dict[str, str]
FACT = ("source_name", "source_url", "checked_on", "checked_by", "review_by")


class TableInstall(ABC):
    """What the installs of all tables share. fields: the model's name of each word (`title` is `titles`)."""

    table: PackTable
    fields: Mapping[str, str]

    def __init__(self, pack: Mapping[str, Any], files: Mapping[str, bytes], by: User | None) -> None:
        self.pack, self.by = pack["pack"], by
        self.rows = self.table.rows(files)[0]
        self.words = read_words(files)[0]
        self.pieces = Pieces.of(self.pack, self.table.name)
        self.tally = Tally()
        self.places = {place.key: place for place in Place.objects.all()}
        self.organisations = {row.key: row for row in Organisation.objects.all()}

    def run(self) -> PackReport:
        """All rows, then what is gone."""
        present = set()
        for row in self.rows:
            ref = f"{self.table.name}/{row.text('key')}"
            present.add(ref)
            self.one(ref, row)
            advance()
        for ref in self.pieces.missing(present):
            if self.take_out(ref.partition("/")[2]):
                self.tally.removed.append(ref)
            self.pieces.forget(ref)
        return self.tally.report()

    def one(self, ref: str, row: Row) -> None:
        """One row: settled, written if anything is new, counted."""
        thing, new, last = self.find(row), self.said(row), self.pieces.said(ref)
        memory = {"owner": self.pack if last else "", "packs": {self.pack: last}}
        standing = self.standing(thing) if thing is not None else {}
        settled = settle(standing, new, memory, self.pack)
        changed = thing is None or settled.values != standing or self.pieces.was_gone(ref)
        after = self.write(row, thing, settled.values) if changed else thing
        stated = self.state(ref, row, after, new != last and bool(last))
        if settled.kept:
            self.tally.kept.append(ref)
        if thing is None:
            self.tally.created.append(ref)
        elif changed or stated:
            self.tally.updated.append(ref)
        elif not settled.kept:
            self.tally.unchanged += 1
        self.pieces.remember(ref, said=new, rest=self.rest(row))

    def texts(self, key: str) -> dict[str, str]:
        """The words of a key by language."""
        return {tag: words.texts[key] for tag, words in self.words.items() if words.texts.get(key)}

    def words_said(self, row: Row) -> Said:
        """The words of a row as pieces."""
        found: Said = {}
        for word in self.table.words:
            found |= spoken(word, self.texts(f"{self.table.name}.{row.text('key')}.{word}"))
        return found

    def words_standing(self, thing: Any) -> Said:
        """The same from the house."""
        return {
            piece: text
            for word, name in self.fields.items()
            for piece, text in spoken(word, getattr(thing, name)).items()
        }

    def put_words(self, thing: Any, values: Said) -> None:
        """Sets the words of a thing."""
        for word, name in self.fields.items():
            setattr(thing, name, unspoken(word, values))

    @abstractmethod
    def find(self, row: Row) -> Any:
        """The row's thing in the house, or None."""

    @abstractmethod
    def said(self, row: Row) -> Said:
        """What the pack says, as pieces."""

    @abstractmethod
    def standing(self, thing: Any) -> Said:
        """The same of what stands in the house."""

    @abstractmethod
    def write(self, row: Row, thing: Any, values: Said) -> Any:
        """Writes it, with its event."""

    @abstractmethod
    def take_out(self, key: str) -> bool:
        """The pack has it no more; whether that changed anything."""

    def rest(self, row: Row) -> str:
        """Digest of source and dates, "" where there are none."""
        return ""

    def state(self, ref: str, row: Row, thing: Any, changed: bool) -> bool:
        """States source and dates, unless the house's own check holds; whether it did."""
        return False


class TopicsInstall(TableInstall):
    """topics.csv, and the words of the stages."""

    table, fields = TOPICS, {"title": "titles", "lead": "leads"}

    def run(self) -> PackReport:
        """Parents first."""
        by_key = {row.text("key"): row for row in self.rows}
        done: dict[str, Row] = {}

        def visit(row: Row) -> None:
            if row.text("key") not in done:
                if row.text("parent") in by_key:
                    visit(by_key[row.text("parent")])
                done[row.text("key")] = row

        for row in self.rows:
            visit(row)
        self.rows = list(done.values())
        self._stages()
        return super().run()

    def one(self, ref: str, row: Row) -> None:
        """Unless the topic is another pack's: then it must say the same."""
        other = owner_of(ref, self.pack)
        if not other:
            super().one(ref, row)
            return
        thing, new = self.find(row), self.said(row)
        if thing is not None and {**self.standing(thing), **new} == self.standing(thing):
            self.tally.unchanged += 1
            return
        says = _("The topic “%(key)s” comes from the pack “%(pack)s” here.") % {"key": row.text("key"), "pack": other}
        cure = _("Take the row out and require that pack.")
        self.tally.note(self.table.path, "topic-other", says, cure, line=row.number, refuses=True)

    def find(self, row: Row) -> Any:
        """By key."""
        return Topic.objects.select_related("parent").filter(key=row.text("key")).first()

    def said(self, row: Row) -> Said:
        """Place and words."""
        plain = {column: row.text(column) for column in ("stage", "parent", "icon")}
        return {**plain, "order": str(int(row.text("order"))), **self.words_said(row)}

    def standing(self, thing: Topic) -> Said:
        """The same from the house."""
        parent = thing.parent.key if thing.parent else ""
        plain = {"stage": thing.stage, "parent": parent, "icon": thing.icon, "order": str(thing.position)}
        return {**plain, **self.words_standing(thing)}

    def write(self, row: Row, thing: Any, values: Said) -> Any:
        """The topic below its parent."""
        topic = thing or Topic(key=row.text("key"))
        topic.parent = Topic.objects.filter(key=values.get("parent", "")).first()
        topic.stage, topic.icon, topic.position = values["stage"], values["icon"], int(values["order"])
        self.put_words(topic, values)
        topic.save()
        touches = [topic_touch(topic.key), "topics", "stages"]
        record("guides.topic_changed", subject=f"guides.topic:{topic.pk}", by=_id(self.by), touches=touches)
        return topic

    def take_out(self, key: str) -> bool:
        """A topic stays: guides of other packs may stand under it. It is only told."""
        self.tally.kept.append(f"topics/{key}")
        return False

    def _stages(self) -> None:
        for stage in Stage.values:
            titles, leads = self.texts(f"stages.{stage}.title"), self.texts(f"stages.{stage}.lead")
            if not titles:
                continue
            row = StageWords.objects.filter(stage=stage).first() or StageWords(stage=stage)
            new = ({**row.titles, **titles}, {**row.leads, **leads})
            if (row.titles, row.leads) != new:
                row.titles, row.leads = new
                row.save()
                record("guides.topic_changed", subject=f"guides.stage:{row.pk}", by=_id(self.by), touches=["stages"])


class ContactsInstall(TableInstall):
    """contacts.csv: each with its own fact."""

    table, fields = CONTACTS, {"name": "names", "hours": "hours", "what": "whats"}

    def find(self, row: Row) -> Any:
        """By pack and key."""
        rows = HumanContact.objects.select_related("organisation", "place", "fact")
        return rows.filter(key=f"{self.pack}/{row.text('key')}").first()

    def said(self, row: Row) -> Said:
        """Everything but source and dates."""
        plain = {column: row.text(column) for column in self.table.columns[1:] if column not in FACT}
        position = str(10 * (1 + [each.text("key") for each in self.rows].index(row.text("key"))))
        return {**plain, "position": position, **self.words_said(row)}

    def standing(self, thing: HumanContact) -> Said:
        """The same from the house."""
        return {
            "organisation": thing.organisation.key,
            "place": thing.place.key if thing.place else "",
            "phone": thing.phone,
            "email": thing.email,
            "address": thing.address,
            "languages": " ".join(thing.languages),
            "position": str(thing.position),
            **self.words_standing(thing),
        }

    def write(self, row: Row, thing: Any, values: Said) -> Any:
        """The contact; open again if the pack had taken it out."""
        contact = thing or HumanContact(key=f"{self.pack}/{row.text('key')}")
        contact.organisation = self.organisations[values["organisation"]]
        contact.place = self.places.get(values.get("place", ""))
        for name in ("phone", "email", "address"):
            setattr(contact, name, values.get(name, ""))
        contact.languages = values.get("languages", "").split()
        contact.position = int(values["position"])
        contact.closed = False
        self.put_words(contact, values)
        contact.save()
        self._changed(contact)
        return contact

    def take_out(self, key: str) -> bool:
        """It is no longer shown."""
        contact = HumanContact.objects.filter(key=f"{self.pack}/{key}", closed=False).first()
        if contact is None:
            return False
        contact.closed = True
        contact.save()
        self._changed(contact)
        return True

    def rest(self, row: Row) -> str:
        """Source and dates."""
        return hashlib.sha256(json.dumps([row.text(column) for column in FACT]).encode()).hexdigest()

    def state(self, ref: str, row: Row, thing: HumanContact, changed: bool) -> bool:
        """As for guides: a later check made here stays while the words stay, and is asked for again otherwise."""
        if thing.fact_id and not changed and not self.pieces.rest_changed(ref, self.rest(row)):
            return False
        checked_on, review_by = as_day(row.text("checked_on")), as_day(row.text("review_by"))
        fact = thing.fact
        own = bool(fact and fact.checked_on and (checked_on is None or fact.checked_on > checked_on))
        if own and not changed:
            self.tally.kept.append(ref)
            return False
        if own and review_by is not None:
            review_by = min(review_by, timezone.localdate() + timedelta(days=settings.SERAI_REVIEW_SOON_DAYS))
        stated = state_fact(
            by=self.by,
            key=fact_key_of(thing.key),
            organisation=thing.organisation,
            source_name=row.text("source_name"),
            source_url=row.text("source_url"),
            checked_on=checked_on,
            checked_by=row.text("checked_by"),
            review_by=review_by,
        )
        if thing.fact_id != stated.pk:
            thing.fact = stated
            thing.save()
        return True

    def _changed(self, contact: HumanContact) -> None:
        subject = f"guides.contact:{contact.pk}"
        record("guides.contact_changed", subject=subject, by=_id(self.by), touches=["humans"])


class AlertsInstall(TableInstall):
    """alerts.csv: whoever installs the pack stands behind them, so they need no second approval."""

    table, fields = ALERTS, {"title": "titles", "text": "texts"}

    def __init__(self, pack: Mapping[str, Any], files: Mapping[str, bytes], by: User | None) -> None:
        super().__init__(pack, files, by)
        staffed = Membership.objects.filter(user__demo=False).exclude(organisation__key=pack["publisher"])
        self.speak_themselves = set(staffed.values_list("organisation__key", flat=True))

    def one(self, ref: str, row: Row) -> None:
        """Unless it is an alert in the name of somebody whose own people write alerts here."""
        key = row.text("organisation")
        if key not in self.speak_themselves:
            super().one(ref, row)
            return
        says = _("“%(key)s” publishes here itself; another's pack cannot change what it says of itself.")
        cure = _("Take the row out.")
        self.tally.note(self.table.path, "alert-other", says % {"key": key}, cure, line=row.number, refuses=True)

    def find(self, row: Row) -> Any:
        """By pack and key."""
        return Alert.objects.select_related("organisation").filter(key=alert_key(self.pack, row.text("key"))).first()

    def said(self, row: Row) -> Said:
        """Who, where, when and what; moments in UTC."""
        starts, ends = as_moment(row.text("starts")), as_moment(row.text("ends"))
        return {
            "organisation": row.text("organisation"),
            "place": row.text("place"),
            "starts": _utc(starts),
            "ends": _utc(ends),
            **self.words_said(row),
        }

    def standing(self, thing: Alert) -> Said:
        """The same from the house."""
        return {
            "organisation": thing.organisation.key,
            "place": " ".join(sorted(place.key for place in thing.places.all())),
            "starts": _utc(thing.starts),
            "ends": _utc(thing.ends),
            **self.words_standing(thing),
        }

    def write(self, row: Row, thing: Any, values: Said) -> Any:
        """The alert, as approved; one that the pack had taken out holds again."""
        if thing is not None and self.pieces.was_gone(f"alerts/{row.text('key')}"):
            thing.ended_at = None
            thing.save()
        starts, ends = as_moment(values["starts"]), as_moment(values["ends"])
        assert starts is not None and ends is not None  # noqa: S101, PT018 - checked before anything is installed
        saved = save_alert(
            by=self.by,
            organisation=self.organisations[values["organisation"]],
            key=alert_key(self.pack, row.text("key")),
            titles=unspoken("title", values),
            texts=unspoken("text", values),
            starts=starts,
            ends=ends,
            places=[self.places[key] for key in values.get("place", "").split() if key in self.places],
        )
        return saved.alert

    def take_out(self, key: str) -> bool:
        """It ends now."""
        alert = Alert.objects.filter(key=alert_key(self.pack, key), ended_at=None, ends__gt=timezone.now()).first()
        if alert is None:
            return False
        alert.ended_at = timezone.now()
        alert.save()
        record("guides.alert_ended", subject=f"guides.alert:{alert.pk}", by=_id(self.by), touches=[ALERTS_SHOWN])
        return True


def alert_key(pack: str, key: str) -> str:
    """The alert's key in the house."""
    return f"{pack}__{key}"


def _utc(moment: Any) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _id(user: User | None) -> str:
    return str(user.pk) if user else ""
