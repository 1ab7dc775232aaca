"""The `serai` command. Each part of the house adds its own commands through the port COMMANDS."""

from __future__ import annotations

import os
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
        _set_up()
        from serai.kernel.register.ports import COMMANDS

        return sorted([*OWN, *(name for name, _ in COMMANDS.items())])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name, or None: click then says what would be right and exits with 2."""
        if name not in WITHOUT_DJANGO:
            _set_up()
        if name in OWN:
            module, attribute = OWN[name].split(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        from serai.kernel.register.ports import COMMANDS

        found: click.Command | None = COMMANDS.get(name)
        return found


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


@click.group(cls=House)
def serai() -> None:
    """One house for people on the move. Exit codes: 0 done, 1 refused with a report, 2 wrong use."""


def main() -> None:
    """Entry point."""
    serai()
