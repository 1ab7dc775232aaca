"""Catalogues of the interface: collect, compile and check, with one command for translators and for `make`.

Each part keeps its own `locale/<language>/LC_MESSAGES/django.po`. Catalogues are compiled here with Babel, so that a
house needs no gettext programs to open; collecting new sentences needs xgettext, as Django does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from . import env
from .rooms import HOUSE
from .sentences import sentences

TRANSLATED = ("ar", "es", "fr")
"""Languages of the interface beside English, in which the sentences are written."""

CRITICAL = frozenset({"danger", "consent", "deletion"})
"""Contexts (msgctxt) of sentences that must not stay machine-drafted in a live house."""

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|{(\w+)}")


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
    found = (part / "locale" / language / "LC_MESSAGES" / "django.po" for part in parts())
    return [path for path in found if path.exists()]


def read(path: Path) -> Catalog:
    """A catalogue as Babel reads it."""
    with path.open("rb") as file:
        return read_po(file)


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


def _settle(path: Path) -> None:
    """Drops what tools remember for themselves and sentences no longer used: the file changes only when words do."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'"(?:POT-Creation-Date|Report-Msgid-Bugs-To):[^"]*"\n', "", text)
    text = re.sub(r"\n#[~|].*", "", text)
    path.write_text(text.rstrip() + "\n", encoding="utf-8")


def problems() -> list[WordProblem]:
    """Sentences not collected, missing, uncertain or stale, lost placeholders, and one sentence said in two ways."""
    found: list[WordProblem] = []
    spoken = {part: sentences(part) for part in parts()}
    for language in TRANSLATED:
        said: dict[tuple[str, str], str] = {}
        for part, code in spoken.items():
            path = part / "locale" / language / "LC_MESSAGES" / "django.po"
            label = str(path.relative_to(env.ROOT))
            catalogue = read(path) if path.exists() else Catalog(locale=language)
            known = {(message.context or "", _source(message)) for message in catalogue if message.id}
            found += [WordProblem(label, "not collected", words) for context, words in code.keys() - known]
            found += [WordProblem(label, "stale", words) for context, words in known - code.keys()]
            found += [WordProblem(label, "stale", str(key)) for key in catalogue.obsolete]
            for message in catalogue:
                if message.id:
                    found += _problems_of(label, message, said)
    return found


def _source(message: Message) -> str:
    """The sentence in English, in the singular."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _problems_of(label: str, message: Message, said: dict[tuple[str, str], str]) -> list[WordProblem]:
    source = _source(message)
    words = [
        str(word or "") for word in (message.string if isinstance(message.string, list | tuple) else [message.string])
    ]
    if not all(words):
        return [WordProblem(label, "missing", source)]
    found = []
    if message.fuzzy:
        found.append(WordProblem(label, "uncertain", source))
    plural = isinstance(message.id, tuple)
    for word in words:
        lost = _names(source) - _names(word) if not plural else set()
        if lost or _names(word) - _names(source if not plural else " ".join(message.id)):
            found.append(WordProblem(label, "placeholder", source))
            break
    key = (message.context or "", source)
    if said.setdefault(key, words[0]) != words[0]:
        found.append(WordProblem(label, "said in two ways", source))
    return found


def _names(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def unreviewed_critical(languages: list[str]) -> list[WordProblem]:
    """Critical sentences that no speaker reviewed: their entry has no comment `reviewed: NAME, DATE`."""
    found = []
    for language in languages:
        for path in catalogues(language):
            for message in read(path):
                reviewed = any(comment.startswith("reviewed:") for comment in message.user_comments)
                if message.id and message.context in CRITICAL and not reviewed:
                    found.append(WordProblem(str(path.relative_to(env.ROOT)), "machine-drafted", str(message.id)))
    return found


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
