"""App configuration of packs."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Content as folders that organisations publish, sign, share and translate."""

    name = "serai.kernel.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"
