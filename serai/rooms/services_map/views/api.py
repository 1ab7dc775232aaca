"""The directory as open data: the paths of the HSDS 3.0 API that this house answers, for reading only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from serai.kernel.access.viewer import NOBODY
from serai.lib.hsds.schema import VERSION

from ..queries import open_data

PER_PAGE = 50
MOST_A_PAGE = 200
TABLES: dict[str, Callable[..., Any]] = {
    "services": open_data.services,
    "organizations": open_data.organizations,
    "service_at_locations": open_data.service_at_locations,
}


@require_safe
def base(request: HttpRequest) -> HttpResponse:
    """What this is, as the standard's path `/` says it."""
    return JsonResponse({
        "version": VERSION,
        "profile": request.build_absolute_uri(reverse("services_map:api")),
        "openapi_url": "",
        "paths": [reverse("services_map:api_list", kwargs={"table": table}) for table in TABLES],
    })  # fmt: skip


@require_safe
def listed(request: HttpRequest, table: str) -> HttpResponse:
    """A page of a table: `?page=`, `?per_page=` (at most 200)."""
    if table not in TABLES:
        raise Http404
    rows = TABLES[table](viewer=NOBODY)
    size = _number(request.GET.get("per_page", ""), PER_PAGE, MOST_A_PAGE)
    page = Paginator(rows, size).get_page(request.GET.get("page", "1"))
    return JsonResponse({
        "total_items": page.paginator.count,
        "total_pages": page.paginator.num_pages,
        "page_number": page.number,
        "size": len(page.object_list),
        "first_page": page.number == 1,
        "last_page": not page.has_next(),
        "empty": not page.object_list,
        "contents": open_data.nested(table, [row.pk for row in page.object_list]),
    })  # fmt: skip


@require_safe
def row(request: HttpRequest, table: str, pk: object) -> HttpResponse:
    """One row with all that stands under it."""
    if table not in TABLES or not TABLES[table](viewer=NOBODY).filter(pk=pk).exists():
        raise Http404
    return JsonResponse(open_data.nested(table, [pk])[0])


def _number(text: str, usual: int, most: int) -> int:
    return max(1, min(int(text), most)) if text.isascii() and text.isdigit() and len(text) < 6 else usual
