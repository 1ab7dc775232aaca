"""The database itself refuses a contact-only place with a point. On its own: PostgreSQL takes no new constraint in the
transaction that has just changed the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services_map", "0003_sealed")]

    operations = [
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sensitivity", "contact-only"), _negated=True),
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    _connector="OR",
                ),
                name="hidden_place_has_no_point",
            ),
        ),
    ]
