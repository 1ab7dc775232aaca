"""What is not public of a place is sealed; its columns keep what anybody may know."""

from typing import Any

from django.db import migrations, models

from serai.rooms.services_map.sensitivity import Whole, known_of, sealed_of, unsealed

FIELDS = ["cells", "texts", "children", "sealed"]
PLACE = [*FIELDS, "latitude", "longitude"]
AT_ONCE = 200


def _number(text: str) -> str | None:
    return text or None


def _text(number: Any) -> str:
    return "" if number is None else str(number)


def _close(row: Any, sensitivity: str, *, at: bool) -> Any:
    point = [] if at else [_text(row.latitude), _text(row.longitude)]
    whole = Whole(row.cells, row.texts, row.children, *point)
    known = known_of(whole, sensitivity, at=at)
    row.cells, row.texts, row.children, row.sealed = known.cells, known.texts, known.children, sealed_of(whole, known)
    if not at:
        row.latitude, row.longitude = _number(known.latitude), _number(known.longitude)
    return row


def _open(row: Any, *, at: bool) -> Any:
    whole = unsealed(row.sealed)
    row.cells, row.texts, row.children, row.sealed = whole.cells, whole.texts, whole.children, ""
    if not at:
        row.latitude, row.longitude = _number(whole.latitude), _number(whole.longitude)
    return row


def seal_all(apps: Any, schema_editor: Any) -> None:
    """Seals every place that is not public, and what stands at it."""
    places, there = apps.get_model("services_map", "Location"), apps.get_model("services_map", "ServiceAtLocation")
    hidden = places.objects.exclude(sensitivity="public")
    _change(places, hidden, PLACE, lambda row: _close(row, row.sensitivity, at=False))
    rows = there.objects.exclude(location__sensitivity="public").select_related("location")
    _change(there, rows, FIELDS, lambda row: _close(row, row.location.sensitivity, at=True))


def open_all(apps: Any, schema_editor: Any) -> None:
    """Back to columns in the clear."""
    places, there = apps.get_model("services_map", "Location"), apps.get_model("services_map", "ServiceAtLocation")
    _change(places, places.objects.exclude(sealed=""), PLACE, lambda row: _open(row, at=False))
    _change(there, there.objects.exclude(sealed=""), FIELDS, lambda row: _open(row, at=True))


def _change(model: Any, rows: Any, fields: list[str], change: Any) -> None:
    keys = list(rows.values_list("pk", flat=True))
    for at in range(0, len(keys), AT_ONCE):
        part = rows.model.objects.filter(pk__in=keys[at : at + AT_ONCE])
        if "latitude" not in fields:
            part = part.select_related("location")
        model.objects.bulk_update([change(row) for row in part], fields)


class Migration(migrations.Migration):
    dependencies = [("services_map", "0002_tally")]

    operations = [
        migrations.AddField("location", "sealed", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "serviceatlocation", "sealed", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.RunPython(seal_all, open_all, elidable=False),
    ]
