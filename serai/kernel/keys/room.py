"""Manifest of the key store."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Manifest

MANIFEST = Manifest(label="keys", title=_("Key store"))
