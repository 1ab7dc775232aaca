"""Manifest of places."""

from django.utils.translation import gettext_lazy as _

from serai.kernel.register.manifest import Event, Manifest

TOWNS_SECONDS = 24 * 60 * 60.0


def _offers() -> None:
    from serai.kernel.register.ports import PACK_EXPORTS, PACK_PARTS, PACK_WORDS, SWEEPS

    from .pack_places import TABLE, PlacesPart, export_places
    from .towns import make_towns

    PACK_PARTS.offer("places", PlacesPart())
    PACK_WORDS.offer("places", TABLE.words_needed)
    PACK_EXPORTS.offer("places", export_places)
    SWEEPS.offer("places.towns", (TOWNS_SECONDS, make_towns))


MANIFEST = Manifest(
    label="places",
    title=_("Places"),
    events=(Event("places.place_added", "content"), Event("places.place_changed", "content")),
    offers=_offers,
)
