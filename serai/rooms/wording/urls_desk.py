"""Addresses of the words of the interface on the desk."""

from django.urls import path

from . import views

app_name = "wording"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("corrections/<uuid:pk>/decide/", views.decide, name="decide"),
    path("corrections/<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("corrections/<uuid:pk>/end/", views.end, name="end"),
    path("<str:tag>/", views.sentences, name="sentences"),
    path("<str:tag>/changes/", views.changes, name="changes"),
    path("<str:tag>/<slug:number>/", views.sentence, name="sentence"),
]
