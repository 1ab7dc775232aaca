"""App configuration of guides."""

from django.apps import AppConfig


class GuidesConfig(AppConfig):
    """Guides that people can trust: who says so, when it was checked, in their language."""

    name = "serai.rooms.guides"
    label = "guides"
    default_auto_field = "django.db.models.BigAutoField"
