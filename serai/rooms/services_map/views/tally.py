"""Counting services at a point: made for a telephone in one hand, without a script."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.kernel.access.viewer import member_of_staff, viewer_of
from serai.lib.dates import parse_day

from ..access import reported_by
from ..actions import tallying
from ..forms_tally import PressForm, SheetForm
from ..needs import needs
from ..queries import tally as queries
from ..tally import group_names, rules
from ..tally_sheets import paper_sheet

REFUSED = {
    "day": _("This day is in the future, or too long ago to be written in."),
    "much": _("This is more than anybody can give in a day. Count again."),
}


def tally(request: HttpRequest) -> HttpResponse:
    """The points at which the viewer may count."""
    viewer = viewer_of(request)
    words = request.GET.get("words", "").strip()[:100]
    found = queries.points(viewer=viewer, tag=viewer.language, words=words)
    context = {"points": found.rows, "more": found.more, "words": words, "reports": bool(reported_by(viewer))}
    return render(request, "services_map/desk/tally.html", context)


def point(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The buttons of a point, and what was counted there today. POST: one press."""
    here = _point(request, pk)
    if request.method != "POST":
        return _buttons(request, here, PressForm(group=request.GET.get("group", "")))
    form = PressForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This was not counted. Press again."))
        return _buttons(request, here, PressForm(), status=400)
    pressed = form.pressed
    try:
        counted = tallying.count_services(by=member_of_staff(request), point=here, **pressed)
    except tallying.MayNotCount as error:
        raise PermissionDenied from error
    except tallying.BadCount:
        messages.error(request, REFUSED["much"])
        return _buttons(request, here, PressForm(group=pressed["group"]), status=400)
    if not counted:
        messages.info(request, _("This press was counted already."))
    return _back(here, pressed, did=True)


@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes the last press of this telephone back."""
    here = _point(request, pk)
    form = PressForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This press cannot be taken back. Correct the day's sheet instead."))
        return redirect("services_map:tally_point", pk=pk)
    try:
        if tallying.undo_press(by=member_of_staff(request), point=here, **form.pressed):
            messages.success(request, _("Taken back: %(press)s") % {"press": _said(form.pressed)})
        else:
            messages.info(request, _("This press was taken back already."))
    except tallying.MayNotCount as error:
        raise PermissionDenied from error
    except tallying.NotPressed:
        messages.error(request, _("This press cannot be taken back. Correct the day's sheet instead."))
    return _back(here, form.pressed, did=False)


def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A day's numbers, to write a sheet of paper in or to correct them."""
    here = _point(request, pk)
    day = _day(request, here)
    standing = queries.counted(viewer=viewer_of(request), point=here, day=day)
    kinds = queries.kinds_shown(here, standing, everything="all" in request.GET)
    form = SheetForm(request.POST or None, kinds=kinds, standing=standing)
    if request.method == "POST" and form.is_valid() and _written(request, here, day, form):
        return redirect(f"{reverse('services_map:tally_sheet', args=[pk])}?{urlencode({'day': day.isoformat()})}")
    context = {"point": here, "day": day, "form": form, "everything": "all" in request.GET}
    return render(request, "services_map/desk/tally_sheet.html", context, status=400 if form.errors else 200)


def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An empty sheet to print."""
    here = _point(request, pk)
    viewer = viewer_of(request)
    row = here.location or here.service
    publisher = row.publisher.said(viewer.language).text if row else ""
    kinds = queries.kinds_shown(here, ())
    pdf = paper_sheet(here, kinds, viewer.language, publisher, timezone.localdate())
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="sheet.pdf"'
    return answer


def _written(request: HttpRequest, here: queries.Point, day: date, form: SheetForm) -> bool:
    """Whether the page can be left; what was refused stands on the form."""
    try:
        first = tallying.write_sheet(
            by=member_of_staff(request), point=here, day=day, seen=form.numbers("was"), said=form.numbers("n"),
            token=form.cleaned_data["token"],
        )  # fmt: skip
    except tallying.MayNotCount as error:
        raise PermissionDenied from error
    except tallying.BadCount as error:
        form.add_error(None, REFUSED[error.code])
        return False
    except tallying.ChangedMeanwhile:
        form.add_error(None, _("Somebody else changed this day meanwhile. Open it again and look."))
        return False
    messages.success(request, _("It is written in.") if first else _("This sheet was written in already."))
    return True


def _buttons(request: HttpRequest, here: queries.Point, form: PressForm, status: int = 200) -> HttpResponse:
    day = here.today
    figures = queries.counted(viewer=viewer_of(request), point=here, day=day)
    everything = "all" in request.GET
    kinds = queries.kinds_shown(here, figures, everything=everything)
    sums = {kind.key: sum(count for (key, _group), count in figures.items() if key == kind.key) for kind in kinds}
    context = {
        "point": here, "day": day, "form": form, "steps": rules().steps, "total": sum(figures.values()),
        "rows": [(kind, sums[kind.key]) for kind in kinds], "everything": everything, "last": _last(request),
    }  # fmt: skip
    return render(request, "services_map/desk/tally_point.html", context, status=status)


def _last(request: HttpRequest) -> dict[str, Any] | None:
    """The last press of this telephone, as its address says: what a press back needs, and in words."""
    form = PressForm({name: request.GET.get(name, "") for name in ("token", "group", "press")})
    if request.method != "GET" or not request.GET.get("token") or not form.is_valid():
        return None
    return {"form": form, "says": _said(form.pressed)}


def _said(pressed: dict[str, Any]) -> str:
    said = {"number": pressed["number"], "kind": needs()[pressed["kind"]].name}
    if not pressed["group"]:
        return _("+%(number)d %(kind)s") % said
    return _("+%(number)d %(kind)s, %(group)s") % {**said, "group": group_names()[pressed["group"]]}


def _back(here: queries.Point, pressed: dict[str, Any], *, did: bool) -> HttpResponse:
    """To the buttons, so that loading the page again presses nothing; the group stays chosen."""
    query = {"group": pressed["group"]}
    if did:
        query |= {"token": str(pressed["token"]), "press": f"{pressed['kind']}:{pressed['number']}"}
    return redirect(f"{reverse('services_map:tally_point', args=[here.key])}?{urlencode(query)}")


def _point(request: HttpRequest, pk: UUID) -> queries.Point:
    viewer = viewer_of(request)
    found = queries.point_for(viewer=viewer, pk=pk, tag=viewer.language)
    if found is None:
        raise Http404
    return found


def _day(request: HttpRequest, here: queries.Point) -> date:
    """The day in the address; the point's today where none, or none that can be read, stands there."""
    try:
        return parse_day(request.GET.get("day", ""))
    except ValueError:
        return here.today
