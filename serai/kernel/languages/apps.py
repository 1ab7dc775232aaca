"""App configuration of languages."""

from django.apps import AppConfig


class LanguagesConfig(AppConfig):
    """Languages have no tables; words of the interface are catalogues, texts belong to their rooms."""

    name = "serai.kernel.languages"
    label = "languages"
