"""`serai import KIND FILE...`, `serai export KIND ...` and `serai report KIND ...`: rooms offer to three ports."""

from __future__ import annotations

import click

from serai.kernel.register.ports import EXPORTERS, IMPORTERS, REPORTS, Port


class Offered(click.Group):
    """Knows the kinds of files that parts of the house can read, or write."""

    port: Port[click.Command]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All kinds, in order."""
        return sorted(name for name, _ in self.port.items())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a kind, or None: click then says what there is and exits with 2."""
        return self.port.get(name)


class Importers(Offered):
    """What can be read."""

    port = IMPORTERS


class Exporters(Offered):
    """What can be written."""

    port = EXPORTERS


class Reports(Offered):
    """What can be reported."""

    port = REPORTS


@click.group(name="import", cls=Importers)
def import_group() -> None:
    """Bring content from elsewhere into the house: all of it, or nothing and a report."""


@click.group(name="export", cls=Exporters)
def export_group() -> None:
    """Write what the house holds to files that others read. What may not be known stays here."""


@click.group(name="report", cls=Reports)
def report_group() -> None:
    """Write a report for people outside the house: counts only, nothing about a person."""
