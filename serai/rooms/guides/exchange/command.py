"""`serai guides ...`: the exchange on the command line, for whoever runs the house."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from serai.kernel.access.models import Organisation, User
from serai.kernel.access.viewer import viewer_for
from serai.kernel.languages.registry import UnknownLanguage, language
from serai.lib.atomic import FileRefused, read_bounded, write_atomically

from . import actions
from .spreadsheet.plan import Plan, plan_of
from .spreadsheet.standing import exported
from .spreadsheet.workbook import MAX_BYTES, CellTooLong, RowProblem, read_workbook, write_workbook


@click.group()
def guides() -> None:
    """Guides out of the house and back into it."""


@guides.command("export-xlsx")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--publisher", required=True, help="Key of the organisation whose guides are taken out.")
@click.option("--lang", "tags", multiple=True, required=True, help="A language, as BCP 47; may be said several times.")
def export_xlsx(file: Path, publisher: str, tags: tuple[str, ...]) -> None:
    """Write a publisher's guides into a workbook FILE that staff can edit."""
    organisation = Organisation.objects.filter(key=publisher).first()
    if organisation is None:
        sentence = _("There is none with the key “%(key)s”.") % {"key": publisher}
        raise click.BadParameter(sentence, param_hint="--publisher")
    found = exported(organisation, [_tag(tag) for tag in tags])
    try:
        write_atomically(file, write_workbook(found))
    except CellTooLong as error:
        click.echo(_("The text of %(guide)s is too long for a cell.") % {"guide": str(error)})
        sys.exit(1)
    except OSError as error:
        click.echo(_("The file cannot be written: %(why)s.") % {"why": error.strerror or str(error)})
        sys.exit(1)
    click.echo(_("%(count)d rows were written to %(file)s.") % {"count": len(found), "file": file})


@guides.command("import-xlsx")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", "email", required=True, help="E-mail address of the member of staff whose drafts these are.")
@click.option("--submit/--no-submit", default=True, help="Send the drafts to a second person.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def import_xlsx(file: Path, email: str, submit: bool, dry_run: bool, as_json: bool) -> None:
    """Make drafts of the rows of FILE that were changed: all, or none and a report by row."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise click.BadParameter(_("No member of staff has this address."), param_hint="--by")
    try:
        workbook = read_workbook(read_bounded(file, MAX_BYTES))
        plan = plan_of(workbook, viewer=viewer_for(user))
    except (OSError, FileRefused) as error:
        plan = Plan([], [RowProblem(0, "", "file-unreadable", str(error), _("Check the name and the size."))])
    made = False
    if plan.is_ready and not dry_run:
        plan = actions.import_workbook(by=user, workbook=workbook, submit=submit)
        made = True
    click.echo(json.dumps(_report(plan, made), ensure_ascii=False, indent=2) if as_json else _told(plan, made))
    if plan.problems:
        sys.exit(1)


def _report(plan: Plan, made: bool) -> dict[str, object]:
    return {
        "done": made,
        "drafts": len(plan.changes) if not plan.problems else 0,
        "unchanged": sum(row.state == "same" for row in plan.rows),
        "changes": [
            {"row": row.number, "key": row.key, "language": row.language, "state": row.state} for row in plan.changes
        ],
        "problems": [problem.as_row() for problem in plan.problems],
    }


def _told(plan: Plan, made: bool) -> str:
    lines = [f"{problem.row} {problem.column}: {problem.says} {problem.cure}" for problem in plan.problems]
    if plan.problems:
        return "\n".join([*lines, _("Nothing was imported.")])
    sentence = _("%(count)d drafts were made.") if made else _("%(count)d rows would become drafts.")
    return sentence % {"count": len(plan.changes)}


def _tag(tag: str) -> str:
    try:
        return language(tag).tag
    except UnknownLanguage:
        sentence = _("The house does not know the language “%(tag)s”.") % {"tag": tag}
        raise click.BadParameter(sentence, param_hint="--lang") from None
