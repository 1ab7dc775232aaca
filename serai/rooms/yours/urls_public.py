"""Addresses of a person's own page. None says anything: what is open travels in the body of a form."""

from django.urls import path

from . import views, views_open

app_name = "yours"
urlpatterns = [
    path("<lang:lang>/yours/", views.start, name="start"),
    path("<lang:lang>/yours/new/", views.new, name="new"),
    path("<lang:lang>/yours/open/", views.open_page, name="open"),
    path("<lang:lang>/yours/recover/", views.recover_page, name="recover"),
    path("<lang:lang>/yours/page/", views_open.page, name="page"),
    path("<lang:lang>/yours/close/", views_open.close_page, name="close"),
    path("<lang:lang>/yours/renew/", views_open.renew_page, name="renew"),
    path("<lang:lang>/yours/delete/", views_open.delete_page, name="delete"),
]
