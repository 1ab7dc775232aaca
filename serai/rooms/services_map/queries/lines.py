"""A service as a line of a list: what anybody may read, plain data, nothing of a place that is not public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from serai.kernel.facts.models import FactLine
from serai.kernel.languages.words import Said
from serai.lib.geo import Point, about, distance
from serai.lib.hours_state import State

from ..hours import hours_of, zone_of
from ..models import Sensitivity, Service, ServiceAtLocation, said_of
from ..needs import Need, needs
from ..sensitivity import address_row, known_point
from ..week import week_of


@dataclass(frozen=True)
class Line:
    """One service at one place. metres: about how far, None where nobody may know; area_only: to the middle of an area.

    place: what the place is called, address: on how to get there; both empty unless public. usual: times such as
    08:00–12:00 of a usual week on the weekday `today` (0 is Monday) there, () for closed, None where no line of the
    week says it: what a printed list shows, which is read later.
    """

    key: str
    url: str
    name: Said
    organization: Said
    needs: tuple[Need, ...]
    state: State
    metres: int | None
    sensitivity: str
    point: Point | None
    place: Said
    address: str
    phone: str
    languages: tuple[str, ...]
    audiences: tuple[str, ...]
    papers_asked: str
    free: str
    step_free: str
    line: FactLine
    usual: tuple[str, ...] | None = None
    today: int = 0

    @property
    def area_only(self) -> bool:
        """Whether the distance is to the middle of an area."""
        return self.sensitivity == Sensitivity.APPROXIMATE

    def as_json(self) -> dict[str, Any]:
        """For `serai near --json`."""
        return {
            "id": self.key,
            "name": self.name.text,
            "language": self.name.language,
            "organization": self.organization.text,
            "needs": [need.key for need in self.needs],
            "status": self.state.status,
            "until": _moment(self.state.until),
            "opens_at": _moment(self.state.opens_at),
            "closes_at": _moment(self.state.closes_at),
            "note": self.state.note,
            "metres": self.metres,
            "place": self.sensitivity,
            "latitude": self.point.lat if self.point else None,
            "longitude": self.point.lon if self.point else None,
            "address": self.address,
            "phone": self.phone,
            "languages": list(self.languages),
            "audiences": list(self.audiences),
            "papers_asked": self.papers_asked or "unknown",
            "free": self.free or "unknown",
            "step_free": self.step_free or "unknown",
            "fact": self.line.state.value,
            "checked_on": self.line.checked_on.isoformat() if self.line.checked_on else None,
            "url": self.url,
        }


def line_of(service: Service, at: ServiceAtLocation | None, state: State, tag: str, point: Point | None) -> Line:
    """A line in a language. point: from where the distance is; it is that to what is known of the place."""
    location = at.location if at else None
    there = known_point(location) if location else None
    today = timezone.now().astimezone(ZoneInfo(zone_of(location))).date()
    week = week_of(hours_of(service, at, tag, today=today), today)
    return Line(
        key=str(service.pk),
        url=reverse("services_map:service", kwargs={"lang": tag, "pk": service.pk}),
        name=service.said("name", tag),
        organization=service.organization.said("name", tag),
        needs=tuple(needs()[key] for key in service.needs if key in needs()),
        state=state,
        metres=about(distance(point, there)) if point and there else None,
        sensitivity=location.sensitivity if location else Sensitivity.CONTACT_ONLY,
        point=there,
        place=location.said("name", tag) if location else Said("", tag),
        address=address_of(location.children) if location else "",
        phone=phone_of(service, at),
        languages=tuple(service.languages),
        audiences=tuple(service.audiences),
        papers_asked=service.papers_asked,
        free=service.free,
        step_free=location.step_free if location else "",
        line=service.fact.line(),
        usual=dict(week.lines).get(today.weekday()) if not week.more else None,
        today=today.weekday(),
    )


def phone_of(service: Service, at: ServiceAtLocation | None) -> str:
    """The nearest number: of the service at this place, of the service, of the place, of the organisation."""
    rows = [at, service, at.location if at else None, service.organization]
    numbers = [phone.get("number", "") for row in rows if row is not None for phone in row.under("phone")]
    return str(next((number for number in numbers if number), ""))


def address_of(children: dict[str, list[dict[str, Any]]]) -> str:
    """The address of a place in the order in which it was written, as far as these rows may be read.

    Without its country: the standard wants a code there ("IT"), nobody writes so, and pages say the country elsewhere.
    """
    names = ("address_1", "address_2", "postal_code", "city", "region", "state_province")
    row = address_row(children) or {}
    return ", ".join(dict.fromkeys(str(row[name]) for name in names if row.get(name)))


def said_under(row: dict[str, Any], field: str, language: str, tag: str) -> Said:
    """A text of a row under another one."""
    return said_of(row, row.get("texts", {}), field, language, tag)


def _moment(value: Any) -> str | None:
    return value.isoformat(timespec="minutes") if value else None
