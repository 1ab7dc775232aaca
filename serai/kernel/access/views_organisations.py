"""Pages of the desk about organisations, their own sign-in, and the permission table of the house."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from .access import may_edit_organisation, may_make_organisation, may_set_up_sign_in
from .actions_organisations import KeyTaken, change_organisation, create_organisation
from .actions_sign_in import ProviderNotGood, ProviderSettings, set_up_sign_in
from .forms import NewOrganisationForm, OrganisationForm, SignInForm
from .models import IdentityProvider, Organisation
from .permission_table import permission_table
from .queries import organisations_seen, sign_in_of
from .viewer import member_of_staff, viewer_of


def organisations(request: HttpRequest) -> HttpResponse:
    """All the viewer looks after."""
    viewer = viewer_of(request)
    rows = [{"row": row, "name": row.said(viewer.language)} for row in organisations_seen(viewer=viewer)]
    return render(request, "access/organisations.html", {"rows": rows, "may_make": may_make_organisation(viewer)})


def new_organisation(request: HttpRequest) -> HttpResponse:
    """A new one; operators only."""
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plain: dict[str, Any] = {**form.plain(), "abouts": form.said("about")}
        try:
            key, names = form.cleaned_data["key"], form.said("name")
            made = create_organisation(by=member_of_staff(request), key=key, names=names, **plain)
        except KeyTaken:
            form.add_error("key", _("Another organisation has this key. Choose a different one."))
        else:
            messages.success(request, _("The organisation was made."))
            return redirect("access:organisation", made.pk)
    return render(request, "access/organisation.html", {"form": form, "organisation": None})


def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """What is said of one."""
    row = _organisation(request, organisation_id)
    form = OrganisationForm(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        change_organisation(
            by=member_of_staff(request), organisation=row, names={**row.names, **form.said("name")},
            abouts={**row.abouts, **form.said("about")}, **form.plain(),
        )  # fmt: skip
        messages.success(request, _("The organisation was changed."))
        return redirect("access:organisation", row.pk)
    told = {"form": form, "organisation": row, "may_set_up": may_set_up_sign_in(viewer_of(request))}
    return render(request, "access/organisation.html", told)


def sign_in(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Its own sign-in; operators only."""
    row = _organisation(request, organisation_id)
    current = sign_in_of(viewer=viewer_of(request), organisation=row)
    form = SignInForm(request.POST or None, initial=_current(current))
    if request.method == "POST" and form.is_valid():
        try:
            set_up_sign_in(by=member_of_staff(request), organisation=row, given=_given(form.cleaned_data))
        except ProviderNotGood as wrong:
            form.add_error(wrong.field, _why(wrong.code))
        else:
            messages.success(request, _("The sign-in of this organisation was saved."))
            return redirect("access:sign_in", row.pk)
    back = reverse("openid_connect_callback", args=[row.pk])
    address = f"{settings.SERAI_SCHEME}://{settings.SERAI_DESK_HOST}{back}"
    return render(request, "access/sign_in.html", {"form": form, "organisation": row, "back": address})


def permissions(request: HttpRequest) -> HttpResponse:
    """Who may come to which page of the house."""
    return render(request, "access/permissions.html", {"sections": permission_table()})


def _organisation(request: HttpRequest, organisation_id: UUID) -> Organisation:
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None or not may_edit_organisation(viewer_of(request), row):
        raise Http404
    return row


def _initial(row: Organisation) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": row.kind, "url": row.url, "phone": row.phone, "email": row.email}
    for tag in settings.SERAI_LANGUAGES:
        values[f"name_{tag}"], values[f"about_{tag}"] = row.names.get(tag, ""), row.abouts.get(tag, "")
    return values


def _current(row: IdentityProvider | None) -> dict[str, Any]:
    if row is None:
        return {"active": True}
    lists = {name: " ".join(getattr(row, name)) for name in ("domains", "second_factor_acr", "second_factor_amr")}
    return {"issuer": row.issuer, "client_id": row.client_id, "active": row.active, **lists}


def _given(cleaned: dict[str, Any]) -> ProviderSettings:
    return ProviderSettings(
        issuer=cleaned["issuer"],
        client_id=cleaned["client_id"],
        secret=cleaned["secret"],
        domains=tuple(cleaned["domains"].split()),
        second_factor_acr=tuple(cleaned["second_factor_acr"].split()),
        second_factor_amr=tuple(cleaned["second_factor_amr"].split()),
        active=cleaned["active"],
    )


def _why(code: str) -> str:
    return {
        "not_https": _("The address must begin with https://, so that nobody reads along."),
        "none": _("Enter at least one mail domain of this organisation."),
        "not_a_domain": _("A mail domain is what stands after the @, for example lindenbach.example."),
        "taken": _("Another organisation already has one of these domains. Each domain belongs to one."),
    }[code]
