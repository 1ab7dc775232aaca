"""A directory of an invented town as its office keeps it, in two languages, and the mapping that its office wrote."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from serai.lib.mapping.convert import Converted, convert, convert_file
from serai.lib.mapping.definition import Mapping, load_mapping
from serai.lib.mapping.features import Feature

TODAY = date(2026, 11, 22)
Spoil = Callable[[dict[str, Any]], None]

MAPPING = """
name: lindenbach
reads: geojson
written_in: en
files:
  ar: places.ar.json
id: "{@id}"
box: [46.4, 9.5, 49.1, 17.2]
phones: {code: "43", trunk: "0", digits: [9, 10]}
source:
  name: City of Lindenbach
  url: https://linden.example/list
organization:
  id: "{run by}"
  name: "{run by}"
  description: Listed by the city
service:
  name: ["{what} ({for})", "{what}"]
  description:
    from: "{about}"
    in: {ar: "{شرح}", fr: Aide}
  url: "{web}"
  email: "{mail}"
  assured_date: {from: "{checked}", format: DD.MM.YYYY}
  valid_to: {from: "{until}", format: DD.MM.YYYY}
  needs:
    from: "{what}"
    codes: {Doctor: doctor, Soup kitchen: [food, water], Meeting: ~}
  papers_asked: {from: "{papers}", codes: {asked: "yes", not asked: "no"}}
  free: "{free}"
  operates_for: {from: "{state}", known: countries}
  hours:
    from: ["{days} {opens}-{closes}", "{days} off"]
    words:
      Mon-Fri: Mo-Fr
      Sunday: Su
      8:30am: "08:30"
      1pm: "13:00"
      8:30am + 1pm: "08:30,13:00"
      5pm: "17:00"
      sometimes: ~
    only_if: {"{how often}": [weekly]}
location:
  id: "{street}"
  name: "{street}"
  position: geometry
  timezone: Europe/Vienna
  step_free: {from: "{lift}", codes: {"ja": "yes"}}
phone:
  - {of: service, number: "{phone}"}
  - {of: location, number: "{door}", type: voice}
language:
  of: service
  each: code
  code: {from: "{languages}", separator: "/", known: languages}
required_document:
  each: document
  document: {from: "{bring}", separator: ";"}
"""

_DOCTOR: dict[str, Any] = {
    "type": "Feature",
    "id": 7,
    "properties": {
        "run by": "Linden Aid", "what": "Doctor", "for": "", "about": "Free visits", "web": "https://linden.example/d",
        "mail": "mailto:doctor@linden.example", "checked": "12.10.2026", "papers": {"not asked": True}, "free": True,
        "days": {"Mon-Fri": True}, "opens": {"8:30am": True}, "closes": {"5pm": True}, "how often": "weekly",
        "street": "Mill Lane 1", "phone": "+43 1 5550100", "languages": "Arabic/German", "bring": "Passport; Photo",
        "lift": ["ja"],
    },
    "geometry": {"type": "Point", "coordinates": [16.37, 48.2082]},
}  # fmt: skip
_ARABIC: dict[str, Any] = {
    "type": "Feature",
    "id": 7,
    "properties": {
        "run by": "Linden Aid",
        "what": "طبيب",
        "شرح": "زيارات مجانية",
        "street": "ميل",
        "bring": "جواز;صورة",
    },
}


def doctor() -> dict[str, Any]:
    """One thing that is sound in every field."""
    return copy.deepcopy(_DOCTOR)


def arabic() -> dict[str, Any]:
    """The same in Arabic, without what has no words."""
    return copy.deepcopy(_ARABIC)


def mapping(text: str = MAPPING) -> Mapping:
    """The office's mapping, or another that has no error."""
    found, errors = load_mapping(text)
    assert found is not None, errors
    return found


def converted(
    items: Iterable[dict[str, Any]], arabics: Iterable[dict[str, Any]] = (), text: str = MAPPING
) -> Converted:
    """What GeoJSON features come to, without files."""
    return convert(features(items), mapping(text), {"ar": features(arabics)} if arabics else {}, today=TODAY)


def features(items: Iterable[dict[str, Any]]) -> list[Feature]:
    """GeoJSON features as they are read."""
    return [
        Feature(number, {**item["properties"], "@id": item["id"]}, item.get("geometry"))
        for number, item in enumerate(items, 1)
    ]


def spoilt(**properties: Any) -> Converted:
    """The sound thing with some properties changed."""
    item = doctor()
    item["properties"].update({name.replace("_", " "): value for name, value in properties.items()})
    return converted([item])


def from_files(folder: Path, items: object, arabics: object, text: str = MAPPING) -> Converted:
    """The same through files in a folder."""
    (folder / "places.json").write_text(json.dumps(items), "utf-8")
    (folder / "places.ar.json").write_text(json.dumps(arabics), "utf-8")
    return convert_file(folder / "places.json", mapping(text), today=TODAY)
