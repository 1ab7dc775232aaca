"""`serai ledger ...`: sign, verify, prove, and see what could not be delivered. Exit 0 done, 1 refused, 2 wrong use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from serai.lib.note import NoteRefused, Verifier

from .actions import NotParked, StillRefused, drop_parked, erase_opening, retry_parked
from .checkpoints import LedgerIsBroken, current_checkpoint
from .proofs import NoProof, ProofRefused, check_proof, make_proof
from .queries import parked_events, standing
from .signing import KeyRefused, ledger_signer, trust_verifier, trusted_verifiers
from .sweeps import sweep_outbox
from .tree import TreeIsBroken
from .verification import verify_ledger

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable answer.")
SHOWN = 50


@click.group()
def ledger() -> None:
    """The ledger: sign, verify, prove. What was done is sealed, nothing in it names a person."""


@contextmanager
def _refusing() -> Iterator[None]:
    """Turns our own errors into one line and exit code 1."""
    try:
        yield
    except (KeyRefused, LedgerIsBroken, TreeIsBroken, NoProof, NoteRefused, ProofRefused) as error:
        raise click.ClickException(str(error)) from error
    except NotParked as error:
        raise click.ClickException(_("Nothing of that number is parked for that subscriber.")) from error
    except StillRefused as error:
        says = _("It could not be taken this time either: %(error)s.") % {"error": error}
        raise click.ClickException(says) from error


def _show(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))


@ledger.command()
@AS_JSON
def status(as_json: bool) -> None:
    """How the ledger stands: rows, what waits, what is parked."""
    now = standing()
    if as_json:
        return _show(asdict(now))
    for name, value in asdict(now).items():
        click.echo(f"{name:12} {'-' if value is None else value}")
    return None


@ledger.command()
def checkpoint() -> None:
    """Prints the newest signed checkpoint; signs one first if rows came since the last."""
    with _refusing():
        sweep_outbox()
        note = current_checkpoint()
    if not note:
        raise click.ClickException(_("The ledger has no rows yet: there is nothing to sign."))
    click.echo(note, nl=False)


@ledger.command()
def key() -> None:
    """Prints the public key: hand it to whoever shall check proofs of this house. Makes the key if there is none."""
    with _refusing():
        click.echo(str(ledger_signer().verifier))


@ledger.command()
@click.argument("verifier")
def trust(verifier: str) -> None:
    """Believes checkpoints of an earlier key of this ledger (after a move or a restore)."""
    with _refusing():
        trust_verifier(Verifier.parse(verifier))


@ledger.command()
@click.option("--kept", multiple=True, type=FILE, help="A checkpoint kept elsewhere; may be given several times.")
@AS_JSON
def verify(kept: tuple[Path, ...], as_json: bool) -> None:
    """Recomputes the whole tree from the rows. Exit 1 with a report if anything is not as it was sealed."""
    with _refusing():
        report = verify_ledger(kept=[_words(path) for path in kept])
    if as_json:
        _show({"ok": report.sound, **asdict(report)})
    else:
        for row in report.findings[:SHOWN]:
            span = str(row.first) if row.first == row.last else f"{row.first}-{row.last}"
            click.echo(f"[{row.code}] {span}: {row.says}")
        if len(report.findings) > SHOWN:
            click.echo(_("... and %(count)s more.") % {"count": len(report.findings) - SHOWN})
        says = _("%(rows)s rows, %(openings)s openings, %(checkpoints)s checkpoints: %(verdict)s")
        verdict = _("all as sealed.") if report.sound else _("NOT as sealed.")
        counts = {"rows": report.rows, "openings": report.openings, "checkpoints": report.checkpoints}
        click.echo(says % {**counts, "verdict": verdict})
    raise SystemExit(0 if report.sound else 1)


@ledger.command()
@click.argument("seq", type=click.IntRange(min=0))
@AS_JSON
def proof(seq: int, as_json: bool) -> None:
    """The proof bundle of row SEQ: event, salt, way to the root, checkpoint. It is JSON with or without --json."""
    with _refusing():
        _show(make_proof(seq))


@ledger.command("verify-proof")
@click.argument("file", type=FILE)
@click.option("--key", "keys", multiple=True, help="Public key of the ledger, from who runs it; else this house's own.")
@AS_JSON
def verify_proof(file: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Checks a proof bundle; needs no database and no network."""
    try:
        trusted = [Verifier.parse(text) for text in keys] or trusted_verifiers()
    except NoteRefused as error:
        raise click.BadParameter(str(error), param_hint="--key") from error
    except KeyRefused as error:
        raise click.ClickException(str(error)) from error
    if not trusted:
        raise click.UsageError(_("Give the ledger's public key with --key: one inside the file would prove nothing."))
    with _refusing():
        proven = check_proof(_words(file), trusted)
    if as_json:
        return _show({"ok": True, **asdict(proven)})
    says = _("Row %(seq)s of %(origin)s: class %(kind)s, %(day)s, in the signed tree of %(size)s rows.")
    click.echo(says % asdict(proven))
    if proven.event is None:
        click.echo(_("What happened is not in this file: only the class and the day are proven."))
    else:
        click.echo(json.dumps(proven.event, ensure_ascii=False, indent=1))
    return None


@ledger.command()
@click.option("--retry", nargs=2, metavar="SUBSCRIBER SEQ", help="Offers it once more.")
@click.option("--drop", nargs=2, metavar="SUBSCRIBER SEQ", help="Gives it up for that subscriber.")
@AS_JSON
def parked(retry: tuple[str, str] | None, drop: tuple[str, str] | None, as_json: bool) -> None:
    """Events that a part of the house could not take, after several tries."""
    with _refusing():
        if retry:
            retry_parked(subscriber=retry[0], seq=_number(retry[1]))
        if drop:
            drop_parked(subscriber=drop[0], seq=_number(drop[1]))
    rows = parked_events()
    if as_json:
        return _show({"parked": [asdict(row) for row in rows]})
    for row in rows:
        click.echo(f"{row.subscriber} {row.seq}: {row.event} {row.subject} ({row.error}, {row.at:%Y-%m-%d %H:%M})")
    click.echo(_("%(count)s events are parked.") % {"count": len(rows)})
    return None


@ledger.command()
@click.argument("seq", type=click.IntRange(min=0))
def erase(seq: int) -> None:
    """Deletes what row SEQ was about. Its class and day stay; a proof kept by somebody before stays good."""
    if not erase_opening(seq=seq):
        raise click.ClickException(_("Row %(seq)s has no opening: it was erased before, or never was.") % {"seq": seq})
    click.echo(_("Erased. Backups made before still hold it until they are deleted."))


def _number(text: str) -> int:
    if not text.isdecimal():
        raise click.UsageError(_("%(text)s is not the number of a row.") % {"text": text})
    return int(text)


def _words(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(_("%(path)s cannot be read as text.") % {"path": path}) from error
