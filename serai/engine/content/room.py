"""Manifest of content."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Event, Manifest, Permission, Role

STAFF_OF_CONTENT = frozenset({"content.author", "content.approver", "content.translator"})

MANIFEST = Manifest(
    label="content",
    title=_("Content"),
    roles=(
        Role("content.author", _("Author"), _("Writes drafts and sends them to a second person.")),
        Role("content.approver", _("Approver"), _("Approves what others wrote; takes pages down.")),
        Role("content.translator", _("Translator"), _("Translates and reviews translations.")),
    ),
    permissions=(Permission("/editor/*", STAFF_OF_CONTENT, "desk", "Wagtail's admin"),),
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
)
