"""Pages of the desk about staff: who there is, who may what, invitations, what to do when something is lost.

Their templates lie in web/, because every page extends the shell and the kernel does not look up to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.kernel.register.house import roles

from . import actions
from .access import may_change_account, may_grant_role, may_see_account
from .forms import InviteForm, ResetForm, RoleForm
from .links import LINK_HOURS, address_of, send_link
from .models import Membership, User
from .queries import access_review, link_waiting, second_factor_resets, staff_seen
from .second_factor import owns_second_factor
from .viewer import member_of_staff, viewer_of


def staff(request: HttpRequest) -> HttpResponse:
    """Everybody the viewer looks after."""
    viewer = viewer_of(request)
    titles = {key: role.title for key, role in roles().items()}
    people = [
        {"user": user, "roles": [titles.get(row.role, row.role) for row in user.memberships.all()]}
        for user in staff_seen(viewer=viewer)
    ]
    return render(request, "access/staff.html", {"people": people})


def review(request: HttpRequest) -> HttpResponse:
    """Who may what, since when and until when; what ends first stands first."""
    rows = access_review(viewer=viewer_of(request))
    counts = {"ending": sum(row.ends == "soon" for row in rows), "bare": sum(not row.second_factor for row in rows)}
    return render(request, "access/review.html", {"rows": rows, **counts})


def invite(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time link is shown here, once."""
    form = InviteForm(request.POST or None, viewer=viewer_of(request))
    if request.method != "POST" or not form.is_valid():
        return render(request, "access/invite.html", {"form": form})
    try:
        user, token = actions.invite_staff(by=member_of_staff(request), **form.cleaned_data)
    except actions.MayNotAdminister:
        form.add_error(
            "role", _("You cannot give this role to this person. Choose another role, or ask who runs the house.")
        )
        return render(request, "access/invite.html", {"form": form})
    if not token:
        messages.success(request, _("This person has an account already. The role was added to it."))
        return redirect("access:person", user.pk)
    return _show_link(request, user, token)


def person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One account: roles, second factor, and what can be done."""
    user = _person(request, user_id)
    return _person_page(request, user, RoleForm(viewer=viewer_of(request)), ResetForm())


@require_POST
def grant(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Gives a role."""
    user = _person(request, user_id)
    form = RoleForm(request.POST, viewer=viewer_of(request))
    if not form.is_valid():
        return _person_page(request, user, form, ResetForm())
    try:
        actions.grant_role(by=member_of_staff(request), user=user, **form.cleaned_data)
    except actions.MayNotAdminister:
        raise PermissionDenied from None
    except actions.LastOperator:
        form.add_error("until", _last_operator())
        return _person_page(request, user, form, ResetForm())
    messages.success(request, _("The role was given."))
    return redirect("access:person", user.pk)


@require_POST
def revoke(request: HttpRequest, user_id: UUID, membership_id: int) -> HttpResponse:
    """Takes a role."""
    user = _person(request, user_id)
    membership = Membership.objects.filter(user=user, pk=membership_id).first()
    if membership is None:
        raise Http404
    _try(
        request,
        lambda: actions.revoke_role(by=member_of_staff(request), membership=membership),
        _("The role was taken away."),
    )
    return redirect("access:staff") if not _still_seen(request, user) else redirect("access:person", user.pk)


@require_POST
def link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A new one-time link, shown once."""
    user = _person(request, user_id)
    try:
        token = actions.make_link(by=member_of_staff(request), user=user)
    except actions.MayNotAdminister:
        raise PermissionDenied from None
    return _show_link(request, user, token)


@require_POST
def deactivate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Closes an account."""
    user = _person(request, user_id)
    done = _("The account is closed and signed out everywhere.")
    _try(request, lambda: actions.deactivate_staff(by=member_of_staff(request), user=user), done)
    return redirect("access:person", user.pk)


@require_POST
def reactivate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Opens it again."""
    user = _person(request, user_id)
    done = _("The account is open again.")
    _try(request, lambda: actions.reactivate_staff(by=member_of_staff(request), user=user), done)
    return redirect("access:person", user.pk)


@require_POST
def reset(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Takes away a lost second factor."""
    user = _person(request, user_id)
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _person_page(request, user, RoleForm(viewer=viewer_of(request)), form)
    done = _("The second factor is gone. At the next sign-in the person sets up a new one.")
    checked = form.cleaned_data["checked"]
    _try(request, lambda: actions.reset_second_factor(by=member_of_staff(request), user=user, checked=checked), done)
    return redirect("access:person", user.pk)


def _person_page(request: HttpRequest, user: User, roles_form: RoleForm, reset_form: ResetForm) -> HttpResponse:
    viewer = viewer_of(request)
    titles = {key: role.title for key, role in roles().items()}
    rows = [
        {
            "row": row,
            "title": titles.get(row.role, row.role),
            "mine": may_grant_role(viewer, user, row.organisation_id, row.role),
        }
        for row in user.memberships.select_related("organisation")
    ]
    told: dict[str, Any] = {
        "person": user,
        "rows": rows,
        "form": roles_form,
        "reset_form": reset_form,
        "own": str(user.pk) == viewer.user_id,
        "may_change": may_change_account(viewer, user),
        "second_factor": owns_second_factor(user.pk),
        "waiting": link_waiting(viewer=viewer, user=user),
        "resets": second_factor_resets(viewer=viewer, user=user),
    }
    return render(request, "access/person.html", told)


def _show_link(request: HttpRequest, user: User, token: str) -> HttpResponse:
    sent = send_link(to=user.email, token=token)
    told = {"person": user, "address": address_of(token), "hours": LINK_HOURS, "sent": sent}
    return render(request, "access/link.html", told)


def _try(request: HttpRequest, act: Callable[[], Any], done: str) -> None:
    try:
        act()
    except actions.MayNotAdminister:
        raise PermissionDenied from None
    except actions.LastOperator:
        messages.error(request, _last_operator())
    else:
        messages.success(request, done)


def _last_operator() -> str:
    return _("This is the last person who runs the house. Give the role to somebody else first.")


def _person(request: HttpRequest, user_id: UUID) -> User:
    """404 for who is not the viewer's to see: a stranger does not learn that the account exists."""
    user = User.objects.filter(pk=user_id).prefetch_related("memberships").first()
    if user is None or not may_see_account(viewer_of(request), user):
        raise Http404
    return user


def _still_seen(request: HttpRequest, user: User) -> bool:
    return staff_seen(viewer=viewer_of(request)).filter(pk=user.pk).exists()
