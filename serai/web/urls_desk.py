"""The desk first page and what joins the rooms there."""

from django.urls import URLPattern

app_name = "web"
urlpatterns: list[URLPattern] = []
