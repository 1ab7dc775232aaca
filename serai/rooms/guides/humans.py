"""Humans who can be reached: for every page of the house, for the list of facts to check and for the live check."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.kernel.facts.models import State
from serai.kernel.languages.words import said_in, say
from serai.kernel.register.ports import DueFact, HumanDesk, Refusal

from .models import HumanContact

PREFIX = "contacts:"


def fact_key_of(key: str) -> str:
    """Key of the fact about a contact; published pages that show it depend on it."""
    return f"{PREFIX}{key}"


def human_desks(tag: str) -> Iterator[HumanDesk]:
    """Open contacts in a language, by fallback, in their order. Offered to HUMANS. One query."""
    for contact in _open():
        fact = contact.fact
        said = {
            "name": say(contact.names, tag),
            "what": say(contact.whats, tag),
            "hours": say(contact.hours, tag),
            "organisation": contact.organisation.said(tag),
        }
        by = {"source_name": fact.source_name, "checked_by": fact.checked_by} if fact else {}
        known = {field: said_in(name, contact.organisation.names) for field, name in by.items()}
        yield HumanDesk(
            key=fact_key_of(contact.key),
            name=said["name"].text,
            what=said["what"].text,
            phone=contact.phone,
            email=contact.email,
            address=contact.address,
            hours=said["hours"].text,
            languages=tuple(contact.languages),
            organisation=said["organisation"].text,
            place=contact.place.said(tag).text if contact.place else "",
            source_name=fact.source_name if fact else "",
            source_url=fact.source_url if fact else "",
            checked_on=fact.checked_on if fact else None,
            checked_by=fact.checked_by if fact else "",
            review_by=fact.review_by if fact else None,
            spoken={field: words.language for field, words in said.items()} | known,
        )


def due_contacts(keys: list[str]) -> dict[str, DueFact]:
    """What the facts of contacts are about. Offered to FACT_TITLES. One query."""
    wanted = [key.removeprefix(PREFIX) for key in keys if key.startswith(PREFIX)]
    tag = settings.SERAI_LANGUAGES[0]
    public = f"/{tag}/people/"
    rows = HumanContact.objects.filter(key__in=wanted) if wanted else ()
    return {
        fact_key_of(row.key): DueFact(
            fact_key_of(row.key), row.said(tag).text or row.key, str(row.organisation_id), tag, public, ""
        )
        for row in rows
    }


def contact_refusals() -> Iterator[Refusal]:
    """A live house has at least one human whose details somebody checked lately, and none that nobody ever did."""
    today = timezone.localdate()
    states = [(contact, contact.fact.state(today) if contact.fact else State.UNCHECKED) for contact in _open()]
    if not any(state is State.CHECKED for _contact, state in states):
        yield Refusal(
            "no-human",
            _("No human contact is staffed: nobody whose details were checked lately can be reached."),
            _("People who can be reached"),
            _("Add an office or a phone line to tables/contacts.csv of your pack, or check one on the list."),
        )
    for contact, state in states:
        if state is not State.CHECKED:
            yield Refusal(
                "contact-unverified",
                _("Nobody has checked lately whether “%(name)s” still holds.") % {"name": contact.said("en").text},
                contact.key,
                _("Look at its source and say so on the list “to check”, or take it out of the pack."),
            )


def _open() -> Iterator[HumanContact]:
    rows = HumanContact.objects.filter(closed=False).select_related("organisation", "place", "fact")
    return rows.iterator()
