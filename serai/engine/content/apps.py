"""App configuration of content."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """What rooms with texts share: blocks, pictures, translation state, approval, search."""

    name = "serai.engine.content"
    label = "content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connects the one adapter between Wagtail's log and our ledger."""
        from . import adapter

        adapter.connect()
