"""The `serai` command. Each part of the house adds its own commands through the port COMMANDS."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

OWN = {
    "backup": "serai.config.backup:backup",
    "check": "serai.config.live:check",
    "demo": "serai.config.serve:demo",
    "dev": "serai.config.serve:dev",
    "dpia": "serai.config.rehearse:dpia",
    "open": "serai.config.serve:open_house",
    "register": "serai.config.register:register",
    "rehearse": "serai.config.rehearse:rehearse",
    "restore": "serai.config.backup:restore",
    "serve": "serai.config.serve:serve",
    "words": "serai.config.words:words",
}
"""Commands of the running of the house; loaded only when called."""

WITHOUT_DJANGO = frozenset({"words"})


class House(click.Group):
    """Knows its own commands and those that parts of the house offer."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        set_up()
        from serai.kernel.register.ports import COMMANDS

        return sorted([*OWN, *(name for name, _ in COMMANDS.items())])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name, or None: click then says what would be right and exits with 2."""
        if name not in WITHOUT_DJANGO:
            set_up()
        if name in OWN:
            module, attribute = OWN[name].split(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        from serai.kernel.register.ports import COMMANDS

        found: click.Command | None = COMMANDS.get(name)
        return found


def set_up() -> None:
    """Makes Django ready, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


@click.group(cls=House)
def serai() -> None:
    """One house for people on the move. Exit codes: 0 done, 1 refused with a report, 2 wrong use."""


def main() -> None:
    """Entry point. What the database refuses is said in a sentence, with the cure."""
    from django.db.utils import OperationalError, ProgrammingError

    try:
        serai()
    except (OperationalError, ProgrammingError) as error:
        try:
            _prepare(error)
        except click.ClickException as refused:
            refused.show()
            sys.exit(1)
        serai()


def _prepare(error: Exception) -> None:
    """Opens a house where there was none. Raises ClickException when there is one that is not ready.

    Anything else that the database did not like is an error of ours, and raised as it is.
    """
    from django.conf import settings
    from django.db import connection
    from django.db.utils import OperationalError

    from .opening import open_all, waiting_migrations

    try:
        waiting, is_new = waiting_migrations(), not connection.introspection.table_names()
    except OperationalError as reason:
        raise click.ClickException(f"The database cannot be reached (SERAI_DATABASE_URL): {reason}") from reason
    if is_new:
        click.echo(f"There was no house in {settings.SERAI_DATA} yet: it is opened now, empty.", err=True)
        open_all(lambda line: click.echo(line, err=True), demo=False)
    elif waiting:
        raise click.ClickException(
            f"The database is {len(waiting)} steps behind the code (first: {waiting[0]}). Run `serai open` first."
        )
    else:
        raise error
