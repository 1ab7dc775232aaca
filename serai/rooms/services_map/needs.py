"""What people look for: keys and pictograms are data (needs.yaml), their names stand in the catalogues."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

OTHER = "other"

NAMES = {
    "doctor": _("Doctor or nurse"),
    "medicine": _("Medicine"),
    "pregnancy": _("Pregnancy and birth"),
    "dentist": _("Dentist"),
    "mental-health": _("Somebody to talk to when it is heavy"),
    "disability": _("Help with a disability"),
    "shelter": _("A place to sleep"),
    "food": _("Food"),
    "water": _("Water"),
    "washing": _("Shower and laundry"),
    "clothes": _("Clothes and blankets"),
    "cash": _("Money help"),
    "registration": _("Registration desk"),
    "asylum": _("Asylum and protection"),
    "documents": _("Papers and certificates"),
    "legal": _("Legal advice"),
    "worker-rights": _("Rights at work"),
    "work": _("Finding work"),
    "education": _("School"),
    "language-course": _("Language course"),
    "child-protection": _("Help for children"),
    "violence": _("Help against violence"),
    "family-tracing": _("Looking for family"),
    "information": _("Information"),
    "transport": _("Transport"),
    "wifi": _("Wi-Fi"),
    "charging": _("Charging a phone"),
    "sim": _("SIM card"),
    "phone-repair": _("Phone repair"),
    "consulate": _("Consulate"),
    "other": _("Other help"),
}

GROUPS = {
    "health": _("Health"),
    "daily": _("Sleeping, eating, washing"),
    "offices": _("Papers and offices"),
    "life": _("Work and learning"),
    "safety": _("Safety and family"),
    "phone": _("Phone and internet"),
    "other": _("Other help"),
}
LAYERS = ("phone", "offices")
"""Groups that stand beside every list near a place."""


@dataclass(frozen=True)
class Need:
    """One thing that people look for. sensitive: places that offer it are made public one by one only."""

    key: str
    group: str
    icon: str
    sensitive: bool

    @property
    def name(self) -> Any:
        """What it is called, in the language that is speaking."""
        return NAMES[self.key]


@lru_cache(maxsize=1)
def needs() -> dict[str, Need]:
    """All needs by key, in the order of the screen."""
    rows = yaml.safe_load((Path(__file__).parent / "needs.yaml").read_text(encoding="utf-8"))
    return {row["key"]: Need(row["key"], row["group"], row["icon"], bool(row.get("sensitive"))) for row in rows}


def grouped() -> dict[str, list[Need]]:
    """Needs by group, in the order of GROUPS."""
    return {group: [need for need in needs().values() if need.group == group] for group in GROUPS}
