"""Manifest of content."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Event, Manifest, Permission, PersonalData, Role
from serai.kernel.register.ports import COMMANDS, SEARCH, SWEEPS, TOUCHED

from .own_pages import chooser_rows, closed_rows

STAFF_OF_CONTENT = frozenset({"content.author", "content.approver", "content.translator"})


def offers() -> None:
    """Search on the command line and for the public page, kept true on each touch and each hour."""
    from .importing import export_group, import_group, report_group
    from .search import answer, command, index

    COMMANDS.offer("search", command.search)
    COMMANDS.offer("import", import_group)
    COMMANDS.offer("export", export_group)
    COMMANDS.offer("report", report_group)
    SEARCH.offer("content", answer)
    TOUCHED.offer("content.search", index.refresh_on_touch)
    SWEEPS.offer("content.search", (index.REINDEX_SECONDS, index.reindex_by_the_clock))


TRACES = (
    ("wagtailcore.Page", "owner", "locked_by"),
    ("wagtailcore.Revision", "user"),
    ("wagtailcore.PageLogEntry", "user"),
    ("wagtailcore.ModelLogEntry", "user"),
    ("wagtailcore.WorkflowState", "requested_by"),
    ("wagtailcore.TaskState", "finished_by"),
    ("wagtailcore.Comment", "user", "resolved_by"),
    ("wagtailcore.CommentReply", "user"),
    ("wagtailcore.PageSubscription", "user"),
    ("wagtailcore.UploadedFile", "uploaded_by_user"),
    ("wagtailadmin.EditingSession", "user"),
    ("wagtailadmin.FormState", "user"),
    ("wagtailusers.UserProfile", "user"),
    ("content.HouseImage", "uploaded_by_user"),
    ("content.HouseDocument", "uploaded_by_user"),
)
"""Where the editor notes which member of staff did something."""


def _traces() -> tuple[PersonalData, ...]:
    return tuple(
        PersonalData(
            model=model,
            fields=tuple(fields),
            purpose="Accountability of staff for what the house says",
            legal_basis="Legitimate interest of the operator",
            retention_days=730,
            about="staff",
            erase="with the account: row deleted, set to null, or left with an identifier that no longer means anybody",
        )
        for model, *fields in TRACES
    )


MANIFEST = Manifest(
    label="content",
    title=_("Content"),
    roles=(
        Role("content.author", _("Author"), _("Writes drafts and sends them to a second person.")),
        Role("content.approver", _("Approver"), _("Approves what others wrote; takes pages down.")),
        Role("content.translator", _("Translator"), _("Translates and reviews translations.")),
    ),
    permissions=(
        *chooser_rows(STAFF_OF_CONTENT),
        *closed_rows(),
        Permission("/editor/*", STAFF_OF_CONTENT, "desk", "Wagtail's admin"),
    ),
    events=(
        Event("content.page_published", "content"),
        Event("content.page_taken_down", "content"),
        Event("content.page_created", "content"),
        Event("content.page_deleted", "content"),
        Event("content.page_moved", "content"),
        Event("content.page_drafted", "content"),
        Event("content.page_changed", "content"),
        Event("content.thing_changed", "content"),
    ),
    personal_data=_traces(),
    offers=offers,
)
