"""`serai export hsds DIR` and `serai export 4w FILE`"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.utils.translation import gettext as _

from serai.lib.atomic import is_full, write_atomically
from serai.lib.hsds.hxl import write_4w
from serai.lib.hsds.nested import to_nested, write_json
from serai.lib.hsds.tabular import write_folder, write_zip
from serai.lib.tables import Table

from ..models import Location, Sensitivity, Service
from .command import organisation_of
from .leaving import tables_of


@click.command(name="hsds")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--publisher", default="", help="Only what this organisation answers for.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def export_hsds(path: Path, publisher: str, as_json: bool) -> None:
    """Write all services in HSDS 3: a folder of CSV files, or a file if PATH ends in .zip or .json.

    Of a place that is not public no file says where it is.
    """
    tables = _tables(publisher)
    with _saying_why_not(path):
        _write(tables, path)
    counts = {name: len(table.rows) for name, table in tables.items()}
    if as_json:
        click.echo(json.dumps({"path": str(path), "tables": counts}))
    else:
        click.echo(_("%(count)d services written.") % {"count": counts.get("service", 0)})


@click.command(name="4w")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--publisher", default="", help="Only what this organisation answers for.")
def export_4w(path: Path, publisher: str) -> None:
    """Write who does what where and when (HXL, CSV), for organisations that plan together."""
    tables = _tables(publisher)
    public = Location.objects.filter(sensitivity=Sensitivity.PUBLIC).values_list("pk", flat=True)
    known = {str(pk) for pk in public.iterator()}
    with _saying_why_not(path):
        write_atomically(path, write_4w(tables, is_public=known.__contains__))
    click.echo(_("%(path)s written.") % {"path": path})


@contextmanager
def _saying_why_not(path: Path) -> Iterator[None]:
    """A full disk, a folder that nobody may write to: in words, and what to do."""
    try:
        yield
    except OSError as error:
        says = _("%(path)s cannot be written: %(why)s.") % {"path": path, "why": error.strerror}
        if is_full(error):
            says += " " + _("What stood there before is unchanged. Make room or choose another disk, and export again.")
        raise click.ClickException(says) from error


def _tables(publisher: str) -> dict[str, Table]:
    owner = organisation_of(publisher)
    return tables_of(Service.objects.filter(publisher=owner) if owner else Service.objects.all(), kept=True)


def _write(tables: dict[str, Table], path: Path) -> None:
    if path.suffix.lower() == ".zip":
        write_atomically(path, write_zip(tables))
    elif path.suffix.lower() == ".json":
        write_atomically(path, write_json(to_nested(tables)))
    else:
        is_new = not path.exists()
        path.mkdir(parents=True, exist_ok=True)
        try:
            write_folder(tables, path)
        except OSError:
            if is_new:
                path.rmdir()
            raise
