"""Addresses and keys of guides: plain functions that models, actions and queries share."""

from __future__ import annotations

import uuid

NAMESPACE = uuid.UUID("6d0c3c1c-7a53-5c66-9d3f-0b5f3a1e8a10")
"""Guides with the same key have the same translation key in each house: addresses to share stay the same."""

ALERTS = "alerts"


def translation_key_of(key: str) -> uuid.UUID:
    """The translation key of a guide that this house has not yet seen."""
    return uuid.uuid5(NAMESPACE, key)


def fact_key(translation_key: uuid.UUID | str) -> str:
    """Key of the one Fact about a guide, whatever its language."""
    return f"guides:{translation_key}"


def guide_touch(translation_key: uuid.UUID | str) -> str:
    """What changes when any text of the guide, or what lies over it, changes."""
    return f"guide:{translation_key}"


def tree_touch(organisation_key: str) -> str:
    """What changes when a publisher's guides come, go, move or are called otherwise."""
    return f"tree:{organisation_key}"


def topic_touch(topic_key: str) -> str:
    """What changes when the list of guides of a topic changes."""
    return f"topic:{topic_key}"


def public_path(url_path: str) -> str:
    """`/en/lindenbach/a/b/` -> `/en/guide/lindenbach/a/b/`; a language's root is its home."""
    tag, _, rest = url_path.strip("/").partition("/")
    return f"/{tag}/guide/{rest}/" if rest else f"/{tag}/"
