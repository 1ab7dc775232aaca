"""Wagtail's admin as the house uses it: what is not used is not shown, and one's own pages only are offered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import RecentEditsPanel
from wagtail.models import Page

from .own_pages import only_own

SHOWN = {"pages", "desk"}
ACTIONS = {
    "action-save-draft",
    "action-submit",
    "action-restart-workflow",
    "action-cancel-workflow",
    "action-page-locked",
}


@hooks.register("register_admin_menu_item")
def pages() -> MenuItem:
    """A plain link to the tree; Wagtail's own menu asks an interface that shows all pages and is closed here."""
    return MenuItem(_("Pages"), reverse("wagtailadmin_explore_root"), name="pages", icon_name="doc-full", order=100)


@hooks.register("register_admin_menu_item")
def desk() -> MenuItem:
    """The way back."""
    return MenuItem(_("Back to the desk"), "/", name="desk", icon_name="home", order=10)


@hooks.register("construct_main_menu")
def only_what_is_used(request: HttpRequest, items: list[Any]) -> None:
    """Takes out reports, settings, help and all that the house does elsewhere."""
    items[:] = [item for item in items if item.name in SHOWN]


@hooks.register("construct_homepage_panels")
def no_news(request: HttpRequest, panels: list[Any]) -> None:
    """What waits and what one edits stands on the desk; Wagtail's panels would ask for reports that are closed."""
    panels[:] = [panel for panel in panels if isinstance(panel, RecentEditsPanel)]


@hooks.register("construct_homepage_summary_items")
def no_sums(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail counts the pages of all publishers."""
    items.clear()


@hooks.register("construct_page_chooser_queryset")
def choose_own(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Links inside the house go to pages of one's own publishers."""
    return only_own(pages, request.user)  # type: ignore[arg-type]


@hooks.register("construct_page_action_menu")
def no_publish_button(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Save, or send to a second person: nothing else. Deciding has a screen of its own on the desk."""
    items[:] = [item for item in items if item.name in ACTIONS]


@hooks.register("insert_global_admin_js")
def names_to_hear() -> str:
    """What Wagtail's text fields and searches lack for people who hear the page."""
    return format_html('<script src="{}" defer></script>', static("content/editor.js"))


@hooks.register("construct_help_menu")
def no_help(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail's help leads to other sites."""
    items.clear()
