"""App configuration of facts."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """Who says it, when it was checked, until when it holds."""

    name = "serai.kernel.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"
