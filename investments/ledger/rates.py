"""Exchange rates: the reference rates that come with the CurrencyConverter package, and look-ups for people."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext
from importlib.metadata import version
from typing import Any

import pgtrigger
from currency_converter import CurrencyConverter
from django.db import connections, transaction

from investments.choices import RateOrigin
from investments.iso import CURRENCY_CODES
from investments.ledger.remembered import database
from investments.models import ExchangeRate

# Kept as the table's comment, so that a start with nothing new to load costs one small query.
STAMP = f"CurrencyConverter {version('CurrencyConverter')}"


class NoRate(Exception):
    """No exchange rate serves that currency on that day (DOMAIN.md, rule 5)."""

    def __init__(self, currency: str, day: date) -> None:
        super().__init__(currency, day)
        self.currency = currency
        self.day = day


def reference_rates() -> Iterator[tuple[str, date, Decimal]]:
    """Yield currency, day and units per US dollar of every reference rate of the European Central Bank.

    The bank quotes units per euro; 24 decimals keep the quotient exact to the cent for any amount.
    """
    per_euro = CurrencyConverter(decimal=True)._rates
    dollars = per_euro["USD"]
    with localcontext() as context:
        context.prec = 40
        for day, dollar in dollars.items():
            if dollar:
                yield "EUR", day, 1 / dollar
        for currency in sorted(set(per_euro) & set(CURRENCY_CODES) - {"USD", "EUR"}):
            for day, rate in per_euro[currency].items():
                if rate and dollars.get(day):
                    yield currency, day, rate / dollars[day]


def load_reference_rates(using: str = "default", *, anew: bool = False, **_: Any) -> int:
    """Bring the reference rates up to the installed package; return how many rows were added or corrected.

    Runs after every migrate; ``anew`` even where they are up to date: a rate by hand that went may have stood in the
    place of one. Rates entered by hand or pegged on the same day stand.
    """
    connection = connections[using]
    table = ExchangeRate._meta.db_table
    if table not in connection.introspection.table_names():
        return 0
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass, 'pg_class'), EXISTS (SELECT FROM " + table + ")", [table])
        stamp, any_rate = cursor.fetchone()
        if stamp == STAMP and any_rate and not anew:
            return 0
        cursor.execute(
            "CREATE TEMP TABLE reference_rate (currency text, date date, rate numeric(36, 24)) ON COMMIT DROP"
        )
        with cursor.copy("COPY reference_rate FROM STDIN") as copy:
            for row in reference_rates():
                copy.write_row(row)
        # The first coming of a reference rate is no change of a fact: it needs no row of history.
        with pgtrigger.ignore("investments.ExchangeRate:insert_insert"):
            cursor.execute(
                f"""
                INSERT INTO {table} AS r (currency, date, rate, origin)
                SELECT currency, date, rate, %s FROM reference_rate
                ON CONFLICT (currency, date) DO UPDATE SET rate = excluded.rate
                WHERE r.origin = excluded.origin AND r.rate <> excluded.rate
                """,
                [RateOrigin.ECB],
            )
        changed = cursor.rowcount
        cursor.execute(f"COMMENT ON TABLE {table} IS '{STAMP}'")
    return changed


def rate_on(currency: str, day: date) -> Decimal:
    """Return the units of ``currency`` per US dollar that serve ``day``; raise NoRate where none does."""
    with connections[database()].cursor() as cursor:
        cursor.execute("SELECT tracker_rate(%s, %s)", [currency, day])
        (rate,) = cursor.fetchone()
    if rate is None:
        raise NoRate(currency, day)
    return rate
