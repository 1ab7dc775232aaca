"""What the services map offers to the ports of the house, connected once when the house opens."""

from __future__ import annotations

from django.conf import settings

from serai.kernel.register.ports import (
    COMMANDS,
    EXPORTERS,
    FACT_TITLES,
    FACT_TOUCHES,
    IMPORTERS,
    PACK_EXPORTS,
    PACK_PARTS,
    QUEUES,
    REPORTS,
    REVIEW_DAYS,
    SEARCH_CHANGES,
    SEARCH_DOCUMENTS,
    SWEEPS,
)

LABEL = "services_map.service"
HOUR = 3600.0
MINUTES = 300.0


def offer_all() -> None:
    """Called by the register."""
    from .actions.tallying import forget_presses
    from .command import near
    from .command_tally import tally
    from .exchange.command import geojson, hsds
    from .exchange.command_out import export_4w, export_hsds
    from .exchange.waiting import forget_old
    from .packs import ServicesPart, export_services
    from .queries import house

    PACK_PARTS.offer("services_map", ServicesPart())
    PACK_EXPORTS.offer("services_map", export_services)
    COMMANDS.offer("near", near)
    IMPORTERS.offer("hsds", hsds)
    IMPORTERS.offer("geojson", geojson)
    EXPORTERS.offer("hsds", export_hsds)
    EXPORTERS.offer("4w", export_4w)
    REPORTS.offer("tally", tally)
    SWEEPS.offer("services_map.tally", (HOUR, forget_presses))
    SWEEPS.offer("services_map.waiting", (MINUTES, forget_old))
    SEARCH_DOCUMENTS.offer("services_map", house.search_documents)
    SEARCH_CHANGES.offer("services_map", house.search_changes)
    FACT_TITLES.offer("services_map", house.due_facts)
    FACT_TOUCHES.offer("services_map", house.touches_of_fact)
    QUEUES.offer("services_map", house.queues)
    REVIEW_DAYS.offer(LABEL, lambda: settings.SERAI_SERVICE_REVIEW_DAYS)
