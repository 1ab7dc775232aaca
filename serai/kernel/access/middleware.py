"""No unguarded route: every request must find a permission row that lets it through, or it goes no further."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from serai.kernel.register.house import permission_for

from .second_factor import has_second_factor
from .viewer import viewer_of

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
        host = getattr(request, "serai_host", "public")
        match = request.resolver_match
        row = permission_for(host, match.view_name if match else "", request.path_info)
        if row is None:
            raise Http404
        if row.open:
            return None
        viewer = viewer_of(request)
        if not viewer.user_id:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")
        if not row.before_second_factor and not has_second_factor(request):
            return HttpResponseRedirect(settings.SERAI_SECOND_FACTOR_URL)
        if not viewer.passes(row.roles):
            raise PermissionDenied
        return None
