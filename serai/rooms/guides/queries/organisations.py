"""The publishers for whom a member of staff acts."""

from __future__ import annotations

from collections.abc import Sequence

from serai.kernel.access.models import Organisation
from serai.kernel.access.viewer import Viewer


class NotYours(LookupError):
    """The viewer has none of the roles in that organisation, or there is none."""


def organisation_choices(*, viewer: Viewer, roles: Sequence[str]) -> list[tuple[str, str]]:
    """(id, name) of the organisations in which the viewer holds one of the roles."""
    rows = Organisation.objects.filter(pk__in=viewer.organisations(*roles))
    return [(str(row.pk), row.said(viewer.language).text or row.key) for row in rows]


def organisation_for(*, viewer: Viewer, pk: str, roles: Sequence[str]) -> Organisation:
    """One of them. Raises NotYours."""
    if pk not in viewer.organisations(*roles):
        raise NotYours(pk)
    return Organisation.objects.get(pk=pk)
