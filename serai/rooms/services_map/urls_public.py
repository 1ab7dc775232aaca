"""Public addresses of the services map."""

from django.urls import path

from .views import api, consulates, public

app_name = "services_map"
urlpatterns = [
    path("<lang:lang>/near/", public.near, name="near"),
    path("<lang:lang>/services/", public.kinds, name="kinds"),
    path("<lang:lang>/services/<uuid:pk>/", public.service, name="service"),
    path("<lang:lang>/consulates/", consulates.consulates, name="consulates"),
    path("<lang:lang>/consulates/card/", consulates.card, name="consulate_card"),
    path("api/hsds/", api.base, name="api"),
    path("api/hsds/openapi.json", api.described, name="api_document"),
    # The standard writes its paths without a slash at their end; both ways are answered.
    path("api/hsds/<slug:table>", api.listed, name="api_list"),
    path("api/hsds/<slug:table>/", api.listed, name="api_list"),
    path("api/hsds/<slug:table>/<str:key>", api.row, name="api_row"),
    path("api/hsds/<slug:table>/<str:key>/", api.row, name="api_row"),
]
