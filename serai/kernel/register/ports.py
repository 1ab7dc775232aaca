"""Ports: typed slots where parts of the house meet without importing each other.

A part offers to a port in its manifest's `offers`; whoever needs the sum of all offers reads the port. What passes
through a port is plain frozen data, never a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


class Port(Generic[T]):
    """A named slot. `offer(name, thing)` twice with one name replaces: opening the house twice changes nothing."""

    def __init__(self, name: str, what: str) -> None:
        self.name = name
        self.what = what
        self._offers: dict[str, T] = {}

    def offer(self, name: str, thing: T) -> None:
        """Puts a thing into the slot under the name of the part that offers it."""
        self._offers[name] = thing

    def __iter__(self) -> Iterator[T]:
        return iter(self._offers.values())

    def items(self) -> Iterable[tuple[str, T]]:
        """(name, thing) for all offers."""
        return self._offers.items()

    def get(self, name: str) -> T | None:
        """The offer of one name, or None."""
        return self._offers.get(name)


@dataclass(frozen=True)
class SearchDocument:
    """One thing that can be found. key is unique in the house (`guides:<uuid>`); texts are plain, not folded.

    kind: what it is, in a word that the search page can name: guide, service, alert.
    """

    key: str
    language: str
    title: str
    summary: str
    body: str
    url: str
    publisher: str = ""
    places: tuple[str, ...] = ()
    topic: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Refusal:
    """One reason why `serai check --live` does not open the house. where is a page, a file or a setting."""

    code: str
    says: str
    where: str
    cure: str


@dataclass(frozen=True)
class DueFact:
    """A row of the one "to check" list. key is the fact's key; url is on the desk."""

    key: str
    title: str
    organisation_id: str
    language: str
    public_url: str
    desk_url: str


@dataclass(frozen=True)
class PackProblem:
    """One thing wrong in a pack. line counts from 1; 0 means the whole file.

    refuses: False for what the publisher should know but a house may install all the same (a translation not done yet).
    """

    file: str
    line: int
    code: str
    says: str
    cure: str
    refuses: bool = True


@dataclass(frozen=True)
class PackReport:
    """What installing one part of a pack did or would do."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    kept: tuple[str, ...] = ()
    problems: tuple[PackProblem, ...] = ()


class PackPart(Protocol):
    """A part of a pack folder (guides/, tables/contacts.csv ...) and the code that understands it.

    files maps a relative path in the pack to its bytes: the files this part owns and all words/<lang>.yaml (read them
    with lib or kernel/packs; which keys must be there is said through PACK_WORDS, and kernel/packs checks it once for
    all). pack is pack.yaml as a mapping, and two things to look things up in: `whole`, all files of the pack, and
    `beside`, by name those of the packs it requires where they lie in the same folder.
    """

    @property
    def order(self) -> int:
        """When it is installed: lower first."""
        ...

    def owns(self, path: str) -> bool:
        """Whether the file belongs to this part."""
        ...

    def check(self, pack: dict[str, Any], files: dict[str, bytes]) -> list[PackProblem]:
        """All that is wrong in the files of this part; writes nothing."""
        ...

    def install(self, pack: dict[str, Any], files: dict[str, bytes], *, by: Any) -> PackReport:
        """Writes the files into the house. Runs inside the one transaction of the whole install."""
        ...


@dataclass(frozen=True)
class PackExport:
    """What one part of the house has of a publisher, as files of a pack; problems: what a pack cannot hold."""

    files: dict[str, bytes]
    problems: tuple[PackProblem, ...] = ()


@dataclass(frozen=True)
class LedgerEvent:
    """What a subscriber gets: at least once, in order of seq. subject is a reference, never a name."""

    seq: int
    name: str
    kind: str
    subject: str
    at: datetime


@dataclass(frozen=True)
class HumanDesk:
    """A human who can be reached: shown on every page of the public host.

    spoken: the tag that each of name, what, hours, organisation, source_name and checked_by is in, where it is known.
    """

    key: str
    name: str
    what: str
    phone: str
    email: str
    address: str
    hours: str
    languages: tuple[str, ...]
    organisation: str
    place: str = ""
    source_name: str = ""
    source_url: str = ""
    checked_on: date | None = None
    checked_by: str = ""
    review_by: date | None = None
    spoken: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoStep:
    """One step of the demo house. run(report) must be idempotent."""

    order: int
    title: str
    run: Callable[[Callable[[str], None]], None] = field(repr=False)


@dataclass(frozen=True)
class QueueCount:
    """A queue on the desk's first page: how many wait and since when the oldest does."""

    key: str
    title: Any
    route: str
    count: int
    oldest: datetime | None
    roles: frozenset[str]


SEARCH_DOCUMENTS: Port[Callable[[], Iterable[SearchDocument]]] = Port("search documents", "all that can be found")
LIVE_CHECKS: Port[Callable[[], Iterable[Refusal]]] = Port("live checks", "reasons not to open the house to the public")
FACT_TITLES: Port[Callable[[list[str]], dict[str, DueFact]]] = Port("fact titles", "describes facts of one kind")
PACK_PARTS: Port[PackPart] = Port("pack parts", "who understands which files of a pack")
SUBSCRIBERS: Port[tuple[frozenset[str], Callable[[LedgerEvent], None]]] = Port(
    "subscribers", "who follows which events"
)
TOUCHED: Port[Callable[[frozenset[str]], None]] = Port("touched", "who wants to know, on commit, which keys changed")
HUMANS: Port[Callable[[str], Iterable[HumanDesk]]] = Port("humans", "humans who can be reached, for a language")
DEMO: Port[DemoStep] = Port("demo", "steps that make the demo house")
QUEUES: Port[Callable[[Any], Iterable[QueueCount]]] = Port("queues", "what waits for whom on the desk; given a Viewer")
MEMBERSHIPS: Port[Callable[[str], None]] = Port("memberships", "told the id of a user whose memberships changed")
COMMANDS: Port[Any] = Port("commands", "click commands that a part adds to the `serai` command")
SWEEPS: Port[tuple[float, Callable[[], None]]] = Port(
    "sweeps", "(seconds between runs, what to run) in the house's clock"
)


@dataclass(frozen=True)
class TopicCard:
    """A subject on the home page. url is on the public host; count: guides a person can read there.

    language: BCP 47 tag of the language the words are really in; "" means the one asked for.
    """

    key: str
    title: str
    lead: str
    icon: str
    url: str
    count: int
    language: str = ""


@dataclass(frozen=True)
class StageCard:
    """A stage of the journey with its subjects in order. icon: a name in shell/icons; language as in TopicCard."""

    key: str
    title: str
    lead: str
    icon: str
    topics: tuple[TopicCard, ...]
    language: str = ""


@dataclass(frozen=True)
class AlertCard:
    """News of a publisher that holds now. starts and ends are zone-aware; url may be ""; language as in TopicCard."""

    key: str
    title: str
    text: str
    publisher: str
    starts: datetime
    ends: datetime
    url: str
    language: str
    urgent: bool


@dataclass(frozen=True)
class SearchHit:
    """One thing found. language: the one its words are in, which may not be the one asked for."""

    title: str
    summary: str
    url: str
    language: str
    publisher: str
    key: str
    kind: str = ""


@dataclass(frozen=True)
class SearchQuestion:
    """What a person looks for. language: BCP 47; limit: 1 to 100; filters as documents say them, "" for all."""

    words: str
    language: str
    limit: int = 20
    kind: str = ""
    publisher: str = ""
    topic: str = ""
    place: str = ""


@dataclass(frozen=True)
class SearchFound:
    """What was found, the best first. kinds: how many of each kind fit, whatever kind was asked for, counted to 1000.

    more: there are more of each kind than it says, perhaps also where it says 0, too many to count.
    publishers, topics, places: of what was looked at closely, the most frequent first: by what to look further.
    """

    hits: tuple[SearchHit, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)
    publishers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    more: bool = False


STAGES: Port[Callable[[str], Sequence[StageCard]]] = Port("stages", "stages and subjects, for a language")
ALERTS: Port[Callable[[str], Sequence[AlertCard]]] = Port(
    "alerts", "alerts that hold now, for a language, urgent first"
)
PUBLISHED: Port[Callable[[str], Mapping[str, str]]] = Port(
    "published", "given a language, by an organisation's key: the public address of what it publishes here"
)
SEARCH: Port[Callable[[SearchQuestion], SearchFound]] = Port("search", "given a question, what is found")

PACK_WORDS: Port[Callable[[dict[str, Any], dict[str, bytes]], Iterable[str]]] = Port(
    "pack words", "the keys (`places.lindenbach.name`) that the files of a part need in words/<lang>.yaml"
)
PACK_STAMPS: Port[Callable[[dict[str, Any], dict[str, bytes], frozenset[str]], dict[str, bytes]]] = Port(
    "pack stamps", "given pack.yaml, files and those translated again, the files whose stamp of the original changes"
)
PACK_EXPORTS: Port[Callable[[str, dict[str, Any]], PackExport]] = Port(
    "pack exports", "given a publisher's key and pack.yaml, the files (tables and words included) a part has of it"
)
WAYS: Port[str] = Port("ways", "public route names, each taking lang, to which every page links: home, people ...")

SEARCH_CHANGES: Port[Callable[[frozenset[str]], Mapping[str, Sequence[SearchDocument]]]] = Port(
    "search changes", "given touched keys, what may have changed: by key the documents of today, none if it is gone"
)
IMPORTERS: Port[Any] = Port("importers", "click commands below `serai import`: each reads one foreign kind of file")
EXPORTERS: Port[Any] = Port("exporters", "click commands below `serai export`: each writes one kind of file")
REPORTS: Port[Any] = Port("reports", "click commands below `serai report`: each writes one report for people to read")
FACT_TOUCHES: Port[Callable[[str], Iterable[str]]] = Port(
    "fact touches", "given a fact's key, what else looks different when the fact changes"
)
REVIEW_DAYS: Port[Callable[[], int]] = Port(
    "review days", "by the label in a fact's key: for how many days a check holds, where not as long as elsewhere"
)
