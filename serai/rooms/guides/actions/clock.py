"""What the house's clock does: scheduled pages go live and come down, alerts begin and end. All in one transaction
each, with their events, as any action."""

from __future__ import annotations

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision


@transaction.atomic
def publish_scheduled() -> int:
    """Wagtail's scheduled publishing, so that page, log entry, event and touched keys stand or fall together.

    Returns how many pages were due.
    """
    now = timezone.now()
    due = Revision.objects.filter(approved_go_live_at__lt=now).count()
    due += Page.objects.filter(live=True, expire_at__lt=now).count()
    if due:
        call_command("publish_scheduled")
    return due
