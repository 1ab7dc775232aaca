"""Staff and their organisations. The people whom the house serves are never users here."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.words import Said, say


class UserManager(BaseUserManager["User"]):
    """Makes members of staff; there is no superuser in this house."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new member of staff who may nothing until given a role."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        """E-mail addresses of staff are kept in lower case."""
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. Roles come from memberships only; nobody is above the permission rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=20, default="en")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    is_superuser = False  # no field: nobody passes every check
    is_staff = True

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name colleagues see."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.name.split(" ")[0]


class Organisation(models.Model):
    """Who publishes, owns facts and has staff: a municipality, ministry, union, NGO or network."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        MUNICIPALITY = "municipality", _("Municipality")
        MINISTRY = "ministry", _("Ministry or authority")
        UNION = "union", _("Trade union")
        NGO = "ngo", _("Organisation")
        NETWORK = "network", _("Network")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.NGO)
    names = models.JSONField(default=dict)
    abouts = models.JSONField(default=dict)
    url = models.URLField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    fictional = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.said("en").text or self.key

    def said(self, language: str) -> Said:
        """Its name in a language, by fallback."""
        return say(self.names, language)


class Membership(models.Model):
    """One role of one member of staff in one organisation, until a day if time-limited."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=60)
    title = models.CharField(max_length=120, blank=True, help_text=_("Shown to the public instead of a name"))
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_role_once")]
        ordering = ["organisation__key", "role"]

    def __str__(self) -> str:
        return f"{self.role} @ {self.organisation_id}"
