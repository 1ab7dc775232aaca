"""Addresses of the exchange on the desk, below /guides/."""

from django.urls import path

from . import views_spreadsheet, views_translations

urlpatterns = [
    path("spreadsheet/", views_spreadsheet.spreadsheet, name="spreadsheet"),
    path("spreadsheet/export/", views_spreadsheet.export, name="spreadsheet_export"),
    path("spreadsheet/<uuid:pk>/", views_spreadsheet.staged, name="staged"),
    path("spreadsheet/<uuid:pk>/import/", views_spreadsheet.staged_import, name="staged_import"),
    path("spreadsheet/<uuid:pk>/problems/", views_spreadsheet.staged_problems, name="staged_problems"),
    path("translations/", views_translations.translations, name="translations"),
    path("translations/import/", views_translations.xliff_import, name="xliff_import"),
    path("translations/<str:tag>/", views_translations.xliff_all, name="xliff_all"),
    path("<int:pk>/translations/<str:tag>/", views_translations.xliff, name="xliff"),
]
