"""App configuration of yours."""

from django.apps import AppConfig


class YoursConfig(AppConfig):
    """A page of one's own, behind a card and a PIN."""

    name = "serai.rooms.yours"
    label = "yours"
