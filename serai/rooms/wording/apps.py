"""App configuration of wording."""

from django.apps import AppConfig


class WordingConfig(AppConfig):
    """The words of the interface, corrected on the desk by those who speak them."""

    name = "serai.rooms.wording"
    label = "wording"
    default_auto_field = "django.db.models.BigAutoField"
