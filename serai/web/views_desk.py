"""The desk's first page, and the one "to check" list of the house."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from serai.kernel.access.viewer import viewer_of
from serai.kernel.facts.actions import (
    Check,
    CheckMovedOn,
    MayNotCheck,
    check_of,
    check_still_true,
    take_back_check,
)
from serai.kernel.facts.models import Fact
from serai.kernel.facts.queries import fact_to_check, facts_to_check
from serai.kernel.register.house import doors

from . import queries

ON_A_PAGE = 50
UNDO_SECONDS = 15 * 60
SALT = "web.take_back"


@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """What waits for this colleague, and the rooms."""
    viewer = viewer_of(request)
    mine = [door for door in doors("desk") if not door.roles or viewer.passes(door.roles)]
    context = {"queues": queries.queues(viewer=viewer), "doors": mine, "now": timezone.now()}
    return render(request, "web/first.html", context)


@require_safe
def to_check(request: HttpRequest) -> HttpResponse:
    """Facts of the viewer's organisations, those never checked first, then the oldest."""
    viewer = viewer_of(request)
    page = Paginator(facts_to_check(viewer=viewer), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = queries.due_rows(page.object_list, language=viewer.language, viewer=viewer)
    return render(request, "web/to_check.html", {"page": page, "rows": rows, "undo": _undo(request)})


@require_POST
def still_true(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody looked at the source again, and it still says the same."""
    fact = _mine(request, pk)
    before = check_of(fact)
    try:
        fact = check_still_true(by=request.user, fact=fact)  # type: ignore[arg-type]
    except MayNotCheck:
        raise Http404 from None
    token = signing.dumps({"pk": str(pk), "before": _plain(before), "made": _plain(check_of(fact))}, salt=SALT)
    return redirect(f"{reverse('web:to_check')}?{urlencode({'undo': token})}")


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undoes one's own check of a moment ago."""
    fact = _mine(request, pk)
    said = _read(request.POST.get("undo", ""))
    if not said or said["pk"] != str(pk):
        messages.error(request, gettext("It is too late to take this back here. Please open the page and correct it."))
        return redirect("web:to_check")
    try:
        take_back_check(by=request.user, fact=fact, made=_check(said["made"]), before=_check(said["before"]))  # type: ignore[arg-type]
    except (CheckMovedOn, MayNotCheck):
        messages.error(request, gettext("A colleague has changed this since. Nothing was taken back."))
    else:
        messages.success(request, gettext("Taken back. It says what it said before."))
    return redirect("web:to_check")


def _mine(request: HttpRequest, pk: UUID) -> Fact:
    fact = fact_to_check(viewer=viewer_of(request), pk=pk)
    if fact is None:
        raise Http404
    return fact


def _undo(request: HttpRequest) -> dict[str, Any] | None:
    """What the page says of the check just made, or None when there was none or it is too long ago."""
    token = request.GET.get("undo", "")
    said = _read(token)
    fact = fact_to_check(viewer=viewer_of(request), pk=said["pk"]) if said else None
    if not said or fact is None or check_of(fact) != _check(said["made"]):
        return None
    row = queries.due_rows([fact], language=viewer_of(request).language, viewer=viewer_of(request))[0]
    return {"row": row, "token": token}


def _read(token: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        return None
    return found


def _plain(check: Check) -> dict[str, str]:
    return {
        name: value.isoformat() if isinstance(value, date) else value or "" for name, value in asdict(check).items()
    }


def _check(said: dict[str, str]) -> Check:
    def day(name: str) -> date | None:
        return date.fromisoformat(said[name]) if said[name] else None

    return Check(day("checked_on"), said["checked_by"], said["checked_by_user_id"], day("review_by"))
