"""A desk with nothing on it."""

urlpatterns: list = []
handler404 = "tests.running.pages.missing"
handler500 = "tests.running.pages.broken"
