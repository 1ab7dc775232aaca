"""An offer keeps the usual hours that hold for it, so that hundreds are asked whether they are open in one question."""

from typing import Any

from django.db import migrations, models

from serai.rooms.services_map.hours import Times, times_said

AT_ONCE = 500
BY_PHONE = models.Q(latitude__isnull=True, longitude__isnull=True)
FIELDS = ["hours", "schedule", "timezone", "country"]


def _times(offer: Any) -> Times:
    for row in (offer.at, offer.service, offer.at.location if offer.at else None):
        if row is not None and (row.hours or row.children.get("schedule")):
            return times_said(row.hours, row.children.get("schedule", []))
    return Times()


def write_hours(apps: Any, schema_editor: Any) -> None:
    """Into the offers that are there."""
    model = apps.get_model("services_map", "Offer")
    # What an import had moved to another service would stay found under the first one, with its point.
    model.objects.exclude(at=None).exclude(service_id=models.F("at__service_id")).delete()
    changed = []
    for offer in model.objects.select_related("service", "at__location").iterator(chunk_size=AT_ONCE):
        times = _times(offer)
        offer.hours, offer.schedule = times.osm, times.rows
        if offer.at:
            offer.timezone, offer.country = offer.at.location.timezone, offer.at.location.country
        changed.append(offer)
        if len(changed) == AT_ONCE:
            model.objects.bulk_update(changed, FIELDS)
            changed = []
    model.objects.bulk_update(changed, FIELDS)


class Migration(migrations.Migration):
    dependencies = [("services_map", "0005_words_of_hours")]

    operations = [
        migrations.AddField("offer", "hours", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("offer", "schedule", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "offer", "timezone", models.CharField(blank=True, default="", max_length=60), preserve_default=False
        ),
        migrations.AddField(
            "offer", "country", models.CharField(blank=True, default="", max_length=2), preserve_default=False
        ),
        *(
            migrations.AddIndex("offer", models.Index(fields=[field, "id"], name=name, condition=BY_PHONE))
            for field, name in (("need", "offer_of_a_need_by_phone"), ("first", "offer_by_phone"))
        ),
        migrations.RunPython(write_hours, migrations.RunPython.noop, elidable=False),
    ]
