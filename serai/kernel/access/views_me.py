"""Pages about one's own account, and the page behind a one-time link."""

from __future__ import annotations

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.kernel.register.house import roles

from .actions import LinkNotGood, use_link
from .actions_sign_in import change_own_password, change_own_settings, sign_out_everywhere
from .forms import ChangePasswordForm, MeForm, NewPasswordForm
from .links import waiting_user
from .queries import second_factor_resets
from .sealed import CannotOpen, seal, unseal
from .viewer import member_of_staff, viewer_of
from .views_sign_in import LEAVE_NOTHING

TOKEN = "one_time_link"  # noqa: S105 - the name of a place in the session


def me(request: HttpRequest) -> HttpResponse:
    """Name, language, password, second factors, and out everywhere."""
    user = member_of_staff(request)
    form = MeForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        change_own_settings(by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("access:me")
    titles = {key: role.title for key, role in roles().items()}
    rows = [
        {
            "title": titles.get(row.role, row.role),
            "organisation": row.organisation.said(user.language),
            "until": row.until,
        }
        for row in user.memberships.select_related("organisation")
    ]
    resets = second_factor_resets(viewer=viewer_of(request), user=user)
    told = {"form": form, "rows": rows, "resets": resets, "has_password": user.has_usable_password()}
    return render(request, "access/me.html", told)


def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session ends."""
    user = member_of_staff(request)
    if not user.has_usable_password():
        messages.info(request, _("You sign in by your organisation. There is no password here to change."))
        return redirect("access:me")
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and not ratelimit.consume(request, action="change_password", user=user):
        return ratelimit.respond_429(request)
    if request.method == "POST" and form.is_valid():
        change_own_password(by=user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. You were signed out everywhere else."))
        return redirect("access:me")
    return render(request, "access/password.html", {"form": form})


@require_POST
def everywhere(request: HttpRequest) -> HttpResponse:
    """Out, here and on every other device."""
    sign_out_everywhere(by=member_of_staff(request))
    logout(request)
    response = redirect(settings.LOGIN_URL)
    response["Clear-Site-Data"] = LEAVE_NOTHING
    return response


def welcome_link(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address at once: addresses end up in logs, histories and on screens."""
    request.session[TOKEN] = seal(token)
    request.session.set_expiry(3600)
    return redirect("access:welcome")


def welcome(request: HttpRequest) -> HttpResponse:
    """A password, by a one-time link. Looking at the page uses nothing up: programs that preview links do that too."""
    token = _token(request)
    user = waiting_user(token)
    if user is None:
        return render(request, "access/link_not_good.html", status=410)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            use_link(token=token, password=form.cleaned_data["password"])
        except LinkNotGood:
            return render(request, "access/link_not_good.html", status=410)
        logout(request)
        messages.success(request, _("Your password is set. Now sign in with it."))
        return redirect("account_login")
    return render(request, "access/welcome.html", {"form": form, "person": user})


def _token(request: HttpRequest) -> str:
    """Sealed in the session, so that a copy of the database opens no account."""
    try:
        return unseal(request.session.get(TOKEN, ""))
    except CannotOpen:
        return ""
