"""`serai check --live`: every reason not to open this house to the public, each with its cure.

Parts of the house add their own reasons through the port LIVE_CHECKS.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click
from django.conf import settings
from django.core.checks import ERROR, WARNING, run_checks

from serai.kernel.register.ports import LIVE_CHECKS, Refusal

from .proofs import code_digest, demands, read_proofs

CURES = {
    "backup": "run `serai backup FILE` and keep the file elsewhere",
    "restore": "run `serai rehearse restore`",
    "upgrade": "run `serai rehearse upgrade`",
    "dpia": "have the assessment signed, then run `serai dpia --by NAME --file FILE` (template: docs/dpia.md)",
}


def refusals() -> list[Refusal]:
    """All reasons, the house's own first."""
    found = [*_settings(), *_proofs()]
    for check in LIVE_CHECKS:
        found += list(check())
    return found


def _settings() -> Iterable[Refusal]:
    if settings.SERAI_MODE != "live":
        yield Refusal("mode", "This is a demo house.", "SERAI_MODE", "set SERAI_MODE=live")
    if settings.SERAI_SCHEME != "https":
        yield Refusal(
            "https",
            "Pages would travel in the clear.",
            "SERAI_SCHEME",
            "put the house behind TLS and set SERAI_SCHEME=https",
        )
    if settings.DEBUG:
        yield Refusal("debug", "Errors would show the inside of the house.", "SERAI_DEBUG", "unset SERAI_DEBUG")
    if settings.SERAI_SCHEME == "https":
        for message in run_checks(include_deployment_checks=True):
            if message.level >= WARNING and message.id not in settings.SILENCED_SYSTEM_CHECKS:
                level = "error" if message.level >= ERROR else "warning"
                yield Refusal(
                    f"django-{level}",
                    str(message.msg),
                    str(message.id),
                    str(message.hint or "see Django's documentation"),
                )


def _proofs() -> Iterable[Refusal]:
    folder = Path(settings.SERAI_DATA)
    proofs = read_proofs(folder)
    for kind, asked in demands(folder).items():
        proof, cure = proofs.get(kind), CURES.get(kind, "see docs/operators-guide.md")
        if proof is None:
            yield Refusal(kind, "There is no proof that this was ever done.", "proofs.json", cure)
        elif proof.age() > timedelta(days=asked["days"]):
            yield Refusal(
                kind, f"The last proof is of {proof.at[:10]}, older than {asked['days']} days.", "proofs.json", cure
            )
        elif kind == "upgrade" and proof.code != code_digest():
            yield Refusal(kind, "The upgrade was rehearsed with other code than this.", "proofs.json", cure)


@click.command()
@click.option("--live", is_flag=True, help="Also refuse while the house is not fit for the public.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable report.")
def check(live: bool, as_json: bool) -> None:
    """Checks the house. Exit 1 with a list of reasons and cures when something stands against opening it."""
    found = (
        refusals()
        if live
        else [
            Refusal(str(message.id), str(message.msg), str(message.obj or ""), str(message.hint or ""))
            for message in run_checks()
            if message.level >= WARNING
        ]
    )
    if as_json:
        click.echo(
            json.dumps({"ok": not found, "refusals": [asdict(row) for row in found]}, ensure_ascii=False, indent=1)
        )
    else:
        for row in found:
            click.echo(f"[{row.code}] {row.says}\n    where: {row.where}\n    cure:  {row.cure}")
        click.echo("The house may open." if not found else f"{len(found)} reasons stand against opening this house.")
    raise SystemExit(1 if found else 0)
