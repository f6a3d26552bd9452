"""The ledger: functions and triggers that keep the derived rows right."""

from django.db import migrations

from investments.ledger import sql


class Migration(migrations.Migration):
    dependencies = [("investments", "0002_facts")]

    operations = [migrations.RunSQL(sql.text(name), migrations.RunSQL.noop) for name in sql.AFTER_TABLES]
