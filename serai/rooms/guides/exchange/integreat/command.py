"""`serai import integreat FILE...`"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext as _

from serai.kernel.access.models import Organisation
from serai.kernel.languages.registry import UnknownLanguage, language

from ...models import Topic
from .joining import join
from .messages import MEGABYTE
from .reading import read_files
from .rows import Problem, RawPage, Report
from .writing import import_region

SHOWN = 40
"""Problems that are told on a terminal; --json tells all."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--publisher", default="", help="Key of the organisation that publishes. Left out: one of the region's name."
)
@click.option("--topic", default="", help="Key of the topic of new guides.")
@click.option(
    "--original", default="", help="Language the others were translated from. Left out: German, if it is there."
)
@click.option("--theirs", is_flag=True, help="Replace pages that this house has changed since the last import.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--max-megabytes", type=click.IntRange(1, 2000), default=64, show_default=True, help="Largest file.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def integreat(
    files: tuple[Path, ...],
    publisher: str,
    topic: str,
    original: str,
    theirs: bool,
    dry_run: bool,
    max_megabytes: int,
    as_json: bool,
) -> None:
    """Import a whole region's pages from Integreat's public JSON, one FILE for each language.

    All or nothing. The same files again change nothing. Exit 0 done, 1 refused with a report, 2 wrong use.
    """
    organisation = _named(Organisation, publisher, "--publisher")
    chosen = _named(Topic, topic, "--topic")
    first = _tag(original)
    pages, report = read(files, max_megabytes * MEGABYTE, quiet=as_json)
    if not report.is_refused:
        joined = join(pages, first)
        report.add(joined.problems)
        with _bar(len(pages), _("Writing"), quiet=as_json) as bar:
            import_region(
                joined,
                report,
                by=None,
                publisher=organisation,
                topic=chosen,
                theirs=theirs,
                dry_run=dry_run,
                progress=bar.update,
            )
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else told(report))
    if report.is_refused:
        sys.exit(1)


def read(files: Sequence[Path], limit: int, *, quiet: bool) -> tuple[list[RawPage], Report]:
    """The pages of one region, and a report that says what is wrong so far."""
    size = sum(path.stat().st_size for path in files if path.is_file())
    with _bar(size, _("Reading"), quiet=quiet) as bar:
        pages, problems = read_files(files, limit=limit, progress=bar.update)
    report = Report(problems=problems)
    regions = Counter(page.region for page in pages)
    if len(regions) > 1:
        says = _("The files hold pages of several regions: %(names)s.") % {"names": ", ".join(sorted(regions))}
        report.add([Problem("", "", "", "several-regions", says, _("Import one region at a time."), True)])
    elif not pages and not report.is_refused:
        says = _("There is no page that could be imported.")
        report.add([Problem("", "", "", "no-pages", says, _("See the other lines of this report."), True)])
    report.region = next(iter(regions), "")
    report.pages = dict(sorted(Counter(page.language for page in pages).items()))
    for tag in report.pages:
        if tag not in settings.SERAI_LANGUAGES:
            says = _("The house does not offer %(language)s on its first page.") % {"language": language(tag).english}
            cure = _("Add %(tag)s to SERAI_LANGUAGES so that people can choose it.") % {"tag": tag}
            report.add([Problem("", "", "", "language-not-offered", says, cure)])
    return pages, report


def told(report: Report) -> str:
    """The report for a terminal."""
    lines = [
        f"{problem.file} {problem.path}: {problem.says} {problem.cure}".strip() for problem in report.problems[:SHOWN]
    ]
    more = len(report.problems) - SHOWN
    if more > 0:
        lines.append(_("... and %(count)d more lines; --json tells all.") % {"count": more})
    if report.dropped:
        names = ", ".join(f"{name} {count}" for name, count in sorted(report.dropped.items()))
        lines.append(_("Left out: %(names)s") % {"names": names})
    if report.is_refused:
        return "\n".join([*lines, _("Nothing was imported.")])
    sentence = _(
        "%(region)s: %(created)d pages created, %(updated)d updated, %(unchanged)d unchanged, "
        "%(kept)d kept as they are here, %(gone)d no longer in the files."
    )
    values: dict[str, Any] = {**report.__dict__, "gone": report.removed_upstream}
    ending = [_("This was a rehearsal: nothing was changed.")] if report.dry_run else []
    return "\n".join([*lines, sentence % values, *ending])


def _bar(length: int, label: str, *, quiet: bool) -> Any:
    """A progress bar on a terminal; on standard error, so that the report stays alone."""
    hidden = quiet or not sys.stderr.isatty()
    return click.progressbar(length=max(length, 1), label=label, file=sys.stderr, hidden=hidden)


def _named(model: Any, key: str, option: str) -> Any:
    if not key:
        return None
    found = model.objects.filter(key=key).first()
    if found is None:
        raise click.BadParameter(_("There is none with the key “%(key)s”.") % {"key": key}, param_hint=option)
    return found


def _tag(original: str) -> str:
    if not original:
        return ""
    try:
        return language(original).tag
    except UnknownLanguage:
        sentence = _("The house does not know the language “%(tag)s”.") % {"tag": original}
        raise click.BadParameter(sentence, param_hint="--original") from None
