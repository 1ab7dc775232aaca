"""`serai import hsds PATH`, `serai import geojson FILE`, `serai export hsds DIR`"""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext as _

from serai.kernel.access.models import Organisation
from serai.kernel.languages.registry import UnknownLanguage, language
from serai.lib.hsds.problems import Problem as Found
from serai.lib.tables import Table

from ..models import Sensitivity
from .columns import AS_SAID
from .importing import NoRoom, import_tables
from .reading import read_directory, read_mapped
from .report import Problem, Report

SHOWN = 40
SHOWN_ALIKE = 3  # of lines that say the same: a thousand of them would hide the others
PLACES = click.Choice([*Sensitivity.values, AS_SAID])


def shared_options(command: Any) -> Any:
    """What all imports of a directory may be told."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Answer as JSON."),
        click.option(
            "--max-megabytes", type=click.IntRange(1, 2000), default=64, show_default=True, help="Largest file."
        ),
        click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing."),
        click.option("--theirs", is_flag=True, help="Replace what this house has changed since the last import."),
        click.option(
            "--places", type=PLACES, default=None,
            help="How exactly new places may be known. Left out: by phone or message only. as-said: as each row says.",
        ),
        click.option("--publisher", default="", help="Key of the organisation that answers for it."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--lang", default="", help="Language of the texts. Left out: the house's own.")
@shared_options
def hsds(
    path: Path,
    lang: str,
    publisher: str,
    places: str | None,
    theirs: bool,
    dry_run: bool,
    max_megabytes: int,
    as_json: bool,
) -> None:
    """Import a directory of services in HSDS 3: a folder or ZIP of CSV files, or one JSON file.

    All or nothing. The same files again change nothing. Exit 0 done, 1 refused with a report, 2 wrong use.
    """
    owner, tag = organisation_of(publisher), tag_of(lang)
    how: dict[str, Any] = {"publisher": owner, "tag": tag, "places": places or "", "theirs": theirs, "dry_run": dry_run}
    with _undisturbed():
        report = _imported(*read_directory(path, max_megabytes), **how)
    finish(report, as_json)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--mapping", required=True, type=click.Path(path_type=Path), help="What each property means (YAML).")
@click.option("--file", "others", multiple=True, metavar="TAG=FILE", help="The same in another language.")
@shared_options
def geojson(
    path: Path,
    mapping: Path,
    others: tuple[str, ...],
    publisher: str,
    places: str | None,
    theirs: bool,
    dry_run: bool,
    max_megabytes: int,
    as_json: bool,
) -> None:
    """Import a GeoJSON or CSV file of services through a mapping file (docs/formats.md).

    All or nothing. The same files again change nothing. Exit 0 done, 1 refused with a report, 2 wrong use.
    """
    owner = organisation_of(publisher)
    if wrong := [other for other in others if "=" not in other]:
        raise click.BadParameter(f"{wrong[0]} (TAG=FILE)", param_hint="--file")
    files = {tag_of(tag, "--file"): Path(name) for tag, _sign, name in (other.partition("=") for other in others)}
    with _undisturbed():
        found = read_mapped(path, mapping, files, max_megabytes)
        report = _imported(
            found.tables, found.problems, publisher=owner, tag=tag_of(found.language), places=places or "",
            theirs=theirs, dry_run=dry_run,
        )  # fmt: skip
    report.note(found.notes)
    finish(report, as_json)


def _imported(tables: Mapping[str, Table], problems: list[Found], **how: Any) -> Report:
    try:
        return import_tables(tables, problems, by=None, **how)
    except NoRoom as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Looking through millions of cells that stay to the end for garbage costs a tenth of all."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def finish(report: Report, as_json: bool) -> None:
    """Tells the report and ends with 1 when nothing was imported."""
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else told(report))
    if report.is_refused:
        sys.exit(1)


def told(report: Report) -> str:
    """The report for a terminal."""
    seen: Counter[tuple[str, ...]] = Counter()
    shown = []
    for problem in sorted(report.problems, key=lambda problem: not problem.refuses):
        seen[_alike(problem)] += 1
        if seen[_alike(problem)] <= SHOWN_ALIKE:
            shown.append(problem)
    shown = shown[:SHOWN]
    lines = [_line(problem) for problem in shown]
    more = len(report.problems) - len(shown)
    if more > 0:
        lines.append(_("... and %(count)d more lines; --json tells all.") % {"count": more})
    if report.is_refused:
        return "\n".join([*lines, _("Nothing was imported.")])
    sentence = _(
        "%(created)d rows created, %(updated)d updated, %(unchanged)d unchanged, %(kept)d kept as they are here."
    )
    counts = {what: report.total(what) for what in ("created", "updated", "unchanged", "kept")}
    ending = [_("%(count)d services were checked so long ago that nobody will find them.") % {"count": report.expired}]
    ending = ending if report.expired else []
    ending += [_("This was a rehearsal: nothing was changed.")] if report.dry_run else []
    return "\n".join([*lines, sentence % counts, *ending])


def _alike(problem: Problem) -> tuple[str, ...]:
    """What lines may have in common: a word that a mapping lacks, a remark. What a row has wrong is its own."""
    if problem.code in {"code-unknown", "hours-word"}:
        return problem.code, problem.field, problem.value
    return (problem.code, str(id(problem))) if problem.refuses else (problem.code,)


def _line(problem: Problem) -> str:
    """Where, what is wrong, what helps."""
    where = (problem.path or problem.table, str(problem.row or ""), problem.field)
    return f"{' '.join(part for part in where if part)}: {problem.says} {problem.cure}"


def organisation_of(key: str) -> Organisation | None:
    """The organisation of a key; None for no key. Wrong use where there is none."""
    if not key:
        return None
    found = Organisation.objects.filter(key=key).first()
    if found is None:
        raise click.BadParameter(_("There is none with the key “%(key)s”.") % {"key": key}, param_hint="--publisher")
    return found


def tag_of(lang: str, hint: str = "--lang") -> str:
    """The tag of a language, or the house's own for none. Wrong use for one that nobody knows."""
    try:
        return language(lang or settings.SERAI_LANGUAGES[0]).tag
    except UnknownLanguage:
        sentence = _("The house does not know the language “%(tag)s”.") % {"tag": lang}
        raise click.BadParameter(sentence, param_hint=hint) from None
