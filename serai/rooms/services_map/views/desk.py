"""The directory on the desk: find a service, close its place tonight, say how exactly a place may be known."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from serai.kernel.access.sealed import CannotOpen
from serai.kernel.access.viewer import member_of_staff, viewer_of

from ..access import may_edit, may_review_closure
from ..actions import closing, placing
from ..forms import ClosingForm, SensitivityForm
from ..models import Location, Service
from ..queries import closures as closure_queries
from ..queries import desk as queries
from ..sensitivity import name_for_staff

SEALED_ELSEWHERE = _lazy(
    "Where it is was sealed with another key of this house. Ask the person who runs the house to bring that key back."
)
ROWS_A_PAGE = 30
REFUSED = {
    "over": _("This moment is over. Choose a later one."),
    "long": _("A place can be closed at once for a month at most. After that its hours have to change."),
    "reason": _("The sentence holds a sign that cannot be shown. Write it again."),
}


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, what is closed, and the services of the viewer's publishers."""
    viewer = viewer_of(request)
    words = request.GET.get("words", "").strip()[:100]
    found = queries.services(viewer=viewer, words=words)
    waiting = closure_queries.closures_waiting(viewer=viewer)
    context = {
        "waiting": [(row, may_review_closure(viewer, row)) for row in waiting],
        "holding": closure_queries.closures_holding(viewer=viewer),
        "rows": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "tag": viewer.language,
        "edits": queries.edited_publishers(viewer=viewer).exists(),
    }
    return render(request, "services_map/desk/services.html", context)


def desk_service(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One service with its places."""
    service = _service(request, pk)
    viewer = viewer_of(request)
    tag = viewer.language if viewer.language in settings.SERAI_LANGUAGES else settings.SERAI_LANGUAGES[0]
    context = {
        "service": service,
        "name": service.said("name", viewer.language),
        "places": queries.places_of(viewer=viewer, service=service, tag=viewer.language),
        "edits": may_edit(viewer, service.publisher_id),
        "sealed_elsewhere": SEALED_ELSEWHERE,
        "weeks": queries.weeks_of(service, viewer.language),
        "active": service.status == Service.Status.ACTIVE,
        "public_path": reverse(
            "services_map:service", kwargs={"lang": tag, "pk": service.pk}, urlconf=settings.ROOT_URLCONF
        ),
    }
    return render(request, "services_map/desk/service.html", context)


def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Closes a service, or one of its places, at once."""
    service = _service(request, pk)
    viewer = viewer_of(request)
    location = _location_of(request, service)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"].strip()
        try:
            closing.close_place(
                by=member_of_staff(request), service=service, location=location, ends=form.ends_at,
                reasons={viewer.language: reason} if reason else {},
            )  # fmt: skip
        except closing.MayNotClose as error:
            raise PermissionDenied from error
        except closing.BadClosing as error:
            form.add_error("reason" if error.code == "reason" else "ends", REFUSED[error.code])
        else:
            messages.success(request, _("It is shown as closed now. A second person looks at it."))
            return redirect("services_map:desk")
    context = {"form": form, "service": service, "name": service.said("name", viewer.language), "location": location}
    return render(request, "services_map/desk/close.html", context, status=400 if form.errors else 200)


@require_POST
def closure_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person keeps or undoes; whoever may close may also open again."""
    closure = closure_queries.closure_for(viewer=viewer_of(request), pk=pk)
    if closure is None:
        raise Http404
    by, verdict = member_of_staff(request), request.POST.get("verdict")
    try:
        if verdict == "end":
            closing.end_closure(by=by, closure=closure)
        elif verdict in {"keep", "undo"}:
            closing.review_closure(by=by, closure=closure, keep=verdict == "keep")
        else:
            messages.error(request, _("Choose whether to keep it or to undo it."))
    except (closing.MayNotReview, closing.MayNotClose) as error:
        raise PermissionDenied from error
    except closing.AlreadyReviewed:
        messages.info(request, _("Somebody has reviewed this already."))
    return redirect("services_map:desk")


def sensitivity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Says how exactly one place may be known."""
    viewer = viewer_of(request)
    location = queries.location_for(viewer=viewer, pk=pk)
    if location is None or not may_edit(viewer, location.publisher_id):
        raise Http404
    form = SensitivityForm(request.POST or None, initial={"sensitivity": location.sensitivity})
    if request.method == "POST" and form.is_valid():
        try:
            placing.set_sensitivity(
                by=member_of_staff(request), location=location, sensitivity=form.cleaned_data["sensitivity"]
            )
        except placing.MayNotEdit as error:
            raise PermissionDenied from error
        except CannotOpen:
            form.add_error("sensitivity", SEALED_ELSEWHERE)
        else:
            messages.success(request, _("It holds on every page and in every file from now on."))
            return redirect("services_map:desk")
    context = {
        "form": form,
        "location": location,
        "name": name_for_staff(location, viewer.language),
        "services": queries.services_at(viewer=viewer, location=location, tag=viewer.language),
    }
    return render(request, "services_map/desk/sensitivity.html", context, status=400 if form.errors else 200)


def _service(request: HttpRequest, pk: UUID) -> Service:
    found = queries.service_for(viewer=viewer_of(request), pk=pk)
    if found is None:
        raise Http404
    return found


def _location_of(request: HttpRequest, service: Service) -> Location | None:
    """The place named in the address, if it is one of the service's."""
    wanted = request.GET.get("place", "")
    places = {str(row.location_id): row.location for row in service.at.all()}
    if wanted and wanted not in places:
        raise Http404
    return places.get(wanted)
