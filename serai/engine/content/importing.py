"""`serai import KIND FILE...`: each room offers what it can read to the port IMPORTERS."""

from __future__ import annotations

import click

from serai.kernel.register.ports import IMPORTERS


class Importers(click.Group):
    """Knows the kinds of files that parts of the house can read."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All kinds, in order."""
        return sorted(name for name, _ in IMPORTERS.items())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a kind, or None: click then says what there is and exits with 2."""
        found: click.Command | None = IMPORTERS.get(name)
        return found


@click.group(name="import", cls=Importers)
def import_group() -> None:
    """Bring content from elsewhere into the house: all of it, or nothing and a report."""
