"""The desk's first page and what joins the rooms there."""

from django.urls import path

from . import views_desk

app_name = "web"
urlpatterns = [
    path("", views_desk.first, name="first"),
    path("to-check/", views_desk.to_check, name="to_check"),
    path("to-check/<uuid:pk>/still-true/", views_desk.still_true, name="still_true"),
    path("to-check/<uuid:pk>/take-back/", views_desk.take_back, name="take_back"),
]
