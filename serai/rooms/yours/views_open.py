"""What a person does while their page is open. Each form carries the token; without it a page says how to open it."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from serai.kernel.people.actions import close_everywhere, delete_account, renew
from serai.kernel.people.opened import NotOpen, close, opened_by

from .forms import ChooseForm
from .views import show, show_page, show_papers

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The person's own page; with `everywhere` it closes on all other devices first."""
    token = request.POST.get("open", "")
    try:
        person = opened_by(token)
    except NotOpen:
        return _closed(request, lang)
    if "everywhere" in request.POST:
        close_everywhere(person=person)
        return show_page(request, person)
    return show_page(request, person, token)


@require_http_methods(GET_OR_POST)
def close_page(request: HttpRequest, lang: str) -> HttpResponse:
    """Ends it on this device, and asks the browser to forget what it holds of these pages."""
    close(request.POST.get("open", ""))
    answer = show(request, "closed", {"ended": True})
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@transaction.non_atomic_requests
@require_http_methods(GET_OR_POST)
def renew_page(request: HttpRequest, lang: str) -> HttpResponse:
    """A new card, new shares and a new PIN; the old ones open nothing."""
    token = request.POST.get("open", "")
    try:
        person = opened_by(token)
    except NotOpen:
        return _closed(request, lang)
    form = ChooseForm(request.POST if "pin" in request.POST else None)
    if form.is_bound and form.is_valid():
        return show_papers(request, person, renew(person=person, pin=form.cleaned_data["pin"]))
    return show(request, "renew", {"form": form, "open": token})


@require_http_methods(GET_OR_POST)
def delete_page(request: HttpRequest, lang: str) -> HttpResponse:
    """Deletes the account, after the one question that is asked before something that cannot be undone."""
    token = request.POST.get("open", "")
    try:
        person = opened_by(token)
    except NotOpen:
        return _closed(request, lang)
    if "sure" not in request.POST:
        return show(request, "delete", {"open": token})
    delete_account(person=person)
    close(token)
    answer = show(request, "closed", {"deleted": True})
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _closed(request: HttpRequest, lang: str) -> HttpResponse:
    says = gettext("Your page is closed. Open it with your card and your PIN.")
    return show(request, "closed", {"says": says, "again": reverse("yours:open", kwargs={"lang": lang})})
