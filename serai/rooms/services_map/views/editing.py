"""A service on the desk: its words in each language, its hours, a new one beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.kernel.access.viewer import member_of_staff, viewer_of
from serai.kernel.facts.access import may_check_for
from serai.kernel.languages.registry import known, language

from ..access import may_edit
from ..actions import editing, placing
from ..forms_hours import HoursForm
from ..forms_service import NewServiceForm, SeenForm, ServiceForm, TranslationForm
from ..models import Service, ServiceAtLocation
from ..queries import desk as queries
from ..sensitivity import name_for_staff
from ..week_grid import grid_of


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The service in its own language; `?lang=` for its words in another one."""
    service = _service(request, pk)
    tag = request.GET.get("lang", "")
    if tag and tag != service.language:
        return _translate(request, service, tag)
    seen, checks = editing.seen_state(service), _checks(request, service)
    form = ServiceForm(request.POST or None, service=service, seen=seen, checks=checks)
    changed: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        ticked = bool(form.cleaned_data.get("checked"))
        try:
            editing.edit_service(
                by=member_of_staff(request), service=service, seen=form.cleaned_data["seen"], said=form.said,
                checked=ticked,
            )  # fmt: skip
        except placing.MayNotEdit as error:
            raise PermissionDenied from error
        except editing.ChangedMeanwhile:
            changed = _look_again(form, ServiceForm(service=service, seen=seen, checks=checks), seen)
        else:
            return _done(request, service)
    context = {"form": form, "changed": changed, "needs_open": bool(form.errors), **_context(request, service)}
    return render(request, "services_map/desk/edit.html", context, status=_status(form))


def _translate(request: HttpRequest, service: Service, tag: str) -> HttpResponse:
    if not known(tag) or language(tag).tag not in _tags(service):
        raise Http404
    tag, seen = language(tag).tag, editing.seen_state(service)
    form = TranslationForm(request.POST or None, service=service, seen=seen, tag=tag)
    changed: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            editing.translate_service(
                by=member_of_staff(request), service=service, seen=form.cleaned_data["seen"], tag=tag, **form.said
            )
        except placing.MayNotEdit as error:
            raise PermissionDenied from error
        except editing.ChangedMeanwhile:
            changed = _look_again(form, TranslationForm(service=service, seen=seen, tag=tag), seen)
        else:
            return _done(request, service)
    context = {"form": form, "changed": changed, "tag": tag, **_context(request, service)}
    return render(request, "services_map/desk/translation.html", context, status=_status(form))


def hours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When a service is open; `?place=` for one of its places where other hours hold."""
    service = _service(request, pk)
    at = _at(request, service)
    row: Service | ServiceAtLocation = at or service
    seen, checks = editing.seen_state(row), _checks(request, service)
    grid = grid_of(queries.rules_to_edit(service, at))
    form = HoursForm(request.POST or None, grid=grid, seen=seen, checks=checks)
    changed: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            editing.set_hours(
                by=member_of_staff(request), service=service, at=at, seen=form.cleaned_data["seen"],
                hours=form.cleaned_data["hours"], checked=bool(form.cleaned_data.get("checked")),
            )  # fmt: skip
        except placing.MayNotEdit as error:
            raise PermissionDenied from error
        except editing.ChangedMeanwhile:
            changed = _look_again(form, HoursForm(grid=grid, seen=seen, checks=checks), seen)
        else:
            return _done(request, service)
    context = {
        "form": form, "changed": changed, "grid": grid, "weeks": queries.weeks_of(service, viewer_of(request).language),
        "place": name_for_staff(at.location, viewer_of(request).language) if at else None, "at": at,
        **_context(request, service),
    }  # fmt: skip
    return render(request, "services_map/desk/hours.html", context, status=_status(form))


def another(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another service of the organisation that offers this one, at one of its places or at none."""
    service = _service(request, pk)
    viewer = viewer_of(request)
    places = queries.places_of_organization(viewer=viewer, organization=service.organization)
    form = NewServiceForm(request.POST or None, places=places, tag=viewer.language, initial=service.language)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = editing.add_service(
                by=member_of_staff(request), organization=service.organization, tag=said["language"],
                name=said["name"], needs=said["needs"],
                location=next((row for row in places if str(row.pk) == said["place"]), None),
            )  # fmt: skip
        except placing.MayNotEdit as error:
            raise PermissionDenied from error
        messages.success(request, _("The service is there. Now say the rest of it."))
        return redirect("services_map:edit", pk=made.pk)
    context = {"form": form, "organization": service.organization.said("name", viewer.language), "service": service}
    return render(request, "services_map/desk/another.html", context, status=_status(form))


def _service(request: HttpRequest, pk: UUID) -> Service:
    found = queries.service_for(viewer=viewer_of(request), pk=pk)
    if found is None or not may_edit(viewer_of(request), found.publisher_id):
        raise Http404
    return found


def _at(request: HttpRequest, service: Service) -> ServiceAtLocation | None:
    """The service at the place named in the address, if it is one of its places."""
    wanted = request.GET.get("place", "")
    found = next((row for row in service.at.all() if str(row.location_id) == wanted), None)
    if wanted and found is None:
        raise Http404
    return found


def _checks(request: HttpRequest, service: Service) -> bool:
    return may_check_for(viewer_of(request), service.fact.organisation_id)


def _look_again(form: SeenForm, now: SeenForm, seen: str) -> list[tuple[str, str]]:
    """What the row says now where it differs from what was typed; the form keeps all of it."""
    changed = form.differences(now)
    form.look_again(seen)
    sentence = _(
        "Somebody else changed this while you were writing. Nothing is lost: what you typed stands below, and above "
        "it what differs now. Save again if yours is right."
    )
    form.add_error(None, sentence)
    return changed


def _tags(service: Service) -> list[str]:
    """Languages in which the service may be said: those of the house, and those in which it says something already."""
    spoken = [tag for tag in service.texts if known(tag)]
    return [tag for tag in dict.fromkeys([*settings.SERAI_LANGUAGES, *spoken]) if tag != service.language]


def _context(request: HttpRequest, service: Service) -> dict[str, Any]:
    tag = viewer_of(request).language
    tags = [(each, bool(service.texts.get(each))) for each in _tags(service)]
    return {"service": service, "name": service.said("name", tag), "tags": tags}


def _done(request: HttpRequest, service: Service) -> HttpResponse:
    messages.success(request, _("Saved. Every page, list and search shows it from now on."))
    return redirect("services_map:desk_service", pk=service.pk)


def _status(form: Any) -> int:
    return 400 if form.errors else 200
