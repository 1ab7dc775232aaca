"""Offers: what is found near, made anew whenever a service, its places or their sensitivity change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from uuid import UUID

from serai.kernel.register.inserting import insert

from ..hours import times_that_hold
from ..models import Location, Offer, Sensitivity, Service, ServiceAtLocation
from ..needs import OTHER
from ..queries.lines import said_under
from ..sensitivity import known_point
from ..somewhere import country_named

AT_ONCE = 500
_UNREAD = ("cells", "texts", "sealed", "location__cells", "location__texts", "location__sealed")
MOST_AREAS = 20  # beyond it the service is for nearly everywhere


def hold(services: Iterable[UUID]) -> None:
    """Of two who write offers of the same services the second waits: else those that the first makes would stay beside
    its own, with the point of a place that is hidden by now. Before rows at places, as in every action."""
    wanted = sorted(services)
    for at in range(0, len(wanted), AT_ONCE):
        held = Service.objects.select_for_update().filter(pk__in=wanted[at : at + AT_ONCE]).order_by("pk")
        list(held.values_list("pk"))


def services_at(location: Location) -> set[UUID]:
    """Ids of the services that are offered at a place, and of any that is still found there."""
    there = ServiceAtLocation.objects.filter(location=location).values_list("service_id", flat=True)
    return {*there, *Offer.objects.filter(at__location=location).values_list("service_id", flat=True)}


def make_offers(services: Iterable[UUID]) -> None:
    """Writes the offers of services anew, within the caller's transaction. No exact place that is not public."""
    rest = iter(sorted(services))
    while part := list(islice(rest, AT_ONCE)):
        hold(part)
        Offer.objects.filter(service_id__in=part).delete()
        rows = Service.objects.filter(pk__in=part, status=Service.Status.ACTIVE).defer("cells", "texts")
        at: dict[UUID, list[ServiceAtLocation]] = {}
        there = ServiceAtLocation.objects.filter(service_id__in=part).select_related("location").defer(*_UNREAD)
        for row in there:
            at.setdefault(row.service_id, []).append(row)
        insert([offer for service in rows for offer in _offers(service, at.get(service.pk, []))])


def make_new_offers(services: Iterable[Service], at: Mapping[UUID, Sequence[ServiceAtLocation]]) -> None:
    """The same of services that are new in the caller's transaction, as are all rows at places (with `location`) that
    they have: nobody else sees them yet and no offer of them stands, so none has to be held or read back."""
    rest = iter(sorted(services, key=attrgetter("pk")))
    while part := list(islice(rest, AT_ONCE)):
        active = [service for service in part if service.status == Service.Status.ACTIVE]
        there = {service.pk: sorted(at.get(service.pk, ()), key=attrgetter("pk")) for service in active}
        insert([offer for service in active for offer in _offers(service, there[service.pk])])


def _offers(service: Service, at: list[ServiceAtLocation]) -> Iterator[Offer]:
    places: list[ServiceAtLocation | None] = [*at] or [None]
    for row in places:
        location = row.location if row else None
        point = known_point(location) if location else None
        times = times_that_hold(service, row)
        for number, need in enumerate(service.needs or [OTHER]):
            yield Offer(
                service_id=service.pk,
                at_id=row.pk if row else None,
                need=need,
                first=number == 0,
                latitude=point.lat if point else None,
                longitude=point.lon if point else None,
                papers_asked=service.papers_asked,
                free=service.free,
                step_free=location.step_free if location else "",
                tags=_tags(service, location),
                hours=times.osm,
                schedule=times.rows,
                timezone=location.timezone if location else "",
                country=location.country if location else "",
            )


def _tags(service: Service, location: Location | None) -> str:
    """Countries that it is for, whose consulate it is and in which country, languages and audiences, each between two
    blanks, to be found with LIKE. Where the place is only if people may know anything of it."""
    spoken = set(service.languages)
    spoken |= {str(row.get("code") or "") for row in (location.under("language") if location else [])} - {""}
    # First, so that the end of the column never cuts one of them off.
    words = [f"area:{code}" for code in _areas(service)]
    words += [f"for:{code}" for code in service.operates_for]
    if service.operates_for and location and location.country and location.sensitivity != Sensitivity.CONTACT_ONLY:
        words.append(f"in:{location.country}")
    words += [*(f"lang:{tag}" for tag in sorted(spoken)), *service.audiences]
    return f" {' '.join(words)} "[:400] if words else ""


def _areas(service: Service) -> list[str]:
    """Countries for whose people a service says it is (HSDS service_area); none where it says nothing, or anything that
    is no country: nobody may be kept from help by half an understanding. Never where its places are."""
    said = [said_under(row, "name", service.language, service.language) for row in service.under("service_area")]
    codes = {country_named(name.text, name.language) for name in said}
    return sorted(codes) if codes and "" not in codes and len(codes) <= MOST_AREAS else []
