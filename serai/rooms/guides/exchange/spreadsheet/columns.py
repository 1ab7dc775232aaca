"""The columns of the workbook, and the sheet that explains them. Names of columns are the same in every language."""

from __future__ import annotations

from django.utils.translation import gettext as _

KEY, LANGUAGE, TITLE, SUMMARY, TEXT = "key", "language", "title", "summary", "text"
TRANSLATION, UP_TO_DATE = "translation", "up_to_date"
SOURCE_NAME, SOURCE_URL, CHECKED_ON, REVIEW_BY = "source_name", "source_url", "checked_on", "review_by"
LAST_CHANGED, DIGEST, PROBLEM = "last_changed", "digest", "problem"

RECORDS: dict[str, str] = {
    "contact": "contacts",
    "fee": "fees",
    "deadline": "deadlines",
    "steps": "steps",
    "warning": "warnings",
    "documents": "documents",
    "service": "services",
}
"""Kinds of block with a column of their own; pictures, recordings and videos keep their place but are not edited."""

FACTS = (SOURCE_NAME, SOURCE_URL, CHECKED_ON, REVIEW_BY)
COLUMNS = (
    KEY,
    LANGUAGE,
    TITLE,
    SUMMARY,
    TEXT,
    *RECORDS.values(),
    TRANSLATION,
    UP_TO_DATE,
    *FACTS,
    LAST_CHANGED,
    DIGEST,
)
WIDTHS = (28, 10, 36, 44, 90, 44, 44, 36, 44, 36, 36, 36, 13, 12, 30, 34, 13, 13, 18, 16)
YES, NO = "yes", "no"


def read_me() -> list[str]:
    """What the second sheet says, in the language of who exports it."""
    return [
        _("How to work with this table"),
        _("Each row is one guide in one language. Change what you like in the first sheet, save it, and upload it."),
        _("Nothing is public when you upload it: you see all differences first, and a second person approves."),
        "",
        _("key, language, digest: leave them as they are. They say which guide the row is, and which version you had."),
        _("title: up to 255 characters. summary: up to 400 characters."),
        _("text: an empty line parts paragraphs; ## begins a heading; - begins a point of a list; **bold**; *italic*."),
        _("A link is [words](https://...), a link to another guide is [words](guide:its-key)."),
        _("[[contact 1]] in the text is the place of contact 1, whose lines stand in the column contacts. Keep both."),
        _(
            "To add one, write [[contact 2]] in the text, and “contact 2:” with its lines in the column. "
            "It is the same for the other columns."
        ),
        _("contacts, fees, deadlines, steps, warnings, documents, services: each line is a name, a colon and a value."),
        _(
            "translation: original, machine, human or reviewed. "
            "up_to_date: yes, when the text says what the original says now."
        ),
        _("source_name, source_url, checked_on, review_by: in the row of the original only; days as 2026-10-12."),
        _("To translate a guide into a new language, copy its row, write the new language, and empty the digest."),
        _("Do not use formulas, and do not delete or rename columns. Rows that you delete here stay in the house."),
    ]
