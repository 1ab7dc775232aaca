"""The one adapter between Wagtail and the house: each entry of Wagtail's log becomes an event in the same transaction.

Wagtail's admin has some 200 routes that bypass our actions, but all of them, and scheduled publishing, write a log
entry. Requests to the desk are atomic, so entry and event stand or fall together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models.signals import post_save
from wagtail.models import ModelLogEntry, PageLogEntry

from serai.kernel.ledger.actions import record
from serai.kernel.register.ports import Port

TOUCHES: Port[Callable[[PageLogEntry], Iterable[str]]] = Port(
    "content touches", "given a page log entry, the keys of what changed"
)
SETTLED: Port[Callable[[PageLogEntry], None]] = Port(
    "content settled", "completes in the same transaction what Wagtail's admin did: given a page log entry"
)

EVENTS = {
    "wagtail.publish": "content.page_published",
    "wagtail.publish.scheduled": "content.page_published",
    "wagtail.unpublish.scheduled": "content.page_taken_down",
    "wagtail.unpublish": "content.page_taken_down",
    "wagtail.create": "content.page_created",
    "wagtail.delete": "content.page_deleted",
    "wagtail.move": "content.page_moved",
    "wagtail.edit": "content.page_drafted",
}
OTHER = "content.page_changed"


def connect() -> None:
    """Listens to both kinds of log entry. Called once when the app is ready."""
    post_save.connect(_page_logged, sender=PageLogEntry, dispatch_uid="content.page_log")
    post_save.connect(_thing_logged, sender=ModelLogEntry, dispatch_uid="content.model_log")


def _page_logged(instance: PageLogEntry, created: bool, **_: Any) -> None:
    if not created:
        return
    for settle in SETTLED:
        settle(instance)
    touches = {key for find in TOUCHES for key in find(instance)}
    record(
        EVENTS.get(instance.action, OTHER),
        subject=f"content.page:{instance.page_id}",
        by=str(instance.user_id or ""),
        touches=touches,
    )


def _thing_logged(instance: ModelLogEntry, created: bool, **_: Any) -> None:
    if created:
        record(
            "content.thing_changed",
            subject=f"content.thing:{instance.content_type_id}-{instance.object_id}",
            by=str(instance.user_id or ""),
        )
