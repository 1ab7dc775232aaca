"""The desk page about packs: what is in this house, from whom, and whose keys it knows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from serai.kernel.access.viewer import viewer_of

from .queries import installed_packs, trusted_keys


@require_safe
def installed(request: HttpRequest) -> HttpResponse:
    """What is installed, whether it is signed, which updates wait."""
    viewer = viewer_of(request)
    told = {"rows": installed_packs(viewer=viewer), "keys": trusted_keys(viewer=viewer)}
    return render(request, "packs/installed.html", told)
