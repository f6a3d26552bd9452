"""How text is folded and found; the tables' search columns use it."""

from django.db import migrations

from investments.ledger import sql


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []

    operations = [migrations.RunSQL(sql.text("text"), migrations.RunSQL.noop)]
