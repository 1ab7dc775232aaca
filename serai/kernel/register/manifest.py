"""What a part of the house says of itself: its doors, roles, permission rows, events and the personal data it holds.

Every part (a room, an engine or a kernel package) may have a `room.py` with one `MANIFEST`. The house is built from
these manifests alone: routes nobody declared are closed, events nobody declared cannot be recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Host = Literal["public", "desk"]

ANYONE = "anyone"
"""Permission rows with this role are open to people without any account."""

SIGNED_IN = "signed_in"
"""Any member of staff who has signed in with a second factor."""


@dataclass(frozen=True)
class Door:
    """A way into a room that a person can see: on the home page, or on the desk's first page.

    title and lead are lazy translations; icon is a symbol's name in engine/shell; route is a URL name on `host`.
    """

    key: str
    title: Any
    icon: str
    route: str
    host: Host = "public"
    lead: Any = ""
    order: int = 100
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Role:
    """What a member of staff may be, always within one organisation. key is `<label>.<noun>`."""

    key: str
    title: Any
    may: Any


@dataclass(frozen=True)
class Permission:
    """One row of the permission table: who may come to a route.

    route is a URL name (`guides:to_check`), or a whole foreign namespace by its path (`/editor/*`) where the routes
    are not ours (Wagtail's admin). roles holds role keys, ANYONE or SIGNED_IN. A route without a row is closed.
    """

    route: str
    roles: frozenset[str]
    host: Host
    why: Any = ""
    before_second_factor: bool = False
    """True only for the pages on which a signed-in member of staff sets up the second factor."""

    @property
    def open(self) -> bool:
        """Whether anyone at all may come."""
        return ANYONE in self.roles


@dataclass(frozen=True)
class Event:
    """A past-tense event (`guides.page_published`). kind is the class that the public ledger shows."""

    name: str
    kind: str


@dataclass(frozen=True)
class PersonalData:
    """A model that holds something about a person: which fields, why, on what basis and for how long."""

    model: str
    fields: tuple[str, ...]
    purpose: str
    legal_basis: str
    retention_days: int
    about: Literal["staff", "person"]
    erase: str = ""


@dataclass(frozen=True)
class Measure:
    """A figure a room offers to insight: a name, what it counts and the function that counts it."""

    key: str
    title: Any
    count: Callable[[], int]


@dataclass(frozen=True)
class Manifest:
    """All of the above for one part of the house. label is folder, app label, URL namespace and event prefix."""

    label: str
    title: Any
    doors: tuple[Door, ...] = ()
    roles: tuple[Role, ...] = ()
    permissions: tuple[Permission, ...] = ()
    events: tuple[Event, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
    measures: tuple[Measure, ...] = ()
    offers: Callable[[], None] | None = field(default=None)
    """Called once when the house opens; connects the part to ports (kernel/register/ports.py)."""


def anyone(*routes: str, why: Any = "") -> tuple[Permission, ...]:
    """Rows for public pages."""
    return tuple(Permission(route, frozenset({ANYONE}), "public", why) for route in routes)


def desk(*routes: str, roles: tuple[str, ...] = (SIGNED_IN,), why: Any = "") -> tuple[Permission, ...]:
    """Rows for desk pages, each for the roles named."""
    return tuple(Permission(route, frozenset(roles), "desk", why) for route in routes)
