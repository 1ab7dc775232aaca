"""Addresses of the public host. Every one has a permission row; language prefixes are ours (kernel/languages)."""

from django.urls import include, path, register_converter

from serai.kernel.languages.converters import LanguageTag

register_converter(LanguageTag, "lang")

urlpatterns = [
    path("", include("serai.web.urls_public")),
    path("", include("serai.engine.shell.urls_public")),
    path("", include("serai.rooms.guides.urls_public")),
    path("", include("serai.rooms.services_map.urls_public")),
    path("", include("serai.rooms.yours.urls_public")),
]

handler404 = "serai.engine.shell.errors.not_found"
handler403 = "serai.engine.shell.errors.forbidden"
handler500 = "serai.engine.shell.errors.broken"
