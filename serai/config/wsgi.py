"""The door for the application server: static files and media, then published pages, then Django."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

from django.conf import settings  # noqa: E402

from serai.engine.shell.headers import public_headers  # noqa: E402
from serai.engine.shell.published.assets import Assets, Shelf  # noqa: E402
from serai.engine.shell.published.generation import folder  # noqa: E402
from serai.engine.shell.published.layer import Application, PublishedPages  # noqa: E402


def _build() -> Assets:
    inner: Application = django
    if settings.SERAI_PUBLISH:
        inner = PublishedPages(
            django,
            pages=folder().pages,
            host=settings.SERAI_PUBLIC_HOST,
            headers=public_headers(),
            languages=settings.SERAI_LANGUAGES,
        )
    shelves = [Shelf(settings.MEDIA_URL, settings.MEDIA_ROOT, uploaded=True)]
    if not settings.DEBUG:  # in development static files come straight from their folders
        shelves.append(Shelf(settings.STATIC_URL, settings.STATIC_ROOT, uploaded=False))
    hosts = frozenset({settings.SERAI_PUBLIC_HOST, settings.SERAI_DESK_HOST})
    return Assets(inner, shelves=shelves, hosts=hosts)


application = _build()
