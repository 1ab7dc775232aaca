"""Places that content is about. Never where a person is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.words import Said, say


class Place(models.Model):
    """A country, region, city, camp or border point. key is stable across houses (`lindenbach`).

    from_pack: the pack that brought it and the values it brought last, so that an update keeps what the house changed.
    """

    class Kind(models.TextChoices):
        """How large a place is."""

        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        CITY = "city", _("Town or city")
        CAMP = "camp", _("Camp or centre")
        BORDER = "border", _("Border point")

    key = models.SlugField(max_length=80, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2"))
    kind = models.CharField(max_length=10, choices=Kind)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    names = models.JSONField(default=dict)
    fictional = models.BooleanField(default=False)
    from_pack = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.said("en").text or self.key

    def said(self, language: str) -> Said:
        """Its name in a language, by fallback."""
        return say(self.names, language)
