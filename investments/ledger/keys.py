"""A small selection as its keys: what is slow to find is found once, for all that is then asked of it."""

from typing import Any

from django.db.models import BigAutoField, Lookup

from investments.ledger.remembered import compiled, remembered
from investments.models import Deal
from investments.models.deal import DealQuerySet

# Keys that cost less to name in a query than their deals to find again.
FEW = 5000


@BigAutoField.register_lookup
class AnyOf(Lookup):
    """``pk__any_of=keys``: one array, where ``in`` would write a placeholder for each of thousands of keys."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s::bigint[])", (*params, list(self.rhs))


def by_keys(deals: DealQuerySet) -> DealQuerySet:
    """Return the same deals, named by their keys where they are few."""
    sql, params = compiled(deals.order_by().values("pk")[: FEW + 1])
    keys = [key for (key,) in remembered(deals.db, sql, params)]
    return deals if len(keys) > FEW else Deal.objects.filter(pk__any_of=keys)
