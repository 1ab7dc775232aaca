"""What the services map tells the house: what can be found by words, what waits, what facts are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from serai.kernel.access.viewer import Viewer
from serai.kernel.languages.registry import known
from serai.kernel.register.ports import DueFact, QueueCount, SearchDocument

from ..access import EVERYBODY, findable
from ..keys import DIRECTORY, FACT, document_key, fact_key, service_touch
from ..models import Organization, Service
from ..needs import needs
from .closures import closures_waiting
from .lines import said_under

_WORDS = (
    "alternate_name",
    "description",
    "eligibility_description",
    "application_process",
    "fees_description",
    "alert",
)
_ANY = UUID(int=0)
_AT_ONCE = 500
_KEPT = 2_000
_UNREAD = ("languages", "audiences", "operates_for", "hours")
_UNDER = (("required_document", "document"), ("service_area", "name"))


def search_documents(among: QuerySet[Service] | None = None) -> Iterator[SearchDocument]:
    """Every service that is found, in each language in which it has a name: by what it offers, never by where it is."""
    rows = (Service.objects.all() if among is None else among).filter(findable()).defer(*_UNREAD)
    pages: dict[str, str] = {}  # of any service, by language: finding the way to each is long for a whole directory
    for service, organization in _with_organization(rows.iterator(chunk_size=_AT_ONCE)):
        spoken = {service.language, *(tag for tag, said in service.texts.items() if said.get("name"))}
        for tag in sorted(spoken):
            if known(tag):
                page = pages.get(tag) or pages.setdefault(tag, _page(_ANY, tag))
                offered_by = organization.said("name", tag).text
                yield _document(service, offered_by, tag, page.replace(str(_ANY), str(service.pk)))


def _with_organization(rows: Iterator[Service]) -> Iterator[tuple[Service, Organization]]:
    """Each service with who offers it: one that offers many is read once for them."""
    known: dict[UUID, Organization] = {}
    while part := list(islice(rows, _AT_ONCE)):
        if len(known) > _KEPT:
            known.clear()
        known |= Organization.objects.in_bulk({row.organization_id for row in part} - known.keys())
        yield from ((row, known[row.organization_id]) for row in part)


def _document(service: Service, organization: str, tag: str, page: str) -> SearchDocument:
    called = _names_of_needs(tag)
    wanted = [called[key] for key in service.needs if key in called]
    has = set(service.cells).union(*service.texts.values())
    words = [service.said(name, tag).text for name in _WORDS if name in has]
    under = [
        said_under(row, name, service.language, tag).text for table, name in _UNDER for row in service.under(table)
    ]
    return SearchDocument(
        key=document_key(service.pk),
        language=tag,
        title=service.said("name", tag).text,
        summary=organization,
        body=" ".join(part for part in (*wanted, organization, *words, *under) if part),
        url=page,
        publisher=organization,
        kind="service",
    )


def search_changes(keys: frozenset[str]) -> Mapping[str, list[SearchDocument]]:
    """What the touched services look like in the index today."""
    touched = [key.removeprefix("service:") for key in keys if key.startswith("service:")]
    found: dict[str, list[SearchDocument]] = {document_key(pk): [] for pk in touched}
    for document in search_documents(Service.objects.filter(pk__in=touched)) if touched else ():
        found[document.key].append(document)
    return found


@lru_cache(maxsize=200)
def _names_of_needs(tag: str) -> dict[str, str]:
    """What needs are called in a language, by their key."""
    with override(tag.lower()):
        return {key: str(need.name) for key, need in needs().items()}


def _page(pk: UUID, tag: str) -> str:
    """The public page of a service, also where the desk is asking."""
    return reverse("services_map:service", kwargs={"lang": tag, "pk": pk}, urlconf=settings.ROOT_URLCONF)


def touches_of_fact(key: str) -> Iterable[str]:
    """What looks different when the fact about a service changes."""
    return [service_touch(key.removeprefix(FACT)), DIRECTORY] if key.startswith(FACT) else []


def due_facts(keys: list[str]) -> dict[str, DueFact]:
    """What facts of services are about, for the "to check" list. One query."""
    wanted = [UUID(key.removeprefix(FACT)) for key in keys if key.startswith(FACT)]
    found = {}
    for service in Service.objects.filter(pk__in=wanted):
        tag = settings.SERAI_LANGUAGES[0]
        name = service.said("name", tag)
        found[fact_key(service.pk)] = DueFact(
            key=fact_key(service.pk),
            title=name.text,
            organisation_id=str(service.publisher_id),
            language=name.language,
            public_url=_page(service.pk, tag),
            desk_url=f"/services/{service.pk}/",
        )
    return found


def queues(viewer: Viewer) -> Iterable[QueueCount]:
    """Closings that wait for this viewer's second look."""
    rows = closures_waiting(viewer=viewer).exclude(by_id__in=viewer.user_ids)
    since = list(rows.values_list("at", flat=True))
    title = _("Places closed at once, to review")
    route = "services_map:desk"
    yield QueueCount("services_map.closures", title, route, len(since), min(since, default=None), frozenset(EVERYBODY))
