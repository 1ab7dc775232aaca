"""Closings and other hours as sentences in what other programs read: HSDS has no table for a door that is shut tonight.

Whoever shows the usual hours of a service without them would send people to a shut door.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.engine.shell.hosts import interface_language
from serai.kernel.languages.registry import known
from serai.kernel.languages.words import say

from ..hours import zone_of
from ..models import Closure, HoursChange, Service, ServiceAtLocation
from .exceptions import exceptions_of


def say_closings(table: str, rows: list[dict[str, Any]], now: datetime) -> datetime | None:
    """Says in nested rows of services or service_at_locations what is closed now or soon: of a service in its `alert`,
    of one of several places in the `description` there. Returns when the first of it is over; None for nothing said.
    """
    keys = [row["id"] if table == "services" else row["service"]["id"] for row in rows]
    services = {str(row.pk): row for row in Service.objects.filter(pk__in=keys)}
    places: dict[str, list[ServiceAtLocation]] = {}
    for at in ServiceAtLocation.objects.filter(service_id__in=services).select_related("location").order_by("pk"):
        places.setdefault(str(at.service_id), []).append(at)
    there = [at.location_id for found in places.values() for at in found]
    exceptions = exceptions_of([service.pk for service in services.values()], there, now)
    for row in rows:
        service = row if table == "services" else row["service"]
        of, at_all = services[service["id"]], places.get(service["id"], [])
        closed = [*exceptions.closures.get(of.pk, ())]
        if len(at_all) == 1:
            closed += exceptions.closures.get(at_all[0].location_id, ())
        zone = zone_of(at_all[0].location if at_all else None)
        changed = [change for change in exceptions.changes.get(of.pk, ()) if change.last >= now.date()]
        _add(service, "alert", _sentences(of, zone, closed, changed))
        shown = {at["id"]: at for at in (row.get("service_at_locations", ()) if table == "services" else [row])}
        for at in at_all if len(at_all) > 1 else ():
            if str(at.pk) in shown:
                said = _sentences(of, zone_of(at.location), exceptions.closures.get(at.location_id, ()), ())
                _add(shown[str(at.pk)], "description", said)
    return min((closure.ends for found in exceptions.closures.values() for closure in found), default=None)


def _add(row: dict[str, Any], field: str, sentences: list[str]) -> None:
    if sentences:
        row[field] = " ".join([*filter(None, [row.get(field)]), *sentences])


def _sentences(service: Service, zone: str, closed: Iterable[Closure], changed: Iterable[HoursChange]) -> list[str]:
    """In the language of the service, on the clock of the place."""
    tag = service.language
    found = []
    with override(interface_language(tag) if known(tag) else "en"):
        for closure in closed:
            start, end = (
                f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for moment in (closure.starts, closure.ends)
            )
            found.append(_("Closed from %(start)s to %(end)s.") % {"start": start, "end": end})
            found.append(say(closure.reasons, tag).text)
        for change in changed:
            values = {"first": f"{change.first}", "last": f"{change.last}", "hours": change.hours}
            other = _("Other hours from %(first)s to %(last)s: %(hours)s.")
            found.append((other if change.hours else _("Closed from %(first)s to %(last)s.")) % values)
            found.append(say(change.reasons, tag).text)
    return [sentence for sentence in found if sentence]
