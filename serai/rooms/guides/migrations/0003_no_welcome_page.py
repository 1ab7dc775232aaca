"""Wagtail's own welcome page and site go: the tree holds a home per language, and addresses are ours."""

from django.db import migrations
from django.db.models import F


def remove(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    welcome = Page.objects.filter(depth=2, numchild=0, slug="home", content_type__model="page")
    for page in welcome:
        Site.objects.filter(root_page_id=page.pk).delete()
        Page.objects.filter(pk=page.pk).delete()
        Page.objects.filter(depth=1, path=page.path[:4]).update(numchild=F("numchild") - 1)


class Migration(migrations.Migration):
    dependencies = [("guides", "0002_urgent_acts_and_alerts")]
    operations = [migrations.RunPython(remove, migrations.RunPython.noop)]
