"""Addresses of the desk: staff only, each with a permission row."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("", include("serai.web.urls_desk")),
    path("", include("serai.kernel.access.urls")),
    path("guides/", include("serai.rooms.guides.urls_desk")),
    path("services/", include("serai.rooms.services_map.urls_desk")),
    path("packs/", include("serai.kernel.packs.urls")),
    path("words/", include("serai.rooms.wording.urls_desk")),
    path("sign-in/", include("serai.kernel.access.urls_sign_in")),
    path("editor/", include(wagtailadmin_urls)),
]

handler404 = "serai.engine.shell.errors.not_found"
handler403 = "serai.engine.shell.errors.forbidden"
handler500 = "serai.engine.shell.errors.broken"
