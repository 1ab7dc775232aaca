"""Who does what where and when: the 3W/4W table that organisations exchange, in HXL 1.1.

A header for people, a row of hashtags for programs (hxlstandard.org), then one row for each organisation, service,
need and place. Organisations only: no phone, no contact, no name of a person. A place that is not public leaves its
row without any place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from serai.lib.hsds.ours import NEED_NAMES, Extras, extras_of
from serai.lib.tables import Cell, Row, Table, write_csv

Region = tuple[str, str]  # name and code of the country's first level below itself
COLUMNS = {
    "#org+name": "Organisation",
    "#org+code": "Organisation ID",
    "#sector+name": "Need",
    "#sector+code": "Need ID",
    "#service+name": "Service",
    "#status": "Status",
    "#country+code": "Country",
    "#adm1+name": "Region",
    "#adm1+code": "Region ID",
    "#loc+name": "Place",
    "#geo+lat": "Latitude",
    "#geo+lon": "Longitude",
    "#date+start": "From",
    "#date+end": "To",
    "#date+reported": "Checked on",
    "#meta+source": "Source",
}
_NOWHERE: tuple[Cell, ...] = ("",) * 6


def write_4w(
    tables: Mapping[str, Table],
    *,
    is_public: Callable[[str], bool],
    region_of: Callable[[str], Region] | None = None,
    header: Sequence[str] = tuple(COLUMNS.values()),
) -> bytes:
    """The table as CSV in UTF-8.

    is_public: by the id of a location, whether everybody may know where it is. region_of: by the same id, instead of
    what the address says. header: what people read above each column, in their language. ValueError for another
    number of columns.
    """
    if len(header) != len(COLUMNS):
        raise ValueError(f"{len(COLUMNS)} columns need as many words, not {len(header)}")
    rows = dict.fromkeys(_Directory(tables, is_public, region_of).rows())
    return write_csv(header, [tuple(COLUMNS), *rows])


class _Directory:
    """Rows by id, and what our attributes say of them."""

    def __init__(
        self, tables: Mapping[str, Table], is_public: Callable[[str], bool], region_of: Callable[[str], Region] | None
    ) -> None:
        self.tables, self.is_public, self.region_of = tables, is_public, region_of
        self.extras = extras_of(tables)
        self.names = {_text(row, "id"): _text(row, "name") for row in self.of("organization")}
        self.places = {_text(row, "id"): row for row in self.of("location")}
        self.addresses = {_text(row, "location_id"): row for row in reversed(self.of("address"))}
        self.at: dict[str, list[str]] = {}
        for row in self.of("service_at_location"):
            self.at.setdefault(_text(row, "service_id"), []).append(_text(row, "location_id"))

    def of(self, table: str) -> list[Row]:
        return self.tables[table].rows if table in self.tables else []

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        for service in self.of("service"):
            extras = self.extras.get(("service", _text(service, "id")), Extras())
            organization = _text(service, "organization_id")
            when = (extras.valid_from, extras.valid_to, _text(service, "assured_date"), extras.source_name)
            for need in extras.needs or ("",):
                what = (NEED_NAMES.get(need, ""), need, _text(service, "name"), _text(service, "status"))
                for place in self.at.get(_text(service, "id"), [""]):
                    where = self.where(place) if place and self.is_public(place) else _NOWHERE
                    yield (self.names.get(organization, ""), organization, *what, *where, *when)

    def where(self, place: str) -> tuple[Cell, ...]:
        location, address = self.places.get(place), self.addresses.get(place)
        country = self.extras.get(("location", place), Extras()).country or _text(address, "country")
        region = self.region_of(place) if self.region_of else (_text(address, "state_province"), "")
        return (
            country,
            *region,
            _text(location, "name"),
            *(_number(location, end) for end in ("latitude", "longitude")),
        )


def _text(row: Row | None, column: str) -> str:
    return row.text(column) if row is not None and column in row.cells else ""


def _number(row: Row | None, column: str) -> Cell:
    """As a number, so that a spreadsheet does not take -35.3 for a formula."""
    try:
        return Decimal(_text(row, column))
    except InvalidOperation:
        return ""
