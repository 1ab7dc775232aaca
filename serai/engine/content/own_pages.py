"""Wagtail's admin shows each member of staff the pages of his own publishers only, whatever the route.

Wagtail checks rights where something is changed; several screens that only show (history, comparison, usage) ask for
none. One look at the route's page ids, before the view runs, closes them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import GroupPagePermission, Page

from serai.kernel.access.models import User
from serai.kernel.register.manifest import Permission

EXPLORES = frozenset(
    {
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_pages:move",
        "wagtailadmin_pages:add_subpage",
    }
)
"""Routes that also open a page above one's own, on the way down to it; Wagtail lists only what one may see there."""

PAGE_IDS = ("page_id", "page_to_move_id", "destination_id")

CLOSED = (
    "/editor/api/*",
    "/editor/users/*",
    "/editor/groups/*",
    "/editor/sites/*",
    "/editor/snippets/*",
    "/editor/workflows/*",
    "/editor/reports/*",
    "/editor/collections/*",
    "/editor/embeds/*",
    "/editor/failwhale/*",
    "/editor/account/*",
    "/editor/password_reset/*",
    "/editor/choose-page/external-link/upload/*",
    "/editor/images/*",
    "/editor/documents/*",
    "/editor/bulk/content/*",
)
"""Parts of Wagtail's admin that the house does not use: the house has its own, or none."""


CHOOSERS = tuple(
    f"{kind}_chooser:{step}"
    for kind in ("wagtailimages", "wagtaildocs")
    for step in ("choose", "choose_results", "chosen", "chosen_multiple", "create")
)
"""Where a picture or recording is chosen or brought in while a page is written. Nothing else about files is open: what
a second person approved must stay what readers get, so no file is ever replaced; a draft takes a new one instead."""


def chooser_rows(roles: frozenset[str]) -> tuple[Permission, ...]:
    """Permission rows of the choosers of files, each by its name: the branch around them is closed."""
    return tuple(Permission(route, roles, "desk", "Wagtail's admin, choosing a file") for route in CHOOSERS)


def closed_rows() -> tuple[Permission, ...]:
    """Permission rows that let nobody through. They stand before the row of the whole admin."""
    return tuple(Permission(path, frozenset(), "desk", "Part of Wagtail's admin that is not used") for path in CLOSED)


def own_paths(user: User) -> list[str]:
    """Paths in the tree of the pages on which a member of staff has any right, with all that stands below."""
    rows = GroupPagePermission.objects.filter(group__user=user)
    return list(rows.values_list("page__path", flat=True).distinct())


def only_own(pages: QuerySet[Page], user: User) -> QuerySet[Page]:
    """Of these pages one's own and those above them. Whoever links to another publisher gives its public address."""
    own = own_paths(user)
    wanted = Q(pk__in=[])
    for path in own:
        above = [path[:end] for end in range(Page.steplen, len(path), Page.steplen)]
        wanted |= Q(path__startswith=path) | Q(path__in=above)
    return pages.filter(wanted)


class OwnPages:
    """Answers 404 for a page of another publisher on any route of Wagtail's admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The work is in process_view, when the route is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Looks up every page that the route names."""
        match = request.resolver_match
        name = match.view_name if match else ""
        ids = _page_ids(name, request, kwargs)
        if not ids:
            return
        own = own_paths(request.user)  # type: ignore[arg-type]
        for path in Page.objects.filter(pk__in=ids).values_list("path", flat=True):
            inside = any(path.startswith(mine) for mine in own)
            above = name in EXPLORES and any(mine.startswith(path) for mine in own)
            if not inside and not above:
                raise Http404


def _page_ids(name: str, request: HttpRequest, kwargs: dict[str, Any]) -> set[int]:
    if name.startswith("wagtailadmin_pages:") or name in EXPLORES:
        return {value for key, value in kwargs.items() if key.endswith(PAGE_IDS) and isinstance(value, int)}
    if name == "wagtail_bulk_action":
        return _bulk_ids(request, kwargs)
    if name == "wagtailadmin_choose_page_chosen_multiple":
        return {_number(value) for value in request.GET.getlist("id")}
    if name.startswith("wagtailadmin_editing_sessions:") and "object_id" in kwargs:
        return {_number(kwargs["object_id"])}
    return set()


def _bulk_ids(request: HttpRequest, kwargs: dict[str, Any]) -> set[int]:
    """Pages of a bulk action. "all" is what stands below `childOf`, and the whole house when that is not said."""
    asked = request.GET.getlist("id")
    if "all" not in asked:
        return {_number(value) for value in asked}
    if kwargs.get("model_name") != "page":
        return set()
    return {_number(request.GET.get("childOf"))}


def _number(value: Any) -> int:
    """The id as the database will read it: it takes " 12" and "+12" too. Raises Http404 for what is no number."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Http404 from None
