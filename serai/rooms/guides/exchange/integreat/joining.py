"""Pages of several languages joined into guides, and guides into one tree without cycles.

The lists of other languages (available_languages) say what belongs together. A parent is named by its path in the same
language; its id there is another number than the ids of pages, so the path counts first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .links import Target
from .rows import Problem, RawPage

Places = dict[tuple[str, str], "Group"]
"""Guides by language and path, or by language and id."""

DEEPEST = 40
"""Levels of guides; Wagtail's tree ends at 63 with those above."""


@dataclass(eq=False)
class Group:
    """One guide in all its languages. key: the smallest id among all its languages, so that every house makes the
    same one from whichever files it has. pages: by language tag."""

    key: str
    pages: dict[str, RawPage] = field(default_factory=dict)
    original: str = ""
    parent: Group | None = None
    depth: int = 1

    @property
    def first(self) -> RawPage:
        """The page that counts for place and order: the original."""
        return self.pages[self.original]


@dataclass
class Joined:
    """All guides, parents before children, in the order of their siblings."""

    groups: list[Group]
    by_path: Places
    by_name: Places
    problems: list[Problem]

    def target(self, tag: str, path: str) -> Target | None:
        """Where a link to a path of the region leads; a page that moved is found by the last part of its path."""
        group = self.by_path.get((tag, path))
        if group is not None:
            return Target(group.key, path)
        group = self.by_name.get((tag, _name(path)))
        return Target(group.key, group.pages[tag].path, is_exact=False) if group else None


def join(pages: Sequence[RawPage], original: str = "") -> Joined:
    """The guides of a region. original: tag of the language that others were translated from, "" to find it."""
    problems: list[Problem] = []
    groups = list(_grouped(pages, problems))
    tags = _order_of_languages(pages, original)
    for group in groups:
        group.original = next(tag for tag in tags if tag in group.pages)
    by_path = _by_path(groups, problems)
    by_id = {(page.language, page.id): group for group in groups for page in group.pages.values()}
    for group in groups:
        group.parent = _parent(group, by_path, by_id, problems)
    _break_cycles(groups, problems)
    return Joined(list(_in_order(groups, problems)), by_path, _by_name(by_path), problems)


def _grouped(pages: Sequence[RawPage], problems: list[Problem]) -> Iterator[Group]:
    """Union of all pages that name each other; a language twice in one guide parts it again."""
    leader: dict[tuple[str, str], tuple[str, str]] = {}

    def find(name: tuple[str, str]) -> tuple[str, str]:
        while leader.setdefault(name, name) != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for page in pages:
        for tag, ident in page.others.items():
            leader[find((tag, ident))] = find((page.language, page.id))
    together: dict[tuple[str, str], list[RawPage]] = {}
    for page in pages:
        together.setdefault(find((page.language, page.id)), []).append(page)
    for members in together.values():
        yield from _one_of_each_language(members, problems)


def _one_of_each_language(members: list[RawPage], problems: list[Problem]) -> Iterator[Group]:
    if len({page.language for page in members}) == len(members):
        yield _group(members)
        return
    # Some page names a wrong other. Only those that name each other stay together.
    left = list(members)
    while left:
        first = left.pop(0)
        mine = [first]
        for page in list(left):
            agrees = all(
                one.others.get(page.language) == page.id and page.others.get(one.language) == one.id for one in mine
            )
            if agrees:
                mine.append(page)
                left.remove(page)
        yield _group(mine)
    says = _(
        "Several pages of one language say that they are the same guide. Only those that name each other were joined."
    )
    cure = _("Correct the list of languages of these pages.")
    problems.append(members[0].problem("languages-contradict", says, cure))


def _group(members: list[RawPage]) -> Group:
    listed = [ident for page in members for ident in page.listed] or [page.id for page in members]
    numbers = sorted((ident for ident in listed if ident.isdigit()), key=int)
    key = numbers[0] if numbers else hashlib.sha256(members[0].id.encode()).hexdigest()[:12]
    return Group(key, {page.language: page for page in members})


def _order_of_languages(pages: Sequence[RawPage], original: str) -> list[str]:
    """The language named, else German, in which regions of Integreat write, else the one with most pages."""
    counts = Counter(page.language for page in pages)
    common = [tag for tag, _count in counts.most_common()]
    return list(dict.fromkeys([tag for tag in (original, "de") if tag in counts] + common))


def _by_path(groups: Iterable[Group], problems: list[Problem]) -> Places:
    found: Places = {}
    for group in groups:
        for page in group.pages.values():
            if found.setdefault((page.language, page.path), group) is not group:
                says = _("Two pages have this address. Links to it lead to the first; the second gets a number.")
                problems.append(page.problem("path-twice", says, _("Give one of them another address.")))
    return found


def _by_name(by_path: Places) -> Places:
    """Guides whose last part of the path no other has in that language."""
    counts = Counter((tag, _name(path)) for tag, path in by_path)
    return {(tag, _name(path)): group for (tag, path), group in by_path.items() if counts[tag, _name(path)] == 1}


def _name(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def _parent(group: Group, by_path: Places, by_id: Places, problems: list[Problem]) -> Group | None:
    """The guide above: as the original says, else as any other language says."""
    missing: RawPage | None = None
    for page in [group.first, *(page for page in group.pages.values() if page is not group.first)]:
        above = by_path.get((page.language, page.parent_path)) or by_id.get((page.language, page.parent_id))
        if above is not None:
            return above
        if page.parent_path or page.parent_id:
            missing = missing or page
    if missing is not None:
        says = _("The page above this one is not in the files: %(path)s. It now stands at the top.")
        says %= {"path": missing.parent_path or missing.parent_id}
        cure = _("Import the file that has it, or move the guide where it belongs.")
        problems.append(missing.problem("parent-missing", says, cure))
    return None


def _break_cycles(groups: Sequence[Group], problems: list[Problem]) -> None:
    state: dict[int, int] = {}
    for number, start in enumerate(groups, 1):
        walk: list[Group] = []
        at: Group | None = start
        while at is not None and id(at) not in state:
            state[id(at)] = number
            walk.append(at)
            at = at.parent
        if at is not None and state[id(at)] == number and at in walk:
            says = _("The page stands below itself. The circle was opened here, and the page stands at the top.")
            problems.append(at.first.problem("parent-cycle", says, _("Choose another parent for the page.")))
            at.parent = None


def _in_order(groups: Sequence[Group], problems: list[Problem]) -> Iterator[Group]:
    """Parents first, siblings by their order; what stands too deep moves up to the deepest level there is."""
    children: dict[int, list[Group]] = {}
    for group in groups:
        children.setdefault(id(group.parent) if group.parent else 0, []).append(group)
    waiting = sorted(children.get(0, ()), key=_place, reverse=True)
    while waiting:
        group = waiting.pop()
        if group.parent is not None:
            if group.parent.depth >= DEEPEST:
                says = _("The page stands more than %(deepest)d levels deep. It was moved up.") % {"deepest": DEEPEST}
                problems.append(group.first.problem("too-deep", says, _("Make the tree flatter.")))
                group.parent = group.parent.parent
            group.depth = group.parent.depth + 1 if group.parent else 1
        yield group
        waiting.extend(sorted(children.get(id(group), ()), key=_place, reverse=True))


def _place(group: Group) -> tuple[int, str, str]:
    return group.first.order, group.first.path, group.key
