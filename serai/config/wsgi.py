"""The door for the application server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
