"""App configuration of the shell: what every page of the house is made of."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Base page, components, tags, hosts, published files."""

    name = "serai.engine.shell"
    label = "shell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Pages that show what changed are taken away on commit."""
        from .published.following import connect

        connect()
