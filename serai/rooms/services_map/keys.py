"""Names of what changes: published files and the search index depend on these."""

from __future__ import annotations

from uuid import UUID

DIRECTORY = "services"
"""Touched when any service of the house changed: lists, the API."""

FACT = "services_map.service:"


def service_touch(pk: UUID | str) -> str:
    """The key of what shows one service."""
    return f"service:{pk}"


def document_key(pk: UUID | str) -> str:
    """The key under which a service is found by its words."""
    return f"services_map:{pk}"


def fact_key(pk: UUID | str) -> str:
    """The key of the fact about a service."""
    return f"{FACT}{pk}"
