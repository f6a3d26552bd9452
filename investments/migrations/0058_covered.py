"""Which deals another one covers is worked out for all that change at once, not deal by deal."""

from django.db import migrations

from investments.ledger import sql


class Migration(migrations.Migration):

    dependencies = [
        ("investments", "0057_entry_names"),
    ]

    operations = [
        migrations.RunSQL(sql.text("derive"), migrations.RunSQL.noop),
        migrations.RunSQL("DROP FUNCTION IF EXISTS ledger_is_covered(bigint)", migrations.RunSQL.noop),
    ]
