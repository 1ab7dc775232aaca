"""A file that staff have uploaded and not yet imported is kept for a day, so that nothing is uploaded twice."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class StagedUpload(models.Model):
    """One uploaded workbook. Only who uploaded it sees it; the clock deletes it after `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "guides"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
