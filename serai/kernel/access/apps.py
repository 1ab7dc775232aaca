"""App configuration of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Organisations, members of staff, what each may do, and how they sign in."""

    name = "serai.kernel.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stamps sessions with the moment of signing in."""
        from .sessions import connect

        connect()
