"""Manifest of yours."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Manifest, anyone

MANIFEST = Manifest(
    label="yours",
    title=_("Yours alone"),
    permissions=anyone(
        "yours:start", "yours:new", "yours:open", "yours:page", "yours:close", "yours:recover", "yours:renew",
        "yours:delete",
        why=_("Only card and PIN open it; staff have no way in."),
    ),
)  # fmt: skip
