"""Catalogues of the interface: collect, compile and check, with one command for translators and for `make`.

Each part keeps its own `locale/<language>/LC_MESSAGES/django.po`. Catalogues are compiled here with Babel, so that a
house needs no gettext programs to open; collecting new sentences needs xgettext, as Django does.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from serai.kernel.languages import catalogues as files
from serai.kernel.languages.catalogues import REVIEWED, Entry, Key, entries, read
from serai.kernel.languages.interface import translated
from serai.kernel.languages.sentences import sentences
from serai.kernel.languages.sound import wrong_in
from serai.kernel.languages.terms import other_word
from serai.lib.atomic import write_atomically

from . import env
from .rooms import HOUSE

TRANSLATED = translated()
"""Languages of the interface beside English, in which the sentences are written."""


@dataclass(frozen=True)
class WordProblem:
    """One thing wrong in a catalogue."""

    catalogue: str
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.catalogue}: {self.code}: {self.sentence}"


def parts() -> list[Path]:
    """Folders of all parts of the house."""
    return [env.ROOT / name.replace(".", "/") for name in HOUSE]


def catalogues(language: str) -> list[Path]:
    """The catalogues of one language, part by part."""
    return files.catalogues(parts(), language)


def compile_all() -> int:
    """Compiles catalogues that are newer than their compiled form; returns how many."""
    made = 0
    for language in TRANSLATED:
        for path in catalogues(language):
            target = path.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
                continue
            half = target.with_suffix(f".{os.getpid()}.half")
            with half.open("wb") as file:
                write_mo(file, read(path), use_fuzzy=False)
            half.replace(target)
            made += 1
    return made


def collect() -> None:
    """Brings every catalogue up to the sentences that stand in the code now. Needs xgettext."""
    for part in parts():
        speaks = any("translat" in path.read_text(encoding="utf-8") for path in part.rglob("*.html"))
        speaks = speaks or any("gettext" in path.read_text(encoding="utf-8") for path in part.rglob("*.py"))
        if not speaks:
            continue
        (part / "locale").mkdir(exist_ok=True)
        command = [sys.executable, str(env.ROOT / "manage.py"), "makemessages", "--no-wrap", "--no-location", "-v", "0"]
        ignored = [word for folder in ("tests/*", "migrations/*") for word in ("--ignore", folder)]
        chosen = [word for language in TRANSLATED for word in ("-l", language)]
        subprocess.run([*command, *ignored, *chosen], cwd=part, check=True)
        for path in part.glob("locale/*/LC_MESSAGES/django.po"):
            _settle(path)
    for language in TRANSLATED:
        _say_as_elsewhere(language)


def _settle(path: Path) -> None:
    """Drops what tools remember for themselves, sentences no longer used, and translations that msgmerge guessed from a
    sentence that looks alike: the file changes only when words do."""
    _, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    catalogue = read_po(io.StringIO(f"{files.head(path.parent.parent.name)}\n\n{body}"))
    for message in catalogue:
        if message.id and message.fuzzy:
            message.string = ("",) * catalogue.num_plurals if message.pluralizable else ""
            message.flags.discard("fuzzy")
            message.user_comments = [comment for comment in message.user_comments if not comment.startswith("|")]
    _write(path, catalogue)


def _say_as_elsewhere(language: str) -> None:
    """A sentence that another part says already is said in the same words."""
    read_here = {path: read(path) for path in catalogues(language)}
    said = {entry.key: entry for file in read_here.values() for entry in entries(file) if all(entry.texts)}
    for path, catalogue in read_here.items():
        new = [said[entry.key] for entry in entries(catalogue) if not all(entry.texts) and entry.key in said]
        if new:
            _put(catalogue, new)
            _write(path, catalogue)


def _write(path: Path, catalogue: Catalog) -> None:
    write_atomically(path, files.text_of(catalogue, path.parent.parent.name).encode())


def problems() -> list[WordProblem]:
    """Sentences not collected, missing, uncertain, stale or unsound (see kernel/languages/sound.py), one sentence said
    in two ways, and a term said with another word than the list of terms has."""
    found: list[WordProblem] = []
    spoken = {part: sentences(part) for part in parts()}
    for language in TRANSLATED:
        said: dict[Key, str] = {}
        for part, code in spoken.items():
            path = files.catalogue_path(part, language)
            label = str(path.relative_to(env.ROOT))
            catalogue = read(path) if path.exists() else Catalog(locale=language)
            here = entries(catalogue)
            known = {entry.key for entry in here}
            found += [WordProblem(label, "not collected", words) for context, words in code.keys() - known]
            found += [WordProblem(label, "stale", words) for context, words in known - code.keys()]
            found += [WordProblem(label, "stale", str(key)) for key in catalogue.obsolete]
            found += [
                WordProblem(label, "uncertain", _source(message)) for message in catalogue if _is_doubted(message)
            ]
            for entry in here:
                found += [WordProblem(label, code, entry.sentence) for code in _wrong(language, entry, said)]
    return found


def _is_doubted(message: Message) -> bool:
    return bool(message.id) and message.fuzzy and bool(message.string)


def _source(message: Message) -> str:
    return files.entry_of(message).sentence


def _wrong(language: str, entry: Entry, said: dict[Key, str]) -> list[str]:
    """Codes of what is wrong in one sentence; `said` remembers how it was said in parts looked at before."""
    found = wrong_in(entry.sentence, entry.plural, entry.texts)
    if found == ["missing"]:
        return found
    if said.setdefault(entry.key, entry.texts[0]) != entry.texts[0]:
        found.append("said in two ways")
    if other_word(language, entry.sentence, entry.texts[0]):
        found.append("another word than the term")
    return found


@dataclass(frozen=True)
class Applied:
    """What a change file did. changed: sentences, each in as many catalogues as say it; unknown: said nowhere any more;
    wrong: what was found in the file, and then nothing was written."""

    changed: int = 0
    unknown: tuple[str, ...] = ()
    wrong: tuple[WordProblem, ...] = ()


def apply(path: Path) -> Applied:
    """Merges a change file (PO with its language in the head) into the catalogues of this checkout, all or nothing.

    Raises ClickException for a file that is no such thing.
    """
    try:
        change = read(path)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path} cannot be read as a PO file: {error}") from error
    language = str(change.locale_identifier or "").replace("_", "-")
    if language not in TRANSLATED:
        raise click.ClickException(f"{path} is in {language or 'no language'}, which has no catalogues here.")
    new = {entry.key: entry for entry in entries(change) if any(entry.texts)}
    wrong = [
        WordProblem(path.name, code, entry.sentence)
        for entry in new.values()
        for code in wrong_in(entry.sentence, entry.plural, entry.texts)
    ]
    if wrong:
        return Applied(wrong=tuple(wrong))
    known: set[Key] = set()
    for file in catalogues(language):
        catalogue = read(file)
        here = {entry.key for entry in entries(catalogue)} & new.keys()
        if here:
            _put(catalogue, [new[key] for key in here])
            _write(file, catalogue)
        known |= here
    return Applied(len(known), tuple(new[key].sentence for key in new.keys() - known))


def _put(catalogue: Catalog, changed: Iterable[Entry]) -> None:
    for entry in changed:
        message = catalogue.get(entry.sentence, entry.context or None)
        assert message is not None  # noqa: S101 - the caller found it there
        message.string = entry.texts if isinstance(message.id, tuple) else entry.texts[0]
        message.flags.discard("fuzzy")
        kept = [comment for comment in message.user_comments if not comment.startswith(REVIEWED)]
        message.user_comments = [*kept, *([f"{REVIEWED} {entry.reviewed}"] if entry.reviewed else [])]


@click.group()
def words() -> None:
    """Catalogues of the interface."""


@words.command("compile")
def compile_command() -> None:
    """Compiles what changed."""
    click.echo(f"{compile_all()} catalogues compiled")


@words.command("collect")
def collect_command() -> None:
    """Brings the catalogues up to the sentences in the code."""
    collect()


@words.command("check")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable report.")
def check_command(as_json: bool) -> None:
    """Missing, stale, uncertain and colliding sentences; exit 1 when there are any."""
    found = problems()
    if as_json:
        click.echo(json.dumps([problem.__dict__ for problem in found], ensure_ascii=False, indent=1))
    else:
        for problem in found:
            click.echo(str(problem))
    raise SystemExit(1 if found else 0)


@words.command("apply")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def apply_command(paths: tuple[Path, ...]) -> None:
    """Merges change files of translators into the catalogues; exit 1 when something in one is wrong."""
    done = [(path, apply(path)) for path in paths]
    for path, report in done:
        for problem in report.wrong:
            click.echo(str(problem))
        for sentence in report.unknown:
            click.echo(f"{path.name}: said nowhere any more: {sentence}")
        click.echo(
            f"{path.name}: nothing applied" if report.wrong else f"{path.name}: {report.changed} sentences applied"
        )
    raise SystemExit(1 if any(report.wrong for _, report in done) else 0)


@words.command("corrections")
@click.option("--lang", "tag", required=True, type=click.Choice(TRANSLATED), help="The language.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def corrections_command(tag: str, out: Path) -> None:
    """Writes what was corrected on the desk of this house, and stands in no catalogue yet, as a change file."""
    from .cli import set_up

    set_up()
    from serai.rooms.wording.api import changed

    found = changed(tag=tag)
    write_atomically(out, files.change_file(tag, found).encode())
    click.echo(f"{len(found)} sentences written to {out}")
