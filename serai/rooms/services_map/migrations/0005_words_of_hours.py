"""What is written beside the hours of a place that is not public is sealed with the place, and so are free words of the
rows under it."""

from dataclasses import replace
from typing import Any

from django.db import migrations

from serai.rooms.services_map.sensitivity import Whole, known_of, sealed_of, unsealed

FIELDS = ["children", "hours", "sealed"]
AT_ONCE = 200


def _whole(row: Any, *, at: bool) -> Whole:
    point = [] if at else ["" if number is None else str(number) for number in (row.latitude, row.longitude)]
    whole = unsealed(row.sealed) if row.sealed else Whole(row.cells, row.texts, row.children, *point)
    return replace(whole, hours=whole.hours or row.hours)


def _hidden(apps: Any) -> list[tuple[Any, bool]]:
    places, there = apps.get_model("services_map", "Location"), apps.get_model("services_map", "ServiceAtLocation")
    rows = there.objects.exclude(location__sensitivity="public").select_related("location")
    return [(places.objects.exclude(sensitivity="public"), False), (rows, True)]


def seal_words(apps: Any, schema_editor: Any) -> None:
    """Takes them from the columns."""
    for rows, at in _hidden(apps):
        changed = []
        for row in rows.iterator(chunk_size=AT_ONCE):
            whole = _whole(row, at=at)
            known = known_of(whole, row.location.sensitivity if at else row.sensitivity, at=at)
            if (known.children, known.hours) != (row.children, row.hours):
                row.children, row.hours, row.sealed = known.children, known.hours, sealed_of(whole, known)
                changed.append(row)
        rows.model.objects.bulk_update(changed, FIELDS, batch_size=AT_ONCE)


def open_words(apps: Any, schema_editor: Any) -> None:
    """Puts the hours back; rows under a place are opened with the place by the step before."""
    for rows, at in _hidden(apps):
        changed = [row for row in rows.exclude(sealed="")]
        for row in changed:
            row.hours = _whole(row, at=at).hours
        rows.model.objects.bulk_update(changed, ["hours"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("services_map", "0004_hidden_place_has_no_point")]

    operations = [migrations.RunPython(seal_words, open_words, elidable=False)]
