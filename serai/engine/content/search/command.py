"""`serai search TEXT --lang xx`: what a person would find, on the command line."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from django.conf import settings
from django.utils.translation import gettext as _

from serai.kernel.languages.registry import UnknownLanguage
from serai.kernel.languages.registry import language as language_of
from serai.kernel.register.ports import SearchQuestion

from .finding import MOST, answer
from .index import reindex as reindex_all


@click.command()
@click.argument("text", nargs=-1)
@click.option("--lang", default="", help="Language of the pages, as BCP 47: en, ar, ti. The house's own if left out.")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True)
@click.option("--kind", default="", help="Only this kind: guide, service, alert.")
@click.option("--publisher", default="", help="Only of this publisher, by its name as results show it.")
@click.option("--topic", default="", help="Only of this subject, by its key.")
@click.option("--place", default="", help="Only for this place, by its name as results show it.")
@click.option("--reindex", is_flag=True, help="Build the index afresh first.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def search(text: tuple[str, ...], lang: str, limit: int, reindex: bool, as_json: bool, **filters: str) -> None:
    """Find what fits all words of TEXT. Exit 0 even when there is nothing; 2 for an unknown language."""
    try:
        tag = language_of(lang or settings.SERAI_LANGUAGES[0]).tag
    except UnknownLanguage:
        sentence = _("The house does not know the language “%(tag)s”. Use a tag such as en, ar or ti.")
        raise click.BadParameter(sentence % {"tag": lang}, param_hint="--lang") from None
    words = " ".join(text)
    if not words.strip() and not reindex:
        raise click.UsageError(_("Say what to search for, or use --reindex."))
    done = asdict(reindex_all()) if reindex else {}
    if words.strip():
        _tell(SearchQuestion(words, tag, limit, **filters), as_json)
    elif as_json:
        click.echo(json.dumps(done))
    else:
        click.echo(_("The index is built: %(written)d written, %(removed)d removed, %(unchanged)d unchanged.") % done)


def _tell(asked: SearchQuestion, as_json: bool) -> None:
    found = answer(asked)
    hits = found.hits
    if as_json:
        names = ("title", "summary", "url", "language", "publisher", "key", "kind")
        results = [{name: getattr(hit, name) for name in names} for hit in hits]
        told = {
            "query": asked.words,
            "language": asked.language,
            "count": len(results),
            "kinds": dict(found.kinds),
            **{name: getattr(found, name) for name in ("more", "publishers", "topics", "places")},
        }
        click.echo(json.dumps({**told, "results": results}, ensure_ascii=False, indent=2))
        return
    if not hits:
        click.echo(_("Nothing was found. Try fewer or other words."))
    for hit in hits:
        click.echo(f"{hit.title}  [{hit.language}]  {hit.url}")
        if hit.summary:
            click.echo(f"    {hit.summary}")
