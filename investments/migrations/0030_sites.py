"""What dated facts say of a site on a day, and how far apart two places are."""

from django.db import migrations

from investments.ledger import sql


class Migration(migrations.Migration):
    dependencies = [("investments", "0021_groups")]

    operations = [migrations.RunSQL(sql.text("sites"), migrations.RunSQL.noop)]
