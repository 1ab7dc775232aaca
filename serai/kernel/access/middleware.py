"""No unguarded route: every request must find a permission row that lets it through, or it goes no further."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from serai.kernel.register.house import permission_for
from serai.kernel.register.manifest import Host

from .second_factor import has_second_factor, may_set_up, owns_second_factor
from .sessions import end_if_too_old
from .viewer import forget_viewer, viewer_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class PermissionRows:
    """Looks up the row of the route and holds the viewer against it. No row: the route does not exist."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The work is in process_view, when the route is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """404 without a row, sign-in for nobody, second factor before anything else, 403 for the wrong role."""
        host: Host = getattr(request, "serai_host", "public")
        match = request.resolver_match
        route = match.view_name if match else ""
        row = permission_for(host, route, request.path_info)
        if row is None:
            raise Http404
        if host == "desk" and end_if_too_old(request):
            forget_viewer(request)
        if row.open:
            return None
        viewer = viewer_of(request)
        if not viewer.user_id:
            return _to(settings.LOGIN_URL, request)
        if not has_second_factor(request) and not (row.before_second_factor and may_set_up(request, route)):
            return _second_factor(request)
        if not viewer.passes(row.roles):
            raise PermissionDenied
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Sends who must show a password or code again to the page for it.

        The sign-in library would keep the whole request in the session meanwhile, with address and browser; we keep
        only where the person wanted to go.
        """
        if not isinstance(exception, ReauthenticationRequired):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        return _to(methods[0]["url"] if methods else settings.LOGIN_URL, request)


def _second_factor(request: HttpRequest) -> HttpResponse:
    if owns_second_factor(request.user.pk):
        return _to(reverse("mfa_reauthenticate", urlconf=settings.SERAI_DESK_URLCONF), request)
    return HttpResponseRedirect(settings.SERAI_SECOND_FACTOR_URL)


def _to(address: str, request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{address}?next={quote(request.get_full_path())}")
