"""Guides are found by their path in the tree, which Wagtail does not index."""

from django.db import migrations


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX IF NOT EXISTS guides_url_path ON wagtailcore_page USING hash (url_path)")
    else:
        schema_editor.execute("CREATE INDEX IF NOT EXISTS guides_url_path ON wagtailcore_page (url_path)")


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS guides_url_path")


class Migration(migrations.Migration):
    dependencies = [("guides", "0004_alerts_told_and_contacts")]
    operations = [migrations.RunPython(index, drop)]
