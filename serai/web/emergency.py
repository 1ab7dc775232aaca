"""Emergency numbers of each country: the house's own countries first, all others on the same page.

One page holds them all, so that a phone that opened it once has every number without a network. It works from the
package named in lib/phone.py; a house adds nothing here. What only people of a place know (which number is the
ambulance, where nobody answers at night) stands in its guides of the topic `danger`, to which it links.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from serai.kernel.access.viewer import NOBODY, Viewer
from serai.kernel.places.actions import place_touch
from serai.kernel.places.models import Place
from serai.kernel.register.ports import TopicCard
from serai.lib.fold import fold
from serai.lib.locales import babel_locale
from serai.lib.phone import emergency_countries, emergency_numbers, numbers_source

from . import queries
from .views import alternates, kept, midnight

GUIDES = "danger"
"""Key of the topic whose guides speak of emergencies; the same in every house (packs/topics)."""


@dataclass(frozen=True)
class Country:
    """A country with what is dialled there in an emergency. name is in the language that is speaking."""

    code: str
    name: str
    numbers: tuple[str, ...]


@require_safe
def emergency(request: HttpRequest, lang: str) -> HttpResponse:
    """The countries of the house stand first; with ?country=KE (a guide or a poster leads here) that one does."""
    every = countries(get_language() or "en")
    asked = request.GET.get("country", "").upper()
    places = countries_of_house(viewer=NOBODY)
    first = [country for country in every if country.code == asked] or [
        country for country in every if country.code in places
    ]
    context = {
        "first": first,
        "others": [country for country in every if country not in first],
        "guides": guides(lang, viewer=NOBODY),
        "unknown": bool(asked) and not any(country.code == asked for country in every),
        "source": numbers_source(),
        **alternates("emergency"),
    }
    keys = ["stages", f"topic:{GUIDES}", *(place_touch(key) for key in places.values())]
    return kept(render(request, "web/emergency.html", context), keys, midnight())


def countries(language: str) -> list[Country]:
    """All countries of which a number is known, by their names in a language."""
    names = babel_locale(language).territories
    english = babel_locale("en").territories
    found = [Country(code, names.get(code) or english[code], emergency_numbers(code)) for code in emergency_countries()]
    return sorted(found, key=lambda country: fold(country.name))


def guides(lang: str, *, viewer: Viewer) -> TopicCard | None:
    """Where the guides of the house about emergencies stand, when it has any."""
    offered = queries.stages_offered(language=lang, viewer=viewer)
    found = (topic for stage in offered for topic in stage.topics if topic.key == GUIDES and topic.count)
    return next(found, None)


def countries_of_house(*, viewer: Viewer) -> dict[str, str]:
    """The key of one place in each country that the house has places in, by ISO 3166-1 code. One query."""
    return dict(Place.objects.order_by("-key").values_list("country", "key"))
