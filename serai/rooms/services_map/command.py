"""`serai near --place NAME|LAT,LON --need KEY --lang xx --json`"""

from __future__ import annotations

import json
from datetime import datetime

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.kernel.access.viewer import NOBODY
from serai.kernel.languages.registry import UnknownLanguage, language
from serai.kernel.places.towns import Somewhere

from .needs import needs
from .queries.lines import Line
from .queries.near import MOST, Near, Wanted, services_near
from .somewhere import somewhere
from .words import state_words


@click.command()
@click.option("--place", required=True, help="A town, or latitude and longitude: 31.95,35.93.")
@click.option("--need", default="", help="What is looked for: doctor, shelter, food ... Left out: anything.")
@click.option("--lang", default="", help="Language of the answer. Left out: the house's own.")
@click.option("--speaks", default="", help="Only where this language is spoken.")
@click.option("--for", "audience", type=click.Choice(["women", "children"]), default=None, help="Only for these.")
@click.option("--open", "open_now", is_flag=True, help="Only what is open for certain.")
@click.option("--no-papers", is_flag=True, help="Only where no papers are asked for.")
@click.option("--step-free", is_flag=True, help="Only where a wheelchair gets in.")
@click.option("--free", is_flag=True, help="Only what costs nothing.")
@click.option("--at", default="", help="A moment such as 2026-11-22T20:00+03:00. Left out: now.")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def near(
    place: str, need: str, lang: str, speaks: str, audience: str | None, open_now: bool, no_papers: bool,
    step_free: bool, free: bool, at: str, limit: int, as_json: bool,
) -> None:  # fmt: skip
    """Services near a place, the nearest first, then those that are reached by phone only."""
    if need and need not in needs():
        sentence = _("There is no need “%(key)s”. There are: %(keys)s.")
        raise click.BadParameter(sentence % {"key": need, "keys": ", ".join(needs())}, param_hint="--need")
    tag = _tag(lang or settings.SERAI_LANGUAGES[0], "--lang")
    wanted = Wanted(
        need=need, language=_tag(speaks, "--speaks") if speaks else "", audience=audience or "", open_now=open_now,
        no_papers=no_papers, step_free=step_free, free=free,
    )  # fmt: skip
    here, others = _meant(place, tag)
    found = services_near(viewer=NOBODY, point=here.point, wanted=wanted, tag=tag, at=_moment(at), limit=limit)
    if as_json:
        click.echo(json.dumps(_answer(here, others, wanted, tag, found), ensure_ascii=False, indent=2))
    else:
        with override(tag.lower()):
            _tell(here, found)


def _meant(place: str, tag: str) -> tuple[Somewhere, list[Somewhere]]:
    found = somewhere(place, tag)
    if not found.places:
        raise click.BadParameter(str(found.says), param_hint="--place")
    return found.places[0], found.places[1:]


def _answer(here: Somewhere, others: list[Somewhere], wanted: Wanted, tag: str, found: Near) -> dict:
    return {
        "place": _place(here),
        "other_places": [_place(other) for other in others],
        "need": wanted.need,
        "language": tag,
        "count": len(found.places) + len(found.by_contact),
        "results": [line.as_json() for line in found.places],
        "by_contact": [line.as_json() for line in found.by_contact],
        "more_by_contact": found.more_by_contact,
    }


def _place(place: Somewhere) -> dict:
    return {"name": place.name, "country": place.country, "latitude": place.point.lat, "longitude": place.point.lon}


def _tell(here: Somewhere, found: Near) -> None:
    for line in found.places:
        click.echo(_told(line))
    if found.by_contact:
        click.echo(_("By phone or message only; where they are is not said:"))
        for line in found.by_contact:
            click.echo(_told(line))
    if not found.places and not found.by_contact:
        click.echo(_("Nothing was found near %(place)s.") % {"place": here.name})


def _told(line: Line) -> str:
    far = _("about %(metres)d m") % {"metres": line.metres} if line.metres is not None else ""
    return "  ".join(part for part in (line.name.text, far, state_words(line.state), line.phone) if part)


def _tag(tag: str, hint: str) -> str:
    try:
        return language(tag).tag
    except UnknownLanguage:
        sentence = _("The house does not know the language “%(tag)s”.") % {"tag": tag}
        raise click.BadParameter(sentence, param_hint=hint) from None


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(_("Write it as 2026-11-22T20:00+03:00."), param_hint="--at") from None
    return moment if moment.tzinfo else timezone.make_aware(moment)
