"""Addresses of the desk about packs."""

from django.urls import path

from . import views

app_name = "packs"
urlpatterns = [path("", views.installed, name="installed")]
