"""Public addresses of guides."""

from django.urls import path

from .views import public, small

app_name = "guides"
urlpatterns = [
    path("<lang:lang>/guide/<str:publisher>/", public.publisher, name="publisher"),
    path("<lang:lang>/guide/<path:path>/", public.guide, name="guide"),
    path("<lang:lang>/topics/<slug:key>/", public.topic, name="topic"),
    path("<lang:lang>/alerts/", public.alerts, name="alerts"),
    path("<lang:lang>/changes/", public.changes, name="changes"),
    path("<lang:lang>/share/<uuid:key>/", small.share, name="share"),
    path("<lang:lang>/poster/<uuid:key>/", small.poster, name="poster"),
    path("<lang:lang>/useful/", small.useful, name="useful"),
]
