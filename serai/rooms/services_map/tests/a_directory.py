"""A small directory of a town at the sea, as tables of HSDS: what each test of this room begins with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from serai.lib.hsds.ours import Extras, table_of, with_extras
from serai.lib.tables import Table

CENTRE = (45.1, 13.6)
SHELTER = (45.123456, 13.654321)
KITCHEN = (45.111111, 13.622222)


def key(name: str) -> str:
    """The id of a thing of this directory."""
    return str(uuid5(NAMESPACE_URL, f"a-directory/{name}"))


def directory(**more: Any) -> dict[str, Table]:
    """Seven services of two organisations. more: what `service` takes, for every service."""
    rows: dict[str, list[dict[str, Any]]] = {}
    extras: dict[tuple[str, str], Extras] = {}
    for name, about in (("health", "Doctors for all"), ("house", "A house for all")):
        rows.setdefault("organization", []).append(
            {"id": key(name), "name": about, "description": f"{about} since 2009"}
        )
    put = _Put(rows, extras, more)
    put.service(
        "doctor",
        "health",
        "Doctor at the harbour",
        needs=("doctor",),
        at=(45.102, 13.602),
        no_papers=True,
        arabic="طبيب عند الميناء",
        hours="24/7",
        phone="+39 040 1234567",
        speaks=("ar", "en"),
        free=True,
    )
    put.service(
        "clinic",
        "health",
        "Clinic on the hill",
        needs=("doctor", "pregnancy"),
        at=(45.12, 13.63),
        hours="Mo-Fr 08:00-16:00; PH off",
        phone="+39 040 7654321",
        arabic="عيادة على التل",
    )
    put.service(
        "night-doctor",
        "health",
        "Doctor at night",
        needs=("doctor",),
        at=(45.101, 13.601),
        no_papers=True,
        hours="Mo-Su 22:00-02:00",
        phone="+39 040 2222222",
    )
    put.service(
        "shelter",
        "house",
        "A bed for the night",
        needs=("shelter",),
        at=SHELTER,
        hours="24/7",
        phone="+39 040 3333333",
        arabic="سرير لليلة",
        address="7 Hidden Lane",
    )
    put.service("kitchen", "house", "Warm meals", needs=("food", "washing"), at=KITCHEN, hours="Mo-Su 12:00-14:00")
    put.service("wifi", "house", "Wi-Fi and charging", needs=("wifi", "charging"), at=(45.1005, 13.6005), hours="24/7")
    put.service("hotline", "house", "Advice by phone", needs=("legal",), at=None, hours="Mo-Fr 09:00-12:00",
                phone="+39 040 4444444")  # fmt: skip
    return with_extras({name: table_of(name, found) for name, found in rows.items()}, extras)


def as_public(tables: Mapping[str, Table], *, but: Mapping[str, str] | None = None) -> dict[str, Table]:
    """The same, each place said to be public, but for those named: {"shelter": "contact-only"}."""
    said = but or {}
    standing = _extras_standing(tables)
    for row in tables["location"].rows:
        thing = ("location", row.text("id"))
        name = next(word for word in _NAMES if key(f"{word}-place") == row.text("id"))
        standing[thing] = Extras(**{**_fields(standing[thing]), "sensitivity": said.get(name, "public")})
    return with_extras(tables, standing)


_NAMES = ("doctor", "clinic", "night-doctor", "shelter", "kitchen", "wifi", "hotline")


def _extras_standing(tables: Mapping[str, Table]) -> dict[tuple[str, str], Extras]:
    from serai.lib.hsds.ours import extras_of

    return extras_of(tables)


def _fields(extras: Extras) -> dict[str, Any]:
    return {name: getattr(extras, name) for name in Extras.__dataclass_fields__}


class _Put:
    def __init__(self, rows: dict[str, list[dict[str, Any]]], extras: dict[Any, Extras], more: dict[str, Any]) -> None:
        self.rows, self.extras, self.more = rows, extras, more

    def service(
        self, name: str, organization: str, title: str, *, needs: tuple[str, ...], at: tuple[float, float] | None,
        hours: str = "", phone: str = "", no_papers: bool = False, free: bool = False, arabic: str = "",
        speaks: tuple[str, ...] = (), address: str = "", days_ago: int = 10,
    ) -> None:  # fmt: skip
        days = self.more.get("days_ago", days_ago)
        assured = timezone.localdate() - timedelta(days=days)
        self._row("service", id=key(name), organization_id=key(organization), name=title, status="active",
                  description=f"{title}, for everybody", assured_date=assured.isoformat())  # fmt: skip
        self.extras["service", key(name)] = Extras(
            translations={("name", "ar"): arabic} if arabic else {}, needs=needs, opening_hours=hours, written_in="en",
            papers_asked="no" if no_papers else "", free="yes" if free else "",
        )  # fmt: skip
        if phone:
            self._row("phone", id=key(f"{name}-phone"), service_id=key(name), number=phone)
        for tag in speaks:
            self._row("language", id=key(f"{name}-{tag}"), service_id=key(name), code=tag)
        if at:
            self._row(
                "location",
                id=key(f"{name}-place"),
                location_type="physical",
                name=f"House of {name}",
                organization_id=key(organization),
                latitude=f"{at[0]}",
                longitude=f"{at[1]}",
            )
            self._row(
                "service_at_location", id=key(f"{name}-at"), service_id=key(name), location_id=key(f"{name}-place")
            )
            self._row("address", id=key(f"{name}-address"), location_id=key(f"{name}-place"),
                      address_1=address or f"1 {name} Street", city="Trieste", state_province="TS", postal_code="34100",
                      country="IT", address_type="physical")  # fmt: skip
            self.extras["location", key(f"{name}-place")] = Extras(timezone="Europe/Rome", country="IT")

    def _row(self, table: str, **cells: str) -> None:
        self.rows.setdefault(table, []).append(cells)
