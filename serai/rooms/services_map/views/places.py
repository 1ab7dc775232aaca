"""Where a place is, on the desk of those who edit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.kernel.access.sealed import CannotOpen
from serai.kernel.access.viewer import member_of_staff, viewer_of

from ..access import may_edit
from ..actions import moving, placing
from ..forms_place import ADDRESS, TEXTS, PlaceForm
from ..models import Location
from ..queries import desk as queries
from ..sensitivity import Whole, address_row, digest, name_for_staff, whole_of
from .desk import SEALED_ELSEWHERE


def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name, address, point and way in of one place."""
    viewer = viewer_of(request)
    location = queries.location_for(viewer=viewer, pk=pk)
    if location is None or not may_edit(viewer, location.publisher_id):
        raise Http404
    try:
        whole = whole_of(location)
    except CannotOpen:
        messages.error(request, SEALED_ELSEWHERE)
        return redirect("services_map:desk")
    form = PlaceForm(request.POST or None, initial=_said(location, whole))
    if request.method == "POST" and form.is_valid() and _write(request, location, form):
        messages.success(request, _("The place is written down. How exactly it may be known has not changed."))
        return redirect("services_map:sensitivity", pk=location.pk)
    context = {
        "form": form,
        "location": location,
        "name": name_for_staff(location, viewer.language),
        "services": queries.services_at(viewer=viewer, location=location, tag=viewer.language),
    }
    return render(request, "services_map/desk/place.html", context, status=400 if form.errors else 200)


def _write(request: HttpRequest, location: Location, form: PlaceForm) -> bool:
    said = form.cleaned_data
    written = moving.Written(
        texts={name: said[name] for name in TEXTS},
        address={name: said[name] for name in ADDRESS},
        point=said["point"],
        step_free=said["step_free"],
    )
    try:
        moving.write_place(by=member_of_staff(request), location=location, written=written, seen=said["seen"])
    except placing.MayNotEdit as error:
        raise PermissionDenied from error
    except moving.ChangedMeanwhile:
        form.add_error(None, _("Somebody else has changed this place meanwhile. Open it again and compare."))
        return False
    return True


def _said(location: Location, whole: Whole) -> dict[str, Any]:
    """What stands in the fields when the form is opened."""
    address = address_row(whole.children) or {}
    point = whole.point
    return {
        **{name: whole.cells.get(name, "") for name in TEXTS},
        **{name: address.get(name, "") for name in ADDRESS},
        "country": address.get("country") or location.country,
        "point": f"{point.lat:.6f}, {point.lon:.6f}" if point else "",
        "step_free": location.step_free,
        "seen": digest(whole, location.step_free),
    }
