from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guides", "0007_rights_to_bring_files")]

    operations = [
        migrations.AlterField(
            model_name="topic",
            name="stage",
            field=models.CharField(
                choices=[
                    ("before", "Before I go"),
                    ("way", "On the way"),
                    ("arriving", "Arriving"),
                    ("living", "Living here"),
                    ("working", "Working"),
                    ("protection", "Getting protection"),
                    ("return", "Going back"),
                    ("helping", "Helping others"),
                ],
                max_length=12,
            ),
        ),
    ]
