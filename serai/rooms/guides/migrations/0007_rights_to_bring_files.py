"""Authors bring in pictures and recordings by the rights of Wagtail's own models, which Wagtail asks for."""

from django.db import migrations

RIGHTS = {
    "add_houseimage": "add_image",
    "choose_houseimage": "choose_image",
    "add_housedocument": "add_document",
    "choose_housedocument": "choose_document",
}


def swap(apps, schema_editor, rights=RIGHTS):
    rows = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    permissions = apps.get_model("auth", "Permission").objects
    for before, after in rights.items():
        wanted = permissions.filter(codename=after).first()
        if wanted is not None:
            rows.filter(permission__codename=before).update(permission=wanted)


def swap_back(apps, schema_editor):
    swap(apps, schema_editor, {after: before for before, after in RIGHTS.items()})


class Migration(migrations.Migration):
    dependencies = [("guides", "0006_staged_uploads"), ("wagtailimages", "__first__"), ("wagtaildocs", "__first__")]
    operations = [migrations.RunPython(swap, swap_back)]
