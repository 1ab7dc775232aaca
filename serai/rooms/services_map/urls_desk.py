"""Addresses of the services map on the desk."""

from django.urls import path

from .views import desk

app_name = "services_map"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("closures/<int:pk>/review/", desk.closure_review, name="closure_review"),
    path("places/<uuid:pk>/", desk.sensitivity, name="sensitivity"),
    path("<uuid:pk>/", desk.desk_service, name="desk_service"),
    path("<uuid:pk>/close/", desk.close, name="close"),
]
