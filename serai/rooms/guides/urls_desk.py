"""Addresses of guides on the desk."""

from django.urls import path

from .exchange import desk_urls as exchange
from .views import desk, desk_alerts, desk_urgent, public

app_name = "guides"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("drafts/", desk.drafts, name="drafts"),
    path("approvals/", desk.approvals, name="approvals"),
    path("approvals/<int:pk>/", desk.approval, name="approval"),
    path("alerts/", desk_alerts.alert_list, name="alert_list"),
    path("alerts/new/", desk_alerts.alert_new, name="alert_new"),
    path("alerts/<int:pk>/decide/", desk_alerts.alert_decide, name="alert_decide"),
    path("alerts/<int:pk>/end/", desk_alerts.alert_end, name="alert_end"),
    path("urgent/", desk_urgent.urgent, name="urgent"),
    path("urgent/alert/", desk_urgent.urgent_alert, name="urgent_alert"),
    path("urgent/guide/<int:pk>/", desk_urgent.urgent_guide, name="urgent_guide"),
    path("urgent/<int:pk>/review/", desk_urgent.act_review, name="act_review"),
    path("urgent/<int:pk>/end/", desk_urgent.act_end, name="act_end"),
    path("changes/", public.changes_for_desk, name="changes"),
    *exchange.urlpatterns,
    path("<int:pk>/", desk.history, name="history"),
    path("<int:pk>/submit/", desk.submit, name="submit"),
    path("<int:pk>/take-down/", desk.take_down, name="take_down"),
    path("<int:pk>/translate/", desk.translate, name="translate"),
]
