"""Staff and their organisations. The people whom the house serves are never users here."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
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


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """A member of staff. Roles come from memberships only; nobody is above the permission rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=20, default="en")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    demo = models.BooleanField(default=False)
    session_seed = models.UUIDField(default=uuid.uuid4, editable=False)

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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions hold this hash: a new session_seed (or password) ends them all at once, wherever they are."""
        own = f"{self.password}:{self.session_seed}"
        return salted_hmac("serai.kernel.access.session", own, secret=secret, algorithm="sha256").hexdigest()


class Organisation(models.Model):
    """Who publishes, owns facts and has staff: a municipality, ministry, union, NGO or network.

    from_pack: the pack that brought it and the values it brought last, so that an update keeps what the house changed.
    """

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
    from_pack = models.JSONField(default=dict, editable=False)

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


class OneTimeLink(models.Model):
    """A link by which a member of staff sets a password, once. Only a digest of it is kept; one lives at a time."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"link for {self.user_id}"


class SecondFactorReset(models.Model):
    """That a second factor was taken away, by whom, and how it was made sure that the right person asked for it."""

    class Checked(models.TextChoices):
        """How the person was recognised."""

        IN_PERSON = "in_person", _("I met the person")
        VIDEO = "video", _("I saw the person in a video call")
        PHONE = "phone", _("I called the person on a number I already knew")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    checked = models.CharField(max_length=10, choices=Checked)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class IdentityProvider(models.Model):
    """An organisation's own sign-in (OpenID Connect) for its staff.

    domains: mail domains it may speak for. second_factor_acr and second_factor_amr: values of the claims `acr` and
    `amr` that prove a second factor; empty when it enforces none, and the house then asks for its own.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    issuer = models.URLField(max_length=500)
    client_id = models.CharField(max_length=190)
    sealed_secret = models.TextField(blank=True, editable=False)
    domains = models.JSONField(default=list)
    second_factor_acr = models.JSONField(default=list)
    second_factor_amr = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.issuer
