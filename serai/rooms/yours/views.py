"""Before anything is open: what this is, a new card, the way in with card and PIN, the way back with two shares.

Nothing is kept between two pages. What was made or typed travels sealed in the form, and no page may be stored.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from serai.kernel.languages.registry import Language, language
from serai.kernel.people.actions import (
    NotOpened,
    NotRecovered,
    Secrets,
    fresh_secrets,
    open_account,
    open_with_card,
    recover,
)
from serai.kernel.people.opened import keep_open
from serai.kernel.people.person import Person
from serai.kernel.people.states import StateRefused, open_state, seal_state

from .forms import CardForm, ChooseForm, PinForm, RecoverForm
from .papers import papers_of

NEW, CARD = "yours.new", "yours.card"


@require_safe
def start(request: HttpRequest, lang: str) -> HttpResponse:
    """What a page of one's own is, and the ways to it."""
    return show(request, "start", {"alternates": alternates("start")})


@transaction.non_atomic_requests  # a PIN takes long to compute: nobody else may wait for that
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, lang: str) -> HttpResponse:
    """A new card. Its secret is made with the form, so that a form sent twice makes one account."""
    posted = request.method == "POST"
    form = ChooseForm(request.POST if posted else None)
    try:
        made = made_of(request) if posted else fresh_secrets()
    except StateRefused:
        return show(request, "late", {"again": reverse("yours:new", kwargs={"lang": lang})})
    if posted and form.is_valid():
        try:
            person = open_account(pin=form.cleaned_data["pin"], fresh=made)
        except NotOpened:
            return show(request, "late", {"again": reverse("yours:new", kwargs={"lang": lang})})
        return show_papers(request, person, made)
    return show(request, "new", {"form": form, "state": state_of(made), "alternates": alternates("new")})


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, lang: str) -> HttpResponse:
    """First the card, then the PIN; whether a card is known is not said."""
    if request.method != "POST":
        return show(request, "card", {"form": CardForm(), "alternates": alternates("open")})
    if "state" not in request.POST:
        form = CardForm(request.POST)
        if not form.is_valid():
            return show(request, "card", {"form": form})
        return _ask_pin(request, PinForm(), form.cleaned_data["card"])
    try:
        card = bytes.fromhex(open_state(CARD, request.POST["state"])["card"])
    except StateRefused:
        return show(request, "late", {"again": reverse("yours:open", kwargs={"lang": lang})})
    asked = PinForm(request.POST)
    if asked.is_valid():
        try:
            return show_page(request, open_with_card(card=card, pin=asked.cleaned_data["pin"]))
        except NotOpened:
            asked.add_error("pin", wrong_pin())
    return _ask_pin(request, asked, card)


@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def recover_page(request: HttpRequest, lang: str) -> HttpResponse:
    """Two shares make a new card with a new PIN."""
    posted = request.method == "POST"
    form = RecoverForm(request.POST if posted else None)
    try:
        made = made_of(request) if posted else fresh_secrets()
    except StateRefused:
        return show(request, "late", {"again": reverse("yours:recover", kwargs={"lang": lang})})
    if posted and form.is_valid():
        recovery, pin = form.cleaned_data["recovery"], form.cleaned_data["pin"]
        try:
            return show_papers(request, recover(recovery=recovery, pin=pin, fresh=made), made)
        except NotRecovered:
            if again := opened_again(made, pin):
                return show_papers(request, again, made)
            form.add_error(None, gettext("These shares open nothing here. Perhaps newer ones were made since."))
    return show(request, "recover", {"form": form, "state": state_of(made), "alternates": alternates("recover")})


def show(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    """A page that no browser and no proxy may store."""
    answer = render(request, f"yours/{name}.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def show_papers(request: HttpRequest, person: Person, made: Secrets) -> HttpResponse:
    """Card and shares, this once."""
    return show(request, "papers", {"papers": papers_of(made), "open": keep_open(person)})


def show_page(request: HttpRequest, person: Person, token: str = "") -> HttpResponse:
    """The person's own page. token: where it is open already."""
    minutes = {"idle": settings.SERAI_OPEN_MINUTES, "most": settings.SERAI_OPEN_MOST_MINUTES}
    return show(request, "page", {"open": token or keep_open(person), **minutes})


def wrong_pin() -> str:
    """What is said of a PIN that opens nothing, whatever the reason."""
    return gettext("Card and PIN do not fit together, or wrong PINs have locked the card.")


def alternates(name: str) -> list[tuple[Language, str]]:
    """The same page in each language that the house offers."""
    return [(language(tag), reverse(f"yours:{name}", kwargs={"lang": tag})) for tag in settings.SERAI_LANGUAGES]


def state_of(made: Secrets) -> str:
    """Fresh secrets, sealed into the form that may make a card of them: sent twice, it makes the same card."""
    return seal_state(NEW, {"card": made.card.hex(), "recovery": made.recovery.hex()})


def made_of(request: HttpRequest) -> Secrets:
    """The secrets of a form that came. Raises StateRefused."""
    said = open_state(NEW, request.POST.get("state", ""))
    return Secrets(bytes.fromhex(said["card"]), bytes.fromhex(said["recovery"]))


def opened_again(made: Secrets, pin: str) -> Person | None:
    """Whoever made these secrets a moment ago, and whose first answer was lost on the way."""
    try:
        return open_with_card(card=made.card, pin=pin)
    except NotOpened:
        return None


def _ask_pin(request: HttpRequest, form: PinForm, card: bytes) -> HttpResponse:
    return show(request, "pin", {"form": form, "state": seal_state(CARD, {"card": card.hex()})})
