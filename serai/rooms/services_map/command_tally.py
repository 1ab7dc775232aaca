"""`serai report tally --publisher KEY --from DAY --to DAY --out FILE.xlsx|.pdf`"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.engine.shell.asked import interface_of
from serai.kernel.access.models import Organisation
from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.registry import UnknownLanguage, language
from serai.lib.atomic import write_atomically
from serai.lib.dates import parse_day

from .access import EDITOR
from .forms_tally import WRONG
from .queries.tally_report import tally_report
from .tally_periods import BadPeriod, Period, period
from .tally_sheets import finding, report_pdf, report_xlsx

MAKERS = {".xlsx": report_xlsx, ".pdf": report_pdf}


@click.command()
@click.option("--publisher", required=True, help="Key of the organisation whose points counted.")
@click.option("--from", "first", required=True, help="First day, as 2026-10-01: a Monday, or the first of a month.")
@click.option("--to", "last", required=True, help="Last day: a Sunday, or the last of a month.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="FILE.xlsx or FILE.pdf.")
@click.option("--lang", default="", help="Language of the report. Left out: the house's own.")
def tally(publisher: str, first: str, last: str, out: Path, lang: str) -> None:
    """Services given in whole weeks or months that are over: counts only, small numbers hidden, others rounded."""
    make = MAKERS.get(out.suffix.lower())
    if make is None:
        raise click.BadParameter(_("The name of the file ends in .xlsx or .pdf."), param_hint="--out")
    owner = Organisation.objects.filter(key=publisher).first()
    if owner is None:
        sentence = _("There is none with the key “%(key)s”.") % {"key": publisher}
        raise click.BadParameter(sentence, param_hint="--publisher")
    tag = _tag(lang or settings.SERAI_LANGUAGES[0])
    # Whoever may run commands on this machine answers for the whole house.
    viewer = Viewer(grants=frozenset({(EDITOR, str(owner.pk))}))
    report = tally_report(viewer=viewer, publisher=owner, period=_period(first, last), tag=tag)
    with override(interface_of(tag).tag.lower()):
        sentence = finding(report)
    try:
        write_atomically(out, make(report, tag, timezone.localdate()))
    except OSError as error:
        says = _("%(path)s cannot be written: %(why)s.") % {"path": out, "why": error.strerror}
        raise click.ClickException(says) from error
    click.echo(sentence)
    click.echo(_("%(path)s written.") % {"path": out})


def _period(first: str, last: str) -> Period:
    try:
        return period(_day(first, "--from"), _day(last, "--to"), timezone.localdate())
    except BadPeriod as error:
        raise click.BadParameter(str(WRONG[error.code]), param_hint="--from, --to") from None


def _day(text: str, hint: str) -> date:
    try:
        return parse_day(text)
    except ValueError:
        raise click.BadParameter(_("Write the day as 2026-10-01."), param_hint=hint) from None


def _tag(lang: str) -> str:
    try:
        return language(lang).tag
    except UnknownLanguage:
        sentence = _("The house does not know the language “%(tag)s”.") % {"tag": lang}
        raise click.BadParameter(sentence, param_hint="--lang") from None
