"""App configuration of the services map."""

from django.apps import AppConfig


class ServicesMapConfig(AppConfig):
    """Help near a person: who offers what, where, when it is open, and what is asked there."""

    name = "serai.rooms.services_map"
    label = "services_map"
    default_auto_field = "django.db.models.BigAutoField"
