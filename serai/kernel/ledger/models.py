"""The outbox and the touches: written in the action's own transaction.

Neither holds anything about a person: a subject is `<label>.<noun>:<id>` of a thing of the house, never a name.
"""

from __future__ import annotations

from django.db import models


class OutboxRow(models.Model):
    """One event, waiting for the sequencer. Deleted when sequenced and delivered."""

    event = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    by = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField(auto_now_add=True)


class Touch(models.Model):
    """A key that changed: published files that depend on it are stale. Pruned after a week."""

    key = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
