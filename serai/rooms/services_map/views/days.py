"""Other hours for some days, on the desk: what is said, something new, and taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from serai.kernel.access.viewer import member_of_staff, viewer_of

from ..access import may_edit
from ..actions import changing_days
from ..forms_days import DaysForm
from ..models import Service
from ..queries import days as queries
from ..queries.desk import service_for

REFUSED = {
    "over": ("last", gettext_lazy("These days are over. Choose later ones.")),
    "backward": ("last", gettext_lazy("The last day is before the first. Correct one of them.")),
    "long": ("last", gettext_lazy("Choose 100 days at most. For longer, change the usual hours.")),
    "reason": ("reason", gettext_lazy("The sentence holds a sign that cannot be shown. Write it again.")),
}


def days(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is said of coming days, and a form for more."""
    service, viewer = _service(request, pk), viewer_of(request)
    edits = may_edit(viewer, service.publisher_id)
    count = queries.services_of_publisher(viewer=viewer, publisher_id=service.publisher_id)
    whose = service.publisher.said(viewer.language).text
    form = DaysForm(request.POST or None, services=count, whose=whose, edits=edits)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            written = changing_days.change_hours(
                by=member_of_staff(request), service=service, first=said["first"], last=said["last"],
                hours=said["hours"], reasons=form.reasons(viewer.language), everywhere=bool(said.get("everywhere")),
            )  # fmt: skip
        except changing_days.MayNotChange as error:
            raise PermissionDenied from error
        except changing_days.BadChange as error:
            form.add_error(*REFUSED[error.code])
        else:
            messages.success(request, _told(written))
            return redirect("services_map:days", pk=pk)
    context = {
        "form": form, "service": service, "name": service.said("name", viewer.language), "edits": edits,
        "changes": queries.changes_of(viewer=viewer, service=service, tag=viewer.language),
    }  # fmt: skip
    return render(request, "services_map/desk/days.html", context, status=400 if form.errors else 200)


@require_POST
def days_remove(request: HttpRequest, pk: UUID, change: int) -> HttpResponse:
    """The usual hours hold again. `all`: for every service of the publisher that has the same."""
    service = _service(request, pk)
    found = queries.change_for(service=service, pk=change)
    if found is None:
        messages.info(request, _("It was taken back already."))
        return redirect("services_map:days", pk=pk)
    try:
        changing_days.take_back_change(
            by=member_of_staff(request), change=found, everywhere=request.POST.get("which") == "all"
        )
    except changing_days.MayNotChange as error:
        raise PermissionDenied from error
    messages.success(request, _("Taken back. The usual hours hold on these days."))
    return redirect("services_map:days", pk=pk)


def _told(written: int) -> str:
    if not written:
        return _("The very same was said already.")
    sentence = ngettext("Saved for %(count)d service.", "Saved for %(count)d services.", written)
    return sentence % {"count": written} + " " + _("The public page and the lists show it from now on.")


def _service(request: HttpRequest, pk: UUID) -> Service:
    found = service_for(viewer=viewer_of(request), pk=pk)
    if found is None:
        raise Http404
    return found
