"""The `serai` command. Each part of the house adds its own commands through the port COMMANDS."""

from __future__ import annotations

import os

import click


@click.group()
def serai() -> None:
    """One house for people on the move. Exit codes: 0 done, 1 refused with a report, 2 wrong use."""


def main() -> None:
    """Entry point: sets Django up, collects the commands, runs one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "serai.config.settings")
    import django

    django.setup()
    from serai.kernel.register.ports import COMMANDS

    for name, command in COMMANDS.items():
        serai.add_command(command, name)
    serai()
