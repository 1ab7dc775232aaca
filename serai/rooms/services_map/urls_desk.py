"""Addresses of the services map on the desk."""

from django.urls import path

from .views import days, desk, editing, places, tally, tally_report, upload

app_name = "services_map"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("closures/<int:pk>/review/", desk.closure_review, name="closure_review"),
    path("places/<uuid:pk>/", desk.sensitivity, name="sensitivity"),
    path("places/<uuid:pk>/where/", places.place, name="place"),
    path("upload/", upload.upload, name="upload"),
    path("tally/", tally.tally, name="tally"),
    path("tally/report/", tally_report.report, name="tally_report"),
    path("tally/report/file/", tally_report.file, name="tally_file"),
    path("tally/<uuid:pk>/", tally.point, name="tally_point"),
    path("tally/<uuid:pk>/undo/", tally.undo, name="tally_undo"),
    path("tally/<uuid:pk>/sheet/", tally.sheet, name="tally_sheet"),
    path("tally/<uuid:pk>/paper/", tally.paper, name="tally_paper"),
    path("<uuid:pk>/", desk.desk_service, name="desk_service"),
    path("<uuid:pk>/close/", desk.close, name="close"),
    path("<uuid:pk>/edit/", editing.edit, name="edit"),
    path("<uuid:pk>/hours/", editing.hours, name="hours"),
    path("<uuid:pk>/days/", days.days, name="days"),
    path("<uuid:pk>/days/<int:change>/remove/", days.days_remove, name="days_remove"),
    path("<uuid:pk>/another/", editing.another, name="another"),
]
