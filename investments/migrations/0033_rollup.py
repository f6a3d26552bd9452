"""The rollup: what the ledger adds up for everything public, kept as it changes."""

from django.db import migrations, models

from investments.ledger import sql

# Entries made before carry no marks yet.
MARK = """
    WITH marks AS (
        SELECT e.announcement_id, d.kind, d.status, d.headline_usd IS NOT NULL AS is_priced,
               d.id IN (SELECT ledger_covered(ARRAY(SELECT id FROM investments_deal))) AS is_covered,
               row_number() OVER (in_order) = 1 AS opens,
               e.low_usd <> 0 AND row_number() OVER (low_in_order) = 1 AS opens_low,
               e.high_usd <> 0 AND row_number() OVER (high_in_order) = 1 AS opens_high
        FROM investments_ledgerentry e
        JOIN investments_deal d ON d.id = e.deal_id
        JOIN investments_announcement a ON a.id = e.announcement_id
        WINDOW in_order AS (PARTITION BY e.deal_id ORDER BY e.date, a.key COLLATE "C"),
               low_in_order AS (PARTITION BY e.deal_id, e.low_usd <> 0 ORDER BY e.date, a.key COLLATE "C"),
               high_in_order AS (PARTITION BY e.deal_id, e.high_usd <> 0 ORDER BY e.date, a.key COLLATE "C")
    )
    UPDATE investments_ledgerentry e
    SET (kind, status, is_priced, is_covered, opens, opens_low, opens_high)
      = (m.kind, m.status, m.is_priced, m.is_covered, m.opens, m.opens_low, m.opens_high)
    FROM marks m WHERE m.announcement_id = e.announcement_id"""


class Migration(migrations.Migration):

    dependencies = [
        ('investments', '0032_whole_places'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpendingRollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('kind', models.CharField(max_length=16, verbose_name='kind')),
                ('status', models.CharField(max_length=16, verbose_name='status')),
                ('is_covered', models.BooleanField(verbose_name='inside another deal with money')),
                ('low_usd', models.DecimalField(decimal_places=2, max_digits=24, verbose_name='floor, USD')),
                ('high_usd', models.DecimalField(decimal_places=2, max_digits=24, verbose_name='headline, USD')),
                ('low_statements', models.BigIntegerField(verbose_name='announcements that move the floor')),
                ('high_statements', models.BigIntegerField(verbose_name='announcements that move the headline')),
                ('low_deals', models.BigIntegerField(verbose_name='deals with a floor')),
                ('high_deals', models.BigIntegerField(verbose_name='deals with a headline')),
                ('deals', models.BigIntegerField(verbose_name='deals')),
                ('unpriced_deals', models.BigIntegerField(verbose_name='deals without a total')),
            ],
            options={
                'verbose_name': 'sum of spending',
                'verbose_name_plural': 'sums of spending',
                'ordering': ['month', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='is_covered',
            field=models.BooleanField(default=False, verbose_name='inside another deal with money'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='is_priced',
            field=models.BooleanField(default=False, verbose_name='of a deal with a total'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(default='', max_length=16, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='opens',
            field=models.BooleanField(default=False, verbose_name='first of its deal'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='opens_high',
            field=models.BooleanField(default=False, verbose_name='first with a headline that is not zero'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='opens_low',
            field=models.BooleanField(default=False, verbose_name='first with a floor that is not zero'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='status',
            field=models.CharField(default='', max_length=16, verbose_name='status'),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                models.OrderBy(models.F("high_usd"), descending=True),
                models.F("announcement"),
                include=("date", "status", "is_covered"),
                name="ledger_entry_largest",
            ),
        ),
        *(migrations.RunSQL(sql.text(name), migrations.RunSQL.noop) for name in ("derive", "containment", "triggers")),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.RunSQL(sql.text("rollup"), migrations.RunSQL.noop),
        migrations.RunSQL("SELECT rollup_rebuild()", migrations.RunSQL.noop),
    ]
