"""The version of the data, by which answers are known to be still right."""

from django.db import migrations, models
from django.db.models.functions import Now

from investments.ledger import sql


class Migration(migrations.Migration):
    dependencies = [("investments", "0003_ledger")]

    operations = [
        migrations.CreateModel(
            name="DataChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=Now(), verbose_name="at")),
            ],
            options={"verbose_name": "change of the data", "verbose_name_plural": "changes of the data"},
        ),
        migrations.RunSQL(sql.text("version"), migrations.RunSQL.noop),
    ]
