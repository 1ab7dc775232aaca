"""Reads the manifests of all installed parts once and answers questions about the house as a whole."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from .manifest import Door, Event, Host, Manifest, Permission, PersonalData, Role

OURS = "serai."


@lru_cache(maxsize=1)
def manifests() -> tuple[Manifest, ...]:
    """The manifest of each installed part of ours that has a room.py, in the order of INSTALLED_APPS."""
    found = []
    for config in apps.get_app_configs():
        if config.name.startswith(OURS) and find_spec(f"{config.name}.room"):
            manifest = import_module(f"{config.name}.room").MANIFEST
            if manifest.label != config.label:
                raise ImproperlyConfigured(f"{config.name}/room.py says label {manifest.label!r}, not {config.label!r}")
            found.append(manifest)
    return tuple(found)


def open_house() -> None:
    """Lets every part offer what it has to the ports. Called once, when all apps are loaded."""
    for manifest in manifests():
        if manifest.offers:
            manifest.offers()


@lru_cache(maxsize=1)
def events() -> dict[str, Event]:
    """Every event that may be recorded, by name."""
    return {event.name: event for manifest in manifests() for event in manifest.events}


@lru_cache(maxsize=1)
def roles() -> dict[str, Role]:
    """Every role of the house, by key."""
    return {role.key: role for manifest in manifests() for role in manifest.roles}


def doors(host: Host) -> list[Door]:
    """The doors on one host, in their order."""
    found = [door for manifest in manifests() for door in manifest.doors if door.host == host]
    return sorted(found, key=lambda door: (door.order, door.key))


def personal_data() -> list[PersonalData]:
    """The register of personal data of the whole house."""
    return [row for manifest in manifests() for row in manifest.personal_data]


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[tuple[Host, str], Permission], list[Permission]]:
    exact: dict[tuple[Host, str], Permission] = {}
    by_path: list[Permission] = []
    for manifest in manifests():
        for row in manifest.permissions:
            if row.route.startswith("/"):
                by_path.append(row)
            elif (row.host, row.route) in exact:
                raise ImproperlyConfigured(f"two permission rows for {row.route} on {row.host}")
            else:
                exact[row.host, row.route] = row
    return exact, by_path


def permission_rows() -> list[Permission]:
    """The whole permission table."""
    exact, by_path = _rows()
    return [*exact.values(), *by_path]


def permission_for(host: Host, view_name: str, path: str) -> Permission | None:
    """The row that guards a route, or None: then the route is closed to everyone."""
    exact, by_path = _rows()
    row = exact.get((host, view_name))
    if row:
        return row
    for row in by_path:
        if row.host == host and path.startswith(row.route.removesuffix("*")):
            return row
    return None
