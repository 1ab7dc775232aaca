"""Manifest of the ledger."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Manifest

MANIFEST = Manifest(label="ledger", title=_("Ledger"))
