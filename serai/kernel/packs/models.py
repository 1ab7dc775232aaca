"""Which packs this house has, whose signature it trusts, and what each pack said of each piece at the last install."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImmutableRow(TypeError):
    """A published version never changes: a change is a new version."""


class PackVersion(models.Model):
    """One version of a pack as it came in or went out. Never changed, never deleted.

    digest is that of the manifest (path to SHA-256); signed_by is the public key of its seal, empty when unsigned.
    """

    class Way(models.TextChoices):
        """Whether this house took the version in or gave it out."""

        INSTALLED = "installed", _("Installed")
        PUBLISHED = "published", _("Published")

    pack = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    way = models.CharField(max_length=10, choices=Way, default=Way.INSTALLED)
    publisher = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    manifest = models.JSONField()
    head = models.JSONField()
    signed_by = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "version", "way"], name="a_version_once_each_way")]
        ordering = ["pack", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only once."""
        if self.pk is not None:
            raise ImmutableRow(str(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise ImmutableRow(str(self))


class InstalledPack(models.Model):
    """The version of a pack that the house has now."""

    pack = models.CharField(max_length=80, unique=True)
    now = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["pack"]

    def __str__(self) -> str:
        return str(self.now)


class Piece(models.Model):
    """What the pack said of one piece of content when it was last installed.

    From this an update knows what the house has changed itself. ref is `guides/first-days.en`, `contacts/info-desk`;
    text is the digest of its words, rest that of its source and dates; here is the digest of the words that the house
    got from them (a link to a pack that is not installed is plain text). said holds a row of a table piece by piece.
    gone: the pack no longer has it.
    """

    pack = models.CharField(max_length=80)
    ref = models.CharField(max_length=250)
    text = models.CharField(max_length=64, blank=True)
    here = models.CharField(max_length=64, blank=True)
    rest = models.CharField(max_length=64, blank=True)
    said = models.JSONField(default=dict)
    gone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "ref"], name="a_piece_once_in_its_pack")]
        indexes = [models.Index(fields=["ref"], name="piece_by_ref")]

    def __str__(self) -> str:
        return f"{self.pack}: {self.ref}"


class PublisherKey(models.Model):
    """A public key by which the operator of this house knows a publisher. A withdrawn key stays on record."""

    publisher = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    added = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publisher", "key"], name="a_key_once_for_a_publisher")]
        ordering = ["publisher", "added"]

    def __str__(self) -> str:
        return f"{self.publisher} {self.key}"
