"""What the guides offer to the ports of the house, connected once when the house opens."""

from __future__ import annotations

from serai.engine.content.adapter import SETTLED, TOUCHES
from serai.engine.content.preview import PREVIEWS
from serai.kernel.register.ports import (
    ALERTS,
    FACT_TITLES,
    FACT_TOUCHES,
    LIVE_CHECKS,
    MEMBERSHIPS,
    PUBLISHED,
    QUEUES,
    SEARCH_DOCUMENTS,
    STAGES,
    SWEEPS,
)

SCHEDULE_SECONDS = 30.0
ALERT_SECONDS = 20.0


def offer_all() -> None:
    """Called by the register."""
    from . import actions
    from .actions.settling import settle_entry, touches_of, touches_of_fact
    from .exchange.offers import offer_exchange
    from .queries import alerts, house, topics
    from .views.desk_preview import show_draft

    SETTLED.offer("guides", settle_entry)
    TOUCHES.offer("guides", touches_of)
    PREVIEWS.offer("guides", show_draft)
    MEMBERSHIPS.offer("guides", actions.sync_member)
    STAGES.offer("guides", topics.stage_cards)
    PUBLISHED.offer("guides", house.published)
    ALERTS.offer("guides", alerts.alert_cards)
    SEARCH_DOCUMENTS.offer("guides", house.search_documents)
    FACT_TITLES.offer("guides", house.due_facts)
    FACT_TOUCHES.offer("guides", touches_of_fact)
    QUEUES.offer("guides", house.queues)
    LIVE_CHECKS.offer("guides", house.live_checks)
    offer_exchange()
    SWEEPS.offer("guides.schedule", (SCHEDULE_SECONDS, _publish_scheduled))
    SWEEPS.offer("guides.alerts", (ALERT_SECONDS, _tell_of_alerts))


def _publish_scheduled() -> None:
    from .actions import publish_scheduled

    publish_scheduled()


def _tell_of_alerts() -> None:
    from .actions import tell_of_alerts

    tell_of_alerts()
