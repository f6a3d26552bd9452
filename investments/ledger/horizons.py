"""What has been announced so far for the years of an estimate: set beside it, added to nothing (docs/sites.md)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet, Sum

from investments.choices import ProjectStatus
from investments.ledger import totals
from investments.ledger.rates import NoRate
from investments.ledger.selection import Selection
from investments.models import Forecast

ZERO = Decimal("0.00")
MEGAWATTS = {"MW": Decimal(1), "GW": Decimal(1000)}


@dataclass(frozen=True)
class Beside:
    """Two figures of the tracker beside an estimate, in its unit, each from floor to headline.

    Of money: ``first`` is what deals to build plan to spend in those years, ``second`` what was announced in them.
    Of power: ``first`` is what is in service today, ``second`` what is planned.
    """

    kind: str
    currency: str
    first: tuple[Decimal, Decimal]
    second: tuple[Decimal, Decimal]
    years: tuple[int, int]
    estimate: tuple[Decimal, Decimal]

    @property
    def shares(self) -> tuple[Decimal, Decimal] | None:
        """What part of the estimate the first headline figure is: of its high bound, of its low bound.

        None where it is more than twice the estimate, which then is about less than the whole market.
        """
        low, high = self.estimate
        return (self.first[1] / high, self.first[1] / low) if low and high and self.first[1] <= 2 * high else None


class SoFar:
    """What the tracker knows beside estimates, worked out once for all of them.

    ``building`` selects the deals to compare with, ``sites`` the public sites with what holds today.
    """

    def __init__(self, building: Selection, sites: QuerySet) -> None:
        self.building, self.sites = building, sites
        self.months = cache(self._months)
        self.power = cache(self._power)

    def of(self, forecast: Forecast) -> Beside | None:
        """Return the figures beside an estimate; None where it counts what the tracker does not."""
        known = [one for one in (forecast.amount_low, forecast.amount_high) if one is not None]
        if not known or forecast.horizon_end is None:
            return None
        estimate = (known[0], known[-1])
        first, last = _window(forecast)
        years = (first.year, last.year)
        if forecast.unit in MEGAWATTS:
            served, planned = (value / MEGAWATTS[forecast.unit] for value in self.power())
            return Beside("power", "", (served, served), (planned, planned), years, estimate)
        currency = forecast.unit.partition("/")[0]
        if not (len(currency) == 3 and currency.isupper()):
            return None
        try:
            planned_for, announced_in = (
                self._between(currency, view, first, last) for view in ("planned", "announced")
            )
        except NoRate:
            return None
        return Beside("money", currency, planned_for, announced_in, years, estimate)

    def _between(self, currency: str, view: Any, first: date, last: date) -> tuple[Decimal, Decimal]:
        """Return floor and headline of the months from the first day to the last."""
        bounds = f"{first:%Y-%m}", f"{last:%Y-%m}"
        floor, headline = (self.months(currency, view, measure) for measure in ("floor", "headline"))
        return tuple(  # type: ignore[return-value]
            sum((amount for month, amount in months.items() if bounds[0] <= month <= bounds[1]), ZERO)
            for months in (floor, headline)
        )

    def _months(self, currency: str, view: Any, measure: Any) -> dict[str, Decimal]:
        selection = replace(self.building, currency=currency, view=view, measure=measure)
        found: dict[str, Decimal] = {}
        for row in totals.spending(selection, "month", None):
            found[row.period] = found.get(row.period, ZERO) + row.amount
        return found

    def _power(self) -> tuple[Decimal, Decimal]:
        """Return the megawatts in service, and those planned at sites that are not cancelled."""
        standing = ~Q(standing=ProjectStatus.CANCELLED)
        mw = self.sites.aggregate(served=Sum("in_service_mw"), planned=Sum("planned_mw", filter=standing))
        return mw["served"] or ZERO, mw["planned"] or ZERO


def _window(forecast: Forecast) -> tuple[date, date]:
    """Return the first and last day of the years that an estimate is about: a yearly one's last year."""
    last = forecast.horizon_end
    assert last is not None
    whole = forecast.horizon_start is not None and not forecast.unit.endswith("/year")
    return (forecast.horizon_start if whole else date(last.year, 1, 1)), last  # type: ignore[return-value]
