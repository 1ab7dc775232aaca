"""`serai pack ...`: look at a pack, make one, take one in. Exit codes: 0 done, 1 refused with a report, 2 wrong use."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click
from django.utils import timezone

from serai.kernel.access.viewer import NOBODY
from serai.kernel.register.ports import PackProblem

JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable answer.")
FOLDER_OR_ZIP = click.argument("pack", type=click.Path(exists=True, path_type=Path))
FOLDER = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.group("pack")
def pack() -> None:
    """Packs: content as folders that organisations publish, sign, share and translate. See docs/packs.md."""


@pack.command()
@FOLDER_OR_ZIP
@JSON
def check(pack: Path, as_json: bool) -> None:
    """Says everything that is wrong in a pack's folder or ZIP, with file, line and cure. Writes nothing."""
    from .checking import check_path

    checked = check_path(pack)
    answer = {"pack": checked.head.pack, "version": checked.head.version} if checked.head else {}
    _answer_problems(checked.problems, as_json, {**answer, "files": len(checked.files)})
    if checked.refused:
        raise SystemExit(1)
    if not as_json:
        click.echo(f"{pack.name}: {len(checked.files)} files, ready to be installed.")


@pack.command()
@FOLDER_OR_ZIP
@click.option("--allow-older", is_flag=True, help="Go back to an older version on purpose.")
@click.option("--again", is_flag=True, help="Go through all files although this version is installed.")
@JSON
def install(pack: Path, allow_older: bool, again: bool, as_json: bool) -> None:
    """Puts a pack into this house: all of it or nothing. What the house has written or checked itself stays."""
    from .actions import NoRoom, PackRefused, install_pack
    from .checking import check_path
    from .leftovers import AnotherInstall

    checked = check_path(pack)
    if checked.refused or checked.head is None:
        _refused(checked.problems, as_json)
    length = sum(path.endswith((".md", ".csv")) for path in checked.files)
    try:
        with click.progressbar(length=length, label=checked.head.pack, file=_bar(as_json)) as bar:
            done = install_pack(by=None, files=checked.files, allow_older=allow_older, again=again, progress=bar.update)
    except PackRefused as refused:
        _refused(refused.problems, as_json)
    except AnotherInstall:
        _wrong("Another pack is being installed in this house. Try again when that is done.", as_json)
    except NoRoom as full:
        _wrong(str(full), as_json)
    report = done.report
    answer: dict[str, Any] = {
        "pack": done.head.pack,
        "version": done.head.version,
        "changed": done.changed,
        **{name: list(getattr(report, name)) for name in ("created", "updated", "removed", "kept")},
        "unchanged": report.unchanged,
    }
    _answer_problems([*done.notes, *report.problems], as_json, answer)
    if not as_json:
        click.echo(_told(answer))


@pack.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--passphrase", "ask", is_flag=True, help="Protects the key with a passphrase, which is asked for.")
@JSON
def key(path: Path, ask: bool, as_json: bool) -> None:
    """Makes the publisher's own key in a new file that nobody else may read, and prints its public half."""
    from .keys import KeyRefused, make_key

    word = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if ask else ""
    try:
        public = make_key(path, word)
    except KeyRefused as refused:
        _wrong(str(refused), as_json)
    hint = f"{path} is made. Keep it where only you can read it, with a copy on a stick.\nGive this to whoever installs"
    _say(as_json, f"{hint} your packs:\n{public}", key=public, file=str(path))


@pack.command()
@FOLDER
@click.option("--key", "key_file", type=click.Path(path_type=Path), required=True, help="File of the publisher's key.")
@JSON
def sign(folder: Path, key_file: Path, as_json: bool) -> None:
    """Seals a pack: writes pack.sig with the digest of every file and your signature."""
    from .checking import check_files, packs_beside
    from .folder import read_pack, write_files
    from .publishing import sealed
    from .signature import SIG

    read = read_pack(folder)
    files = {path: data for path, data in read.files.items() if path != SIG}
    checked = check_files(files, beside=packs_beside(folder, files))
    problems = [*read.problems, *checked.problems]
    if checked.head is None or any(problem.refuses for problem in problems):
        _refused(problems, as_json)
    signed = sealed(checked.head, files, _read_key(key_file, as_json))
    write_files(folder, {SIG: signed[SIG]})
    _say(as_json, f"{folder / SIG} is written.", file=str(folder / SIG), files=len(files))


@pack.command()
@FOLDER_OR_ZIP
@JSON
def verify(pack: Path, as_json: bool) -> None:
    """Says whether a pack is as it was signed, and whether this house knows the key."""
    from .checking import check_seal
    from .folder import read_pack
    from .head import read_head
    from .models import PublisherKey
    from .queries import house_is_there
    from .signature import SIG, read_seal

    read = read_pack(pack)
    head, problems = read_head(read.files.get("pack.yaml"))
    problems = [*read.problems, *problems]
    if head is not None and SIG not in read.files:
        problems.append(PackProblem(SIG, 0, "unsigned", "The pack is not signed.", "Ask for a signed copy."))
    elif head is not None:
        problems += check_seal(head, read.files)
    if problems or head is None:
        _refused(problems, as_json)
    public = read_seal(read.files[SIG]).key
    good = PublisherKey.objects.filter(publisher=head.publisher, key=public, withdrawn=None)
    trusted = house_is_there() and good.exists()
    known = "This house knows the key." if trusted else "Nobody in this house has confirmed this key yet."
    text = f"{head.pack} {head.version} is as {public} signed it for {head.publisher}. {known}"
    _say(as_json, text, pack=head.pack, version=head.version, publisher=head.publisher, key=public, trusted=trusted)


@pack.command()
@click.argument("publisher", required=False)
@click.argument("key", required=False)
@click.option("--withdraw", is_flag=True, help="The key was lost or stolen: take nothing signed with it any more.")
@JSON
def trust(publisher: str | None, key: str | None, withdraw: bool, as_json: bool) -> None:
    """Notes that you made sure whose key this is (KEY as `serai pack key` printed it). Without arguments: the list."""
    from .actions import trust_key, withdraw_key
    from .models import PublisherKey
    from .queries import trusted_keys
    from .signature import SignatureRefused

    if publisher is None or key is None:
        if publisher is not None:
            raise click.UsageError("Give the publisher and the key.")
        rows = [asdict(row) for row in trusted_keys(viewer=NOBODY)]
        lines = [f"{row['publisher']}  {row['key']}{'  withdrawn' if row['withdrawn'] else ''}" for row in rows]
        _say(as_json, "\n".join(lines) or "No publisher's key is confirmed yet.", keys=rows)
        return
    try:
        act = withdraw_key if withdraw else trust_key
        act(by=None, publisher=publisher, key=key)
    except SignatureRefused as refused:
        raise click.UsageError(f"{refused.says} {refused.cure}") from None
    except PublisherKey.DoesNotExist:
        _wrong(f"This house knows no such key of {publisher}.", as_json)
    _say(as_json, f"{publisher}: {'withdrawn' if withdraw else 'confirmed'}.", publisher=publisher, key=key)


@pack.command("list")
@JSON
def list_packs(as_json: bool) -> None:
    """What is installed, from whom, whether signed, and which updates wait in the packs folder."""
    from .queries import installed_packs

    rows = installed_packs(viewer=NOBODY)
    lines = [
        f"{row.pack} {row.version}  by {row.publisher}, {'signed' if row.signed else 'not signed by a key known here'}"
        f"{f', {row.update} waits' if row.update else ''}"
        for row in rows
    ]
    _say(as_json, "\n".join(lines) or "No pack is installed.", packs=[asdict(row) for row in rows])


def _read_key(path: Path, as_json: bool) -> Any:
    from .keys import KeyIsLocked, KeyRefused, read_key

    try:
        try:
            return read_key(path)
        except KeyIsLocked:
            passphrase: str = click.prompt("Passphrase", hide_input=True, err=True)
            return read_key(path, passphrase)
    except KeyRefused as refused:
        _wrong(str(refused), as_json)


def _bar(as_json: bool) -> Any:
    """Progress goes to the error stream: the answer stays clean."""
    return io.StringIO() if as_json else sys.stderr


def _told(answer: dict[str, Any]) -> str:
    if not answer["changed"]:
        return f"{answer['pack']} {answer['version']} was installed already; nothing changed."
    counts = ", ".join(f"{len(answer[name])} {name}" for name in ("created", "updated", "removed", "kept"))
    return f"{answer['pack']} {answer['version']}: {counts}, {answer['unchanged']} unchanged."


def _answer_problems(problems: list[PackProblem], as_json: bool, answer: dict[str, Any]) -> None:
    if as_json:
        _print_json({"done": not any(each.refuses for each in problems), **answer, "problems": _rows(problems)})
        return
    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        mark = "" if problem.refuses else "note: "
        click.echo(f"{where}: {mark}{problem.says} {problem.cure} [{problem.code}]", err=True)


def _rows(problems: list[PackProblem]) -> list[dict[str, Any]]:
    return [asdict(problem) for problem in problems]


def _refused(problems: list[PackProblem], as_json: bool) -> NoReturn:
    _answer_problems(problems, as_json, {})
    if not as_json:
        count = sum(problem.refuses for problem in problems)
        click.echo(f"Refused: {count} to mend. Nothing was written.", err=True)
    raise SystemExit(1)


def _wrong(says: str, as_json: bool) -> NoReturn:
    if as_json:
        _print_json({"done": False, "problems": [{"says": says}]})
    else:
        click.echo(says, err=True)
    raise SystemExit(1)


def _say(as_json: bool, text: str, **answer: Any) -> None:
    if as_json:
        _print_json({"done": True, **answer})
    else:
        click.echo(text)


def _print_json(answer: dict[str, Any]) -> None:
    def plain(value: Any) -> str:
        is_moment = hasattr(value, "astimezone")
        return value.astimezone(timezone.get_current_timezone()).isoformat() if is_moment else str(value)

    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=plain))
