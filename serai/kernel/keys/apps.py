"""App configuration of the key store."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Keys that never lie in the database."""

    name = "serai.kernel.keys"
    label = "keys"
