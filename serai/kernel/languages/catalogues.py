"""Catalogues of the interface as files: `locale/<tag>/LC_MESSAGES/django.po` of each part, by Babel."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from .interface import interface, plural_forms

Key = tuple[str, str]
"""What a sentence is known by: its context ("" for none) and its English words, in the singular."""

CRITICAL = frozenset({"danger", "consent", "deletion"})
"""Contexts (msgctxt) of sentences that must not stay machine-drafted in a live house."""

REVIEWED = "reviewed:"
"""How the comment of a sentence begins that a speaker reviewed: `# reviewed: NAME, DATE`."""


@dataclass(frozen=True)
class Entry:
    """One sentence of a catalogue. plural: the English plural, or ""; texts: one for each plural form; reviewed: by
    whom and when, or ""."""

    context: str
    sentence: str
    plural: str
    texts: tuple[str, ...]
    reviewed: str = ""

    @property
    def key(self) -> Key:
        """What it is known by."""
        return (self.context, self.sentence)

    @property
    def is_critical(self) -> bool:
        """Whether it needs a speaker's review."""
        return self.context in CRITICAL


def catalogue_path(part: Path, tag: str) -> Path:
    """Where a part's catalogue of a language lies, or would."""
    return part / "locale" / tag / "LC_MESSAGES" / "django.po"


def catalogues(parts: Iterable[Path], tag: str) -> list[Path]:
    """The catalogues of one language that there are, part by part."""
    return [path for path in (catalogue_path(part, tag) for part in parts) if path.exists()]


def read(path: Path) -> Catalog:
    """A catalogue as Babel reads it."""
    with path.open("rb") as file:
        return read_po(file)


def entries(catalogue: Catalog) -> list[Entry]:
    """Its sentences, without the head."""
    return [entry_of(message) for message in catalogue if message.id]


def entry_of(message: Message) -> Entry:
    """A message as plain data."""
    source, plural = message.id if isinstance(message.id, list | tuple) else (message.id, "")
    said = message.string if isinstance(message.string, list | tuple) else [message.string]
    review = next((comment for comment in message.user_comments if comment.startswith(REVIEWED)), "")
    texts = tuple(str(word or "") for word in said)
    return Entry(message.context or "", str(source), str(plural), texts, review.removeprefix(REVIEWED).strip())


def text_of(catalogue: Catalog, tag: str) -> str:
    """The file of a catalogue: as gettext writes it, without what tools remember for themselves."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, no_location=True, ignore_obsolete=True)
    return f"{head(tag)}\n\n{body.getvalue().decode().strip()}".rstrip() + "\n"


def change_file(tag: str, changed: Iterable[Entry]) -> str:
    """Sentences as one file for `serai words apply`: plain PO, which every translators' tool can open."""
    catalogue = Catalog()
    catalogue.mime_headers = [("Plural-Forms", plural_forms(tag))]
    for entry in changed:
        catalogue.add(
            (entry.sentence, entry.plural) if entry.plural else entry.sentence,
            entry.texts if entry.plural else entry.texts[0],
            context=entry.context or None,
            user_comments=[f"{REVIEWED} {entry.reviewed}"] if entry.reviewed else [],
        )
    return text_of(catalogue, tag)


def head(tag: str) -> str:
    """How each catalogue of a language begins."""
    made = (
        "Drafted by a machine; not yet reviewed by a speaker." if interface(tag).is_draft else "Reviewed by a speaker."
    )
    fields = {
        "Project-Id-Version": "serai",
        "Language": tag,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_forms(tag),
    }
    lines = [f'"{name}: {value}\\n"' for name, value in fields.items()]
    return "\n".join([f"# Words of the interface. {made}", 'msgid ""', 'msgstr ""', *lines])
