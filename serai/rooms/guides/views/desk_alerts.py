"""Alerts on the desk: written by one person, approved by a second."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.kernel.access.viewer import Viewer, member_of_staff, viewer_of

from .. import actions
from ..access import APPROVER, AUTHOR, may_approve_alert, may_end_alert
from ..forms import AlertForm
from ..models import Alert
from ..queries import alerts as queries
from ..queries.organisations import organisation_choices, organisation_for

ROWS_A_PAGE = 30


def alert_list(request: HttpRequest) -> HttpResponse:
    """What waits and what was."""
    viewer = viewer_of(request)
    rows = Paginator(queries.alerts_of(viewer=viewer), ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = [
        {
            "alert": alert,
            "title": alert.said_title(viewer.language),
            "state": _state(alert),
            "decides": may_approve_alert(viewer, alert),
            "ends_it": may_end_alert(viewer, alert),
        }
        for alert in rows
    ]
    writes = bool(viewer.organisations(AUTHOR, APPROVER))
    return render(request, "guides/desk/alerts.html", {"rows": rows, "shown": shown, "writes": writes})


def alert_new(request: HttpRequest) -> HttpResponse:
    """Writes an alert that waits for a second person."""
    viewer = viewer_of(request)
    choices = organisation_choices(viewer=viewer, roles=(AUTHOR, APPROVER))
    form = AlertForm(request.POST or None, organisations=choices)
    if request.method == "POST" and form.is_valid() and _write(request, viewer, form):
        messages.success(request, _("A second person reads it now. It shows when that person says yes."))
        return redirect("guides:alert_list")
    return render(request, "guides/desk/alert_new.html", {"form": form}, status=400 if form.errors else 200)


def _write(request: HttpRequest, viewer: Viewer, form: AlertForm) -> bool:
    said = form.cleaned_data
    titles, texts = ({tag: words[name] for tag, words in form.texts.items()} for name in ("title", "text"))
    try:
        actions.write_alert(
            by=member_of_staff(request),
            organisation=organisation_for(viewer=viewer, pk=said["organisation"], roles=(AUTHOR, APPROVER)),
            titles=titles,
            texts=texts,
            starts=said["starts"],
            ends=said["ends"],
            places=list(said["places"]),
        )
    except actions.BadText as error:
        form.refuse(error)
        return False
    except actions.MayNotWriteAlert as error:
        raise PermissionDenied from error
    return True


@require_POST
def alert_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person says yes or sends back."""
    alert = _alert(request, pk)
    why = request.POST.get("why", "").strip()[:1000]
    approve = request.POST.get("verdict") == "approve"
    if not approve and not why:
        messages.error(request, _("Say what should change, so that the author can do it."))
        return redirect("guides:alert_list")
    try:
        if approve:
            actions.approve_alert(by=member_of_staff(request), alert=alert)
        else:
            actions.send_back_alert(by=member_of_staff(request), alert=alert, why=why)
    except actions.MayNotApproveAlert as error:
        raise PermissionDenied from error
    except actions.AlertDecided:
        messages.info(request, _("Somebody has decided on this alert already."))
    return redirect("guides:alert_list")


@require_POST
def alert_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends an alert before its time."""
    alert = _alert(request, pk)
    try:
        actions.end_alert(by=member_of_staff(request), alert=alert)
    except actions.MayNotApproveAlert as error:
        raise PermissionDenied from error
    except actions.AlertDecided:
        messages.info(request, _("This alert has ended already."))
    return redirect("guides:alert_list")


def _alert(request: HttpRequest, pk: int) -> Alert:
    alert = queries.alerts_of(viewer=viewer_of(request)).filter(pk=pk).first()
    if alert is None:
        raise Http404
    return alert


def _state(alert: Alert) -> str:
    if alert.ended_at or alert.ends <= timezone.now():
        return "over"
    if alert.approved_at or alert.urgent:
        return "live" if alert.starts <= timezone.now() else "planned"
    return "back" if alert.sent_back else "waiting"
