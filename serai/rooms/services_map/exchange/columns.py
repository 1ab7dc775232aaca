"""What a row says that has a column of its own in the house: places, hours, what is asked, who checked it and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from serai.kernel.access.models import Organisation
from serai.kernel.facts.actions import FactStated
from serai.kernel.facts.models import Fact
from serai.kernel.languages.registry import known, language
from serai.kernel.places.towns import box_of, nearest_zone
from serai.lib.dates import parse_day
from serai.lib.geo import Box, Point, looks_swapped
from serai.lib.hsds.problems import Problem, shown
from serai.lib.hsds.schema import FIELDS
from serai.lib.locales import country_zone

from ..keys import fact_key
from ..models import Answer, Location, Row, Sensitivity, Service, ServiceAtLocation
from ..needs import needs
from .arriving import Arrival, Coming

FILLS: dict[str, tuple[str, ...]] = {
    "organization": (),
    "service": (
        "organization_id", "status", "needs", "languages", "audiences", "papers_asked", "free", "operates_for",
        "valid_from", "valid_to", "hours", "fact_id",
    ),
    "location": (
        "organization_id", "sensitivity", "latitude", "longitude", "timezone", "country", "step_free", "hours",
        "sealed",
    ),
    "service_at_location": ("service_id", "location_id", "hours", "sealed"),
}  # fmt: skip
"""What is compared and written. Links by their id: asking for the row itself would be a query for each."""

AS_SAID = "as-said"
_STRICT = [Sensitivity.PUBLIC, Sensitivity.APPROXIMATE, Sensitivity.CONTACT_ONLY]
_EXACT = Decimal("0.000001")
LONGEST_ADDRESS: int = Fact._meta.get_field("source_url").max_length or 0


class Setting:
    """What holds for a whole import: publisher, language, how exactly new places may be known, and what was wrong."""

    def __init__(self, arrival: Arrival, publisher: Organisation, tag: str, places: str, theirs: bool) -> None:
        self.arrival, self.publisher, self.tag, self.places, self.theirs = arrival, publisher, tag, places, theirs
        self.problems: list[Problem] = []
        self.today = timezone.localdate()
        self.delicate: set[UUID] = set()

    def see(self, standing: Mapping[UUID, Row]) -> None:
        """Which places are delicate, also by what this house knows of services and the files do not say."""
        self.delicate = _delicate_places(self.arrival, standing)

    def fill(self, coming: Coming, row: Row, standing: Row | None) -> None:
        """Puts what came into the columns of a row; standing: the same row as it is in the house, or None."""
        if isinstance(row, Service):
            self._service(coming, row)
            if isinstance(standing, Service):
                row.fact_id = standing.fact_id
        elif isinstance(row, Location):
            self._location(coming, row, standing if isinstance(standing, Location) else None)
        elif isinstance(row, ServiceAtLocation):
            row.service_id, row.location_id = coming.links["service_id"], coming.links["location_id"]  # type: ignore[assignment]
        if isinstance(row, Service | Location | ServiceAtLocation):
            row.hours = coming.extras.opening_hours

    def tag_of(self, coming: Coming) -> str:
        """The language the cells of a row are in."""
        said = coming.extras.written_in
        return language(said).tag if known(said) else self.tag

    def text_fields(self, table: str) -> frozenset[str]:
        """Fields of a table that hold words of a language."""
        return _text_fields(table)

    def _service(self, coming: Coming, row: Service) -> None:
        extras = coming.extras
        row.organization_id = coming.links["organization_id"]  # type: ignore[assignment]
        row.status = coming.said["status"]
        row.needs = [key for key in needs() if key in extras.needs]
        row.audiences = list(extras.audience)
        row.operates_for = list(extras.operates_for)
        row.languages = sorted(_spoken(coming))
        row.papers_asked = extras.papers_asked or (Answer.YES if coming.children.get("required_document") else "")
        row.free = extras.free or _free(coming)
        row.valid_from, row.valid_to = day_of(extras.valid_from), day_of(extras.valid_to)
        if len(extras.source_url) > LONGEST_ADDRESS:
            self.problems.append(Problem("service", coming.row, "source_url", "link-long", shown(extras.source_url)))
        assured = day_of(coming.said.get("assured_date", ""))
        if assured and assured > self.today:
            self.problems.append(Problem("service", coming.row, "assured_date", "future", assured.isoformat()))

    def _location(self, coming: Coming, row: Location, standing: Location | None) -> None:
        extras = coming.extras
        row.organization_id = coming.links["organization_id"] if self._stands(coming.links["organization_id"]) else None
        row.country = extras.country or _country(coming)
        row.step_free = extras.step_free
        latitude, longitude = (_decimal(coming.said.get(name, "")) for name in ("latitude", "longitude"))
        row.latitude, row.longitude = latitude, longitude
        point = Point(float(latitude), float(longitude)) if latitude is not None and longitude is not None else None
        if point and row.country:
            self._check_point(coming, point, row.country)
        row.timezone = extras.timezone or country_zone(row.country) or (nearest_zone(point) if point else "")
        row.sensitivity = self._sensitivity(coming) if standing is None else self._still(coming, standing)

    def _stands(self, pk: UUID | None) -> bool:
        return pk is not None and pk in self.arrival.rows["organization"]

    def _check_point(self, coming: Coming, point: Point, country: str) -> None:
        box = _box(country)
        if box is None or box.contains(point):
            return
        code = "swapped" if looks_swapped(point, box) else "far-from-country"
        self.problems.append(Problem("location", coming.row, "latitude", code, f"{point.lat}, {point.lon}"))

    def _sensitivity(self, coming: Coming) -> str:
        """Contact only unless a person said more for this import; a file alone can only be stricter."""
        said = coming.extras.sensitivity
        if self.places == AS_SAID:
            return said or Sensitivity.CONTACT_ONLY
        if not self.places or coming.id in self.delicate:
            return Sensitivity.CONTACT_ONLY
        return max(self.places, said or self.places, key=_STRICT.index)  # type: ignore[arg-type]

    def _still(self, coming: Coming, standing: Location) -> str:
        """What a person said of a place holds; files that are believed can only be stricter, or replace all of it."""
        said = coming.extras.sensitivity
        if self.places != AS_SAID or not said:
            return standing.sensitivity
        return said if self.theirs else max(standing.sensitivity, said, key=_STRICT.index)  # type: ignore[arg-type]


def fact_stated(coming: Coming, setting: Setting, standing: Fact | None) -> FactStated | None:
    """Who says so, when it was last assured (HSDS assured_date) and until when that holds.

    None where the house knows that already, or has looked itself since.
    """
    extras = coming.extras
    owner = setting.arrival.rows["organization"].get(coming.links["organization_id"])  # type: ignore[arg-type]
    name = owner.cells.get("name", "") if owner else ""
    assured = day_of(coming.said.get("assured_date", ""))
    if standing and standing.checked_on and (assured is None or standing.checked_on > assured):
        return None
    website = owner.cells.get("website", "") if owner else ""
    # An address of the service or of who offers it stands for one that nobody named, where it fits.
    addresses = (extras.source_url, coming.cells.get("url", ""), website)
    fact = FactStated(
        key=fact_key(coming.id),
        source_name=(extras.source_name or name)[:200],
        source_url=next((address for address in addresses if 0 < len(address) <= LONGEST_ADDRESS), ""),
        checked_on=assured,
        checked_by=name[:200] if assured else "",
        review_by=_until(assured, day_of(extras.review_by)),
    )
    said = {name: value for name, value in vars(fact).items() if name != "checked_by"}
    return None if standing and all(getattr(standing, name) == value for name, value in said.items()) else fact


def _until(assured: date | None, said: date | None) -> date | None:
    """Until when a check holds: as long as the house's rule lets it, or less if the source says so."""
    return min(said or review_of(assured), review_of(assured)) if assured else None


def _delicate_places(arrival: Arrival, standing: Mapping[UUID, Row]) -> set[UUID]:
    """Places at which something is offered that could hurt somebody if the place were known."""
    delicate = {key for key, need in needs().items() if need.sensitive}
    services = {pk for pk, row in arrival.rows["service"].items() if delicate & set(row.extras.needs)}
    services |= {pk for pk, row in standing.items() if isinstance(row, Service) and delicate & set(row.needs)}
    return {
        row.links["location_id"] for row in arrival.rows["service_at_location"].values()
        if row.links["service_id"] in services and row.links["location_id"]
    }  # fmt: skip


def _spoken(coming: Coming) -> set[str]:
    rows = [row for row in coming.children.get("language", ()) if row.get("service_id")]
    return {language(tag).tag for row in rows if known(tag := str(row.get("code") or ""))}


def _free(coming: Coming) -> str:
    """Yes where every price is nothing, no where one is something, else nobody has said."""
    amounts = [_decimal(row["amount"]) for row in coming.children.get("cost_option", ()) if row.get("amount")]
    if not amounts:
        return ""
    return Answer.NO if any(amounts) else Answer.YES


def _country(coming: Coming) -> str:
    found = [str(row.get("country") or "").strip().upper() for row in coming.children.get("address", ())]
    return next((code for code in found if len(code) == 2 and code.isascii() and code.isalpha()), "")


@lru_cache(maxsize=300)
def _box(country: str) -> Box | None:
    return box_of(country)


@lru_cache(maxsize=20)
def _text_fields(table: str) -> frozenset[str]:
    not_words = {"external_identifier", "external_identifier_type", "location_type", "tax_status", "tax_id", "logo"}
    return frozenset(
        name for name, field in FIELDS[table].items()
        if field.kind == "text" and not field.enum and not field.refers_to and name not in not_words
    )  # fmt: skip


def review_of(assured: date) -> date:
    """Until when a check of a service holds."""
    return assured + timedelta(days=settings.SERAI_SERVICE_REVIEW_DAYS)


def day_of(text: str) -> date | None:
    """A day as checked tables hold it, or None."""
    return parse_day(text) if text else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text).quantize(_EXACT) if text else None
