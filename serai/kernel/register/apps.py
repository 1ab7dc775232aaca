"""The register has no tables: it only knows who is in the house."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Opens the house when every part is loaded: stands last in INSTALLED_APPS for that reason."""

    name = "serai.kernel.register"
    label = "register"

    def ready(self) -> None:
        """Lets all parts offer to the ports."""
        from .house import open_house

        open_house()
