"""Manifest of guides."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Manifest

MANIFEST = Manifest(label="guides", title=_("Guides"))
