"""Public pages that join the rooms."""

from django.urls import path

from . import emergency, views

app_name = "web"
urlpatterns = [
    path("", views.languages, name="languages"),
    path("<lang:lang>/", views.home, name="home"),
    path("<lang:lang>/search/", views.search, name="search"),
    path("<lang:lang>/people/", views.people, name="people"),
    path("<lang:lang>/emergency/", emergency.emergency, name="emergency"),
    path("<lang:lang>/about/", views.about, name="about"),
    path("<lang:lang>/exit-help/", views.exit_help, name="exit_help"),
]
