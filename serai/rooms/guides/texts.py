"""Text that must not be published: characters that turn words around, links that run programs, broken blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from serai.engine.content import stream
from serai.engine.content.checking import block_problems, link_problems
from serai.lib.direction import find_bidi_controls, visible

TITLE_LENGTH, SUMMARY_LENGTH = 255, 400
LINE_LENGTHS = {"title": 160, "text": 1200}
"""Longest title and text of an alert or a warning, in characters."""


@dataclass(frozen=True)
class TextProblem:
    """One thing wrong. where: `title`, `summary` or a place in the body such as `2.fee.amount`; says: what, and what
    to do."""

    where: str
    says: str


class BadText(ValueError):
    """The text is refused; nothing was written. problems: all that is wrong, not only the first."""

    def __init__(self, problems: Sequence[TextProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.where}: {problem.says}" for problem in problems))


def refuse_bad_text(*, title: str, summary: str, body: Any) -> None:
    """Raises BadText with every problem."""
    problems = text_problems(title=title, summary=summary, body=body)
    if problems:
        raise BadText(problems)


def refuse_bad_lines(texts: Mapping[str, Mapping[str, str]]) -> None:
    """Raises BadText for short texts by language: {"title": {"en": ...}}. Titles may not be empty."""
    problems = [
        TextProblem(f"{problem.where}.{tag}", problem.says)
        for field, by_tag in texts.items()
        for tag, text in by_tag.items()
        for problem in _line_problems(field, text, LINE_LENGTHS.get(field, SUMMARY_LENGTH), needed=field == "title")
    ]
    if not any(text.strip() for text in texts.get("title", {}).values()):
        problems.append(TextProblem("title", _("This is empty. Write a title that a reader will understand.")))
    if problems:
        raise BadText(problems)


def harm_in_text(*, title: str, summary: str, body: stream.Kinds | Sequence[Mapping[str, Any]]) -> list[TextProblem]:
    """What may not even stand in a draft: characters that turn words around, dangerous links, foreign HTML."""
    found = [*_turning("title", title), *_turning("summary", summary), *_turning_words(body)]
    return [*found, *(TextProblem(where, says) for where, says in link_problems(body))]


def text_problems(*, title: str, summary: str, body: stream.Kinds | Sequence[Mapping[str, Any]]) -> list[TextProblem]:
    """All that is wrong in a guide's text, with its place; empty when it may be saved."""
    return [*_line_problems("title", title, TITLE_LENGTH), *_summary(summary), *_body_problems(body)]


def _summary(summary: str) -> Iterator[TextProblem]:
    yield from _line_problems("summary", summary, SUMMARY_LENGTH, needed=False)


def _line_problems(where: str, text: str, longest: int, *, needed: bool = True) -> Iterator[TextProblem]:
    if needed and not text.strip():
        yield TextProblem(where, _("This is empty. Write a title that a reader will understand."))
    if len(text) > longest:
        sentence = _("This has %(count)d characters. It may have %(longest)d. Make it shorter.")
        yield TextProblem(where, sentence % {"count": len(text), "longest": longest})
    yield from _turning(where, text)


def _turning(where: str, text: str) -> Iterator[TextProblem]:
    found = find_bidi_controls(text)
    if found:
        sentence = _(
            "A hidden character turns the direction of the text: %(shown)s. Delete it and type the words again."
        )
        at = found[0].at
        yield TextProblem(where, sentence % {"shown": visible(text[max(0, at - 20) : at + 20])})


def _turning_words(body: Any) -> Iterator[TextProblem]:
    for words in stream.words_of(body):
        yield from _turning(words.where, words.text)


def _body_problems(body: Any) -> Iterator[TextProblem]:
    yield from _turning_words(body)
    for where, says in [*block_problems(body), *link_problems(body)]:
        yield TextProblem(where, says)


def as_validation_error(problems: Sequence[TextProblem], fields: Sequence[str]) -> ValidationError:
    """The same problems for a form: each at its field, those in the body at `body`."""
    by_field: dict[str, list[str]] = {}
    for problem in problems:
        field = problem.where if problem.where in fields else "body"
        says = problem.says if field == problem.where else f"{problem.where}: {problem.says}"
        by_field.setdefault(field, []).append(says)
    return ValidationError(dict(by_field))
