"""App configuration of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Records what happened, once, in the action that did it."""

    name = "serai.kernel.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
