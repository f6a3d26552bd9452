"""The ledger made anew from facts, and the proof that it is what the facts say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from investments.models import Deal

# Deals derived by one statement: large enough to be quick, small enough to show progress.
BATCH = 20_000
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Difference:
    """A deal whose stored rows are not what its facts say; amounts are headline totals in USD."""

    slug: str
    stored_usd: Decimal | None
    derived_usd: Decimal | None
    stored_entries: int
    derived_entries: int
    containment: bool = False


def rollup_holds() -> bool:
    """Return whether the rollup is what the entries come to. Writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rollup_holds()")
        return bool(cursor.fetchone()[0])


def _batches() -> Iterator[list[int]]:
    last = 0
    while ids := list(Deal.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


def rebuild(progress: Progress) -> None:
    """Derive every entry, derived column, containment and document from facts, in one transaction.

    Readers go on reading what was committed before; writers of the same deals wait. ``progress`` is told how
    many deals have been done since the last call.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for ids in _batches():
            cursor.execute(
                "SELECT ledger_derive(%s), deal_documents_derive(%s), containment_derive(%s)", [ids, ids, ids]
            )
            progress(len(ids))
        cursor.execute("SELECT rollup_rebuild()")


def differences(progress: Progress) -> list[Difference]:
    """Return the deals whose stored rows are not what the facts say, by slug. Writes nothing."""
    found: list[Difference] = []
    with transaction.atomic(), connection.cursor() as cursor:
        # One snapshot for all batches: what others commit meanwhile is no difference.
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for ids in _batches():
            cursor.execute("SELECT * FROM ledger_differences(%s)", [ids])
            rows = cursor.fetchall()
            slugs = dict(Deal.objects.filter(pk__in=[row[0] for row in rows]).values_list("pk", "slug"))
            found += [Difference(slugs.get(deal, f"#{deal}"), *rest) for deal, *rest in rows]
            progress(len(ids))
        cursor.execute("SELECT deal_id FROM containment_differences()")
        wrong = [deal for (deal,) in cursor.fetchall()]
        slugs = dict(Deal.objects.filter(pk__in=wrong).values_list("pk", "slug"))
        found += [Difference(slugs.get(deal, f"#{deal}"), None, None, 0, 0, containment=True) for deal in wrong]
    return sorted(found, key=lambda difference: difference.slug)
