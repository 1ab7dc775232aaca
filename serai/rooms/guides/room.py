"""Manifest of guides."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Manifest


def _offers() -> None:
    from serai.engine.content.adapter import SETTLED, TOUCHES
    from serai.kernel.register.ports import MEMBERSHIPS

    from . import actions
    from .actions.settling import settle_entry, touches_of

    SETTLED.offer("guides", settle_entry)
    TOUCHES.offer("guides", touches_of)
    MEMBERSHIPS.offer("guides", actions.sync_member)


MANIFEST = Manifest(label="guides", title=_("Guides"), offers=_offers)
