"""Manifest of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Event, Manifest, Measure, PersonalData
from serai.kernel.register.ports import COMMANDS, LIVE_CHECKS, SWEEPS, Refusal

LONG = timedelta(minutes=10)


def _rows() -> int:
    from .tree import tree_size

    return tree_size()


def _waiting() -> int:
    from .models import OutboxRow

    return OutboxRow.objects.count()


def _parked() -> int:
    from .models import Parked

    return Parked.objects.count()


def _refusals() -> Iterable[Refusal]:
    from .queries import standing

    now = standing()
    if now.waits() > LONG:
        says = _now("%(count)s events wait for their number, the oldest since %(oldest)s.")
        says %= {"count": now.waiting, "oldest": f"{now.oldest:%Y-%m-%d %H:%M}"}
        yield Refusal(
            "ledger-waits", says, "ledger", _now("let the house run its clock: `serai serve` or `serai open`")
        )
    if now.parked:
        says = _now("%(count)s events could not be delivered to a part of the house.") % {"count": now.parked}
        yield Refusal("ledger-parked", says, "ledger", _now("see `serai ledger parked`, then retry or drop each"))
    if now.rows and now.rows == now.unsigned:
        says = _now("The ledger was never signed.")
        yield Refusal("ledger-unsigned", says, "ledger", _now("run `serai ledger checkpoint`"))


def _offers() -> None:
    from .commands import ledger
    from .sweeps import EVERY_DAY, EVERY_HOUR, EVERY_SECOND, sweep_checkpoint, sweep_openings, sweep_outbox

    COMMANDS.offer("ledger", ledger)
    LIVE_CHECKS.offer("ledger", _refusals)
    SWEEPS.offer("ledger.outbox", (EVERY_SECOND, sweep_outbox))
    SWEEPS.offer("ledger.checkpoint", (EVERY_HOUR, sweep_checkpoint))
    SWEEPS.offer("ledger.openings", (EVERY_DAY, sweep_openings))


MANIFEST = Manifest(
    label="ledger",
    title=_("Ledger"),
    events=(
        Event("ledger.opening_erased", "ledger"),
        Event("ledger.openings_expired", "ledger"),
        Event("ledger.parked_delivered", "ledger"),
        Event("ledger.parked_dropped", "ledger"),
        Event("ledger.probe_written", "ledger"),
    ),
    personal_data=(
        PersonalData(
            model="ledger.OutboxRow",
            fields=("by",),
            purpose="Accountability of staff: who did what, until the sequencer seals it (seconds)",
            legal_basis="Legitimate interest of the operator",
            retention_days=1,
            about="staff",
            erase="deleted by the sequencer",
        ),
        PersonalData(
            model="ledger.Opening",
            fields=("event",),
            purpose="Accountability of staff for what they did; proof that it was recorded",
            legal_basis="Legitimate interest of the operator",
            retention_days=730,
            about="staff",
            erase="row deleted (`serai ledger erase`, and each day by age): the commitment left behind says nothing",
        ),
    ),
    measures=(
        Measure("ledger.rows", _("Rows of the ledger"), _rows),
        Measure("ledger.waiting", _("Events waiting for their number"), _waiting),
        Measure("ledger.parked", _("Events a part of the house could not take"), _parked),
    ),
    offers=_offers,
)
