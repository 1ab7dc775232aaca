"""What a person does while their page is open. Each form carries the token; without it a page says how to open it."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from serai.kernel.people.actions import (
    NotOpened,
    close_everywhere,
    delete_account,
    fresh_secrets,
    open_with_card,
    renew,
)
from serai.kernel.people.opened import NotOpen, close, opened_by
from serai.kernel.people.states import StateRefused

from .forms import PinForm, RenewForm
from .views import made_of, opened_again, show, show_page, show_papers, state_of, wrong_pin

GET_OR_POST = ["GET", "HEAD", "POST"]
FORGET = '"cache", "storage"'


@require_http_methods(GET_OR_POST)
def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The person's own page; with `everywhere` it closes on all other devices first."""
    token = request.POST.get("open", "")
    try:
        person = opened_by(token)
    except NotOpen:
        return _closed(request, lang)
    if "everywhere" in request.POST:
        return show_page(request, close_everywhere(person=person))
    return show_page(request, person, token)


@require_http_methods(GET_OR_POST)
def close_page(request: HttpRequest, lang: str) -> HttpResponse:
    """Ends it on this device, and asks the browser to forget what it holds of these pages."""
    close(request.POST.get("open", ""))
    answer = show(request, "closed", {"ended": True})
    answer.headers["Clear-Site-Data"] = FORGET
    return answer


@transaction.non_atomic_requests
@require_http_methods(GET_OR_POST)
def renew_page(request: HttpRequest, lang: str) -> HttpResponse:
    """A new card, new shares and a new PIN; the old ones open nothing. Takes the PIN of now."""
    token, posted = request.POST.get("open", ""), "pin" in request.POST
    form = RenewForm(request.POST if posted else None)
    try:
        made = made_of(request) if posted else fresh_secrets()
        person = opened_by(token)
        if posted and form.is_valid():
            sure = open_with_card(card=person.card, pin=form.cleaned_data["now"])
            return show_papers(request, renew(person=sure, pin=form.cleaned_data["pin"], fresh=made), made)
    except StateRefused:
        return show(request, "late", {"again": reverse("yours:open", kwargs={"lang": lang})})
    except NotOpened:
        form.add_error("now", wrong_pin())
    except NotOpen:
        again = opened_again(made, form.cleaned_data["pin"]) if posted and form.is_valid() else None
        return show_papers(request, again, made) if again else _closed(request, lang)
    return show(request, "renew", {"form": form, "open": token, "state": state_of(made)})


@transaction.non_atomic_requests
@require_http_methods(GET_OR_POST)
def delete_page(request: HttpRequest, lang: str) -> HttpResponse:
    """Deletes the account, after the PIN is written once more: it cannot be undone."""
    token = request.POST.get("open", "")
    form = PinForm(request.POST if "sure" in request.POST else None)
    try:
        person = opened_by(token)
        if not form.is_bound or not form.is_valid():
            return show(request, "delete", {"form": form, "open": token})
        delete_account(person=open_with_card(card=person.card, pin=form.cleaned_data["pin"]))
    except NotOpened:
        form.add_error("pin", wrong_pin())
        return show(request, "delete", {"form": form, "open": token})
    except NotOpen:
        return _closed(request, lang)
    close(token)
    answer = show(request, "closed", {"deleted": True})
    answer.headers["Clear-Site-Data"] = FORGET
    return answer


def _closed(request: HttpRequest, lang: str) -> HttpResponse:
    says = gettext("Your page is closed. Open it with your card and your PIN.")
    answer = show(request, "closed", {"says": says, "again": reverse("yours:open", kwargs={"lang": lang})})
    answer.headers["Clear-Site-Data"] = FORGET
    return answer
