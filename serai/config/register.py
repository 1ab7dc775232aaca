"""`serai register`: what the house holds about people, as each part declares it in its manifest (GDPR Art. 30)."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def register(as_json: bool) -> None:
    """Prints the register of personal data: which fields, of whom, what for, on which basis, how long."""
    from serai.kernel.register.house import personal_data

    rows = sorted(personal_data(), key=lambda row: (row.about, row.model, row.fields))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row.model}: {', '.join(row.fields)}")
        click.echo(f"    about {row.about}; {row.purpose}")
        click.echo(f"    {row.legal_basis}; {row.retention_days} days; {row.erase}")
