"""Addresses of the desk about accounts, organisations and who may what."""

from django.urls import path

from . import views, views_me, views_organisations, views_sign_in

app_name = "access"
urlpatterns = [
    path("staff/", views.staff, name="staff"),
    path("staff/review/", views.review, name="review"),
    path("staff/invite/", views.invite, name="invite"),
    path("staff/permissions/", views_organisations.permissions, name="permissions"),
    path("staff/organisations/", views_organisations.organisations, name="organisations"),
    path("staff/organisations/new/", views_organisations.new_organisation, name="new_organisation"),
    path("staff/organisations/<uuid:organisation_id>/", views_organisations.organisation, name="organisation"),
    path("staff/organisations/<uuid:organisation_id>/sign-in/", views_organisations.sign_in, name="sign_in"),
    path("staff/me/", views_me.me, name="me"),
    path("staff/me/password/", views_me.password, name="password"),
    path("staff/me/out-everywhere/", views_me.everywhere, name="everywhere"),
    path("staff/<uuid:user_id>/", views.person, name="person"),
    path("staff/<uuid:user_id>/grant/", views.grant, name="grant"),
    path("staff/<uuid:user_id>/revoke/<int:membership_id>/", views.revoke, name="revoke"),
    path("staff/<uuid:user_id>/link/", views.link, name="link"),
    path("staff/<uuid:user_id>/close/", views.deactivate, name="deactivate"),
    path("staff/<uuid:user_id>/open/", views.reactivate, name="reactivate"),
    path("staff/<uuid:user_id>/reset/", views.reset, name="reset"),
    path("welcome/", views_me.welcome, name="welcome"),
    path("welcome/<str:token>/", views_me.welcome_link, name="welcome_link"),
    path("editor/login/", views_sign_in.to_sign_in, name="editor_login"),
    path("editor/logout/", views_sign_in.SignOut.as_view(), name="editor_logout"),
]
