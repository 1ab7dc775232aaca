"""The desk's screens for drafts: what waits, how it differs, yes or back; history; taking down. Made for a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.engine.content.approval import APPROVER
from serai.kernel.access.viewer import member_of_staff, viewer_of
from serai.kernel.languages.registry import known, language, languages

from .. import actions
from ..access import EDITORS, URGENT, may_edit, may_take_down
from ..forms import DecisionForm
from ..models import GuidePage
from ..queries import desk as queries

ROWS_A_PAGE = 50


def desk(request: HttpRequest) -> HttpResponse:
    """All guides of the viewer's publishers, and what waits."""
    viewer = viewer_of(request)
    words = request.GET.get("words", "").strip()[:100]
    rows = Paginator(queries.guides_of(viewer=viewer, words=words), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": rows,
        "guides": queries.in_languages(viewer=viewer, guides=rows),
        "words": words,
        "approves": bool(viewer.organisations(APPROVER)),
        "edits": bool(viewer.organisations(*EDITORS)),
        "urgent": bool(viewer.organisations(URGENT)),
    }
    return render(request, "guides/desk/guides.html", context)


def drafts(request: HttpRequest) -> HttpResponse:
    """Pages with words that are not live."""
    rows = Paginator(queries.drafts_of(viewer=viewer_of(request)), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "guides/desk/drafts.html", {"rows": rows})


def approvals(request: HttpRequest) -> HttpResponse:
    """Drafts that wait for a second person."""
    waiting = queries.drafts_waiting(viewer=viewer_of(request))
    return render(request, "guides/desk/approvals.html", {"waiting": waiting})


def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One waiting draft beside what is live; POST decides on the version that was read."""
    decision = queries.decision_on(viewer=viewer_of(request), pk=pk)
    if decision is None:
        if queries.guide_for(viewer=viewer_of(request), pk=pk) is None:
            raise Http404
        messages.info(request, _("No draft of this page waits for a second person any more."))
        return redirect("guides:approvals")
    form = DecisionForm(request.POST or None, initial={"revision": decision.waiting.revision_id})
    if request.method == "POST" and form.is_valid():
        return _decide(request, decision.waiting.page, form.cleaned_data)
    context = {"decision": decision, "form": form}
    return render(request, "guides/desk/approval.html", context, status=400 if form.errors else 200)


def _decide(request: HttpRequest, page: GuidePage, said: dict[str, Any]) -> HttpResponse:
    act: Callable[..., None] = actions.approve_draft if said["verdict"] == "approve" else actions.send_back_draft
    try:
        act(by=member_of_staff(request), page=page, revision_id=said["revision"], comment=said["comment"])
    except actions.MayNotDecide as error:
        raise PermissionDenied from error
    except (actions.DraftChanged, actions.NothingWaits):
        messages.warning(request, _("The draft changed while you were reading. Please look at it again."))
        return redirect("guides:approval", pk=page.pk)
    told = _("The page is live now.") if said["verdict"] == "approve" else _("The draft went back to its author.")
    messages.success(request, told)
    return redirect("guides:approvals")


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """One guide on the desk: its state, what can be done, what happened to it."""
    viewer = viewer_of(request)
    page = _page(request, pk)
    context = {
        "page": page,
        "entries": queries.history_of(viewer=viewer, page=page),
        "waits": page.workflow_in_progress,
        "may_edit": may_edit(viewer, page.organisation_id),
        "may_take_down": may_take_down(viewer, page.organisation_id),
        "may_act_urgently": viewer.has(URGENT, page.organisation_id),
        "others": [row for row in languages().values() if row.tag != page.tag],
        "edit_address": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "compare_address": reverse("wagtailadmin_pages:history", args=[page.pk]),
    }
    return render(request, "guides/desk/history.html", context)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends the newest draft to a second person."""
    page = _page(request, pk)
    try:
        actions.submit_draft(by=member_of_staff(request), page=page)
    except actions.MayNotEdit as error:
        raise PermissionDenied from error
    except actions.AlreadyWaits:
        messages.info(request, _("There is nothing new to send, or it waits already."))
    else:
        messages.success(request, _("A second person reads it now. It goes live when that person says yes."))
    return _back(page)


@require_POST
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a page from the public; its text stays as a draft, and approving it again brings it back."""
    page = _page(request, pk)
    try:
        actions.take_down(by=member_of_staff(request), page=page)
    except actions.MayNotDecide as error:
        raise PermissionDenied from error
    messages.success(request, _("The page is no longer public. Its text is kept as a draft."))
    return _back(page)


@require_POST
def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins a draft in another language and opens it in the editor."""
    page = _page(request, pk)
    tag = request.POST.get("language", "")
    if not known(tag):
        messages.error(request, _("The house does not know this language. Choose one from the list."))
        return _back(page)
    try:
        draft = actions.start_translation(by=member_of_staff(request), page=page, language=language(tag).tag)
    except actions.MayNotEdit as error:
        raise PermissionDenied from error
    return redirect("wagtailadmin_pages:edit", draft.pk)


def _page(request: HttpRequest, pk: int) -> GuidePage:
    page = queries.guide_for(viewer=viewer_of(request), pk=pk)
    if page is None:
        raise Http404
    return page


def _back(page: GuidePage) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("guides:history", args=[page.pk]))
