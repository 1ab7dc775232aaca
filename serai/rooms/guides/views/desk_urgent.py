"""The urgent path, on a phone: one act at once, one look by a second person."""

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
from ..access import URGENT, may_end_act, may_review_act
from ..forms import UrgentAlertForm, UrgentGuideForm
from ..models import UrgentAct
from ..queries import acts as queries
from ..queries import desk as desk_queries
from ..queries.organisations import organisation_choices, organisation_for

ROWS_A_PAGE = 20


def urgent(request: HttpRequest) -> HttpResponse:
    """What waits for review, what holds, and the guides on which to act."""
    viewer = viewer_of(request)
    waiting, holding = list(queries.acts_waiting(viewer=viewer)), list(queries.acts_holding(viewer=viewer))
    named = queries.guides_named([act.guide_key for act in [*waiting, *holding]], viewer.language)
    words = request.GET.get("words", "").strip()[:100]
    found = desk_queries.guides_to_act_on(viewer=viewer, words=words)
    context = {
        "waiting": [_row(viewer, act, named) for act in waiting],
        "holding": [_row(viewer, act, named) for act in holding],
        "rows": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "acts": bool(viewer.organisations(URGENT)),
    }
    return render(request, "guides/desk/urgent.html", context)


def urgent_guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a warning on a guide, or closes it, at once."""
    viewer = viewer_of(request)
    page = desk_queries.guide_for(viewer=viewer, pk=pk)
    if page is None or not viewer.has(URGENT, page.organisation_id):
        raise Http404
    form = UrgentGuideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = actions.publish_warning if form.cleaned_data["kind"] == "warning" else actions.close_guide
        try:
            act(by=member_of_staff(request), page=page, texts=form.texts)
        except actions.BadText as error:
            form.refuse(error)
        except actions.MayNotActUrgently as error:
            raise PermissionDenied from error
        else:
            messages.success(request, _("It is public now. A second person looks at it."))
            return redirect("guides:urgent")
    context = {"form": form, "page": page}
    return render(request, "guides/desk/urgent_guide.html", context, status=400 if form.errors else 200)


def urgent_alert(request: HttpRequest) -> HttpResponse:
    """News of a publisher that shows at once."""
    viewer = viewer_of(request)
    form = UrgentAlertForm(request.POST or None, organisations=organisation_choices(viewer=viewer, roles=(URGENT,)))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        publisher = organisation_for(viewer=viewer, pk=said["organisation"], roles=(URGENT,))
        try:
            actions.send_urgent_alert(
                by=member_of_staff(request), organisation=publisher, texts=form.texts, ends=said["ends"]
            )
        except actions.BadText as error:
            form.refuse(error)
        except actions.BadTimes:
            form.add_error("ends", _("This moment is over. Choose a later one."))
        except actions.MayNotActUrgently as error:
            raise PermissionDenied from error
        else:
            messages.success(request, _("It is public now. A second person looks at it."))
            return redirect("guides:urgent")
    return render(request, "guides/desk/urgent_alert.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
def act_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person keeps or undoes."""
    act = _act(request, pk)
    verdict = request.POST.get("verdict")
    if verdict not in {"keep", "undo"}:
        messages.error(request, _("Choose whether to keep it or to undo it."))
        return redirect("guides:urgent")
    try:
        actions.review_act(by=member_of_staff(request), act=act, keep=verdict == "keep")
    except actions.MayNotReview as error:
        raise PermissionDenied from error
    except actions.AlreadyReviewed:
        messages.info(request, _("Somebody has reviewed this already."))
    return redirect("guides:urgent")


@require_POST
def act_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Lifts what was kept."""
    act = _act(request, pk)
    try:
        actions.end_act(by=member_of_staff(request), act=act)
    except actions.MayNotReview as error:
        raise PermissionDenied from error
    except actions.AlreadyReviewed:
        messages.info(request, _("This has ended already, or waits for its review."))
    return redirect("guides:urgent")


def _act(request: HttpRequest, pk: int) -> UrgentAct:
    act = queries.act_for(viewer=viewer_of(request), pk=pk)
    if act is None:
        raise Http404
    return act


def _row(viewer: Viewer, act: UrgentAct, named: dict) -> dict:
    said: dict[str, str] = act.texts.get(viewer.language) or next(iter(act.texts.values()), {})
    return {
        "act": act,
        "page": named.get(act.guide_key),
        "title": said.get("title", ""),
        "text": said.get("text", ""),
        "late": act.review_due < timezone.now(),
        "reviews": may_review_act(viewer, act),
        "ends_it": may_end_act(viewer, act),
    }
