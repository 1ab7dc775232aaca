"""App configuration of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts that know nobody's name."""

    name = "serai.kernel.people"
    label = "people"
