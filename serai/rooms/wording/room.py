"""Manifest of wording."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Door, Event, Manifest, PersonalData, desk

SPEAKERS = ("content.translator", "content.approver")


def _offers() -> None:
    from serai.kernel.languages.corrected import CORRECTED
    from serai.kernel.register.ports import LIVE_CHECKS, QUEUES

    from .queries import corrections_since, live_checks, queues

    CORRECTED.offer("wording", corrections_since)
    QUEUES.offer("wording", queues)
    LIVE_CHECKS.offer("wording", live_checks)


MANIFEST = Manifest(
    label="wording",
    title=_("Words of the interface"),
    doors=(
        Door(
            "wording",
            _("Words of the interface"),
            "language",
            "wording:overview",
            "desk",
            lead=_("Correct a button or a short sentence in your language."),
            order=80,
            roles=frozenset(SPEAKERS),
        ),
    ),
    permissions=(
        *desk("wording:overview", "wording:sentences", "wording:sentence", "wording:changes", roles=SPEAKERS),
        *desk("wording:take_back", roles=SPEAKERS),
        *desk("wording:decide", "wording:end", roles=("content.approver",)),
    ),
    events=tuple(
        Event(f"wording.correction_{what}", "content")
        for what in ("proposed", "approved", "sent_back", "taken_back", "ended")
    ),
    personal_data=(
        PersonalData(
            model="wording.Correction",
            fields=("by", "decided_by"),
            purpose="Accountability of staff for what the house says",
            legal_basis="Legitimate interest of the operator",
            retention_days=730,
            about="staff",
            erase="set to null when the account is deleted",
        ),
    ),
    offers=_offers,
)
