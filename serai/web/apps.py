"""App configuration of web."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What joins all rooms on a screen: the first page, the home, search, the desk's first page."""

    name = "serai.web"
    label = "web"
