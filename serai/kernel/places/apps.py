"""App configuration of places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Countries, regions, cities, camps and border points that content is about."""

    name = "serai.kernel.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
