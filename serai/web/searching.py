"""The search page: what is asked for, and by what it can be narrowed down, all of it plain links and one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.kernel.register.ports import SearchFound, SearchQuestion

HITS = 30
KINDS: Mapping[str, str | Promise] = {
    "guide": _("Guides"),
    "service": _("Services"),
    "alert": _("News"),
}
"""What kinds of documents are called; another kind is called by its own word."""
_OFFERED = 20


@dataclass(frozen=True)
class KindLink:
    """A way to see one kind only, or all. count: how many there are, "" if that is not known; chosen: shown now."""

    name: str | Promise
    count: str
    url: str
    chosen: bool


class FilterForm(forms.Form):
    """Filters in the address. A value that nothing has finds nothing, and the page says so."""

    kind = forms.CharField(required=False, max_length=40)
    publisher = forms.CharField(required=False, max_length=200)
    topic = forms.CharField(required=False, max_length=80)
    place = forms.CharField(required=False, max_length=200)


class NarrowForm(forms.Form):
    """Publishers, subjects and places of what was found, to choose from."""

    publisher = forms.ChoiceField(label=_("Publisher"), required=False)
    topic = forms.ChoiceField(label=_("Subject"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, question: SearchQuestion, found: SearchFound, topics: Mapping[str, str]) -> None:
        asked = {name: getattr(question, name) for name in ("publisher", "topic", "place")}
        super().__init__(initial=asked, auto_id="narrow_%s")
        named = {key: topics[key] for key in found.topics if key in topics}
        offered = {"publisher": same(found.publishers), "topic": named, "place": same(found.places)}
        for name, choices in offered.items():
            chosen = {asked[name]: topics.get(asked[name], asked[name])} if asked[name] else {}
            every = {**dict(list(choices.items())[:_OFFERED]), **chosen}
            if len(every) > 1 or chosen:
                self.fields[name].choices = [("", _("All")), *every.items()]  # type: ignore[attr-defined]
            else:
                del self.fields[name]


def same(values: Iterable[str]) -> dict[str, str]:
    """Values that are their own names."""
    return {value: value for value in values}


def question_of(words: str, language: str, filters: FilterForm) -> SearchQuestion:
    """What is asked for; filters that make no sense are left out."""
    asked = filters.cleaned_data if filters.is_valid() else {}
    return SearchQuestion(words, language, HITS, **asked)


def address(question: SearchQuestion, **other: str) -> str:
    """The same question at this page's address, with other filters."""
    names = ("kind", "publisher", "topic", "place")
    asked = {"q": question.words} | {name: getattr(question, name) for name in names} | other
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def kind_links(question: SearchQuestion, found: SearchFound) -> list[KindLink]:
    """All, then each kind; nothing when there is only one."""
    if len(found.kinds) < 2 and not question.kind:
        return []
    counts = {"": sum(found.kinds.values()), **found.kinds}
    return [
        KindLink(
            KINDS.get(kind, kind) if kind else _("All"),
            _count(many, found.more),
            address(question, kind=kind),
            kind == question.kind,
        )
        for kind, many in counts.items()
    ]


def _count(many: int, more: bool) -> str:
    if not more:
        return str(many)
    return f"{many}+" if many else ""
