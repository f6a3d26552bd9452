"""What pages of estimates show beside them."""

from typing import Any

from django.http import QueryDict

from investments.choices import ReviewState
from investments.ledger import totals
from investments.ledger.horizons import SoFar
from investments.models import Forecast
from investments.resources.deals import DEALS
from investments.resources.projects import with_milestones


def so_far() -> dict[str, Any]:
    """Return what has been announced to build, net, to set beside estimates, and what the plans leave out."""
    building = DEALS.filter(QueryDict("layer=build")).selection()
    planned = DEALS.filter(QueryDict("layer=build")).selection(view="planned")
    return {"so_far": SoFar(building, with_milestones()), "no_window": totals.no_window(planned)}


def contradicting(row: Forecast) -> list[Forecast]:
    """Return the published forecasts tied to this one by a dispute, either way."""
    tied = dict.fromkeys([*row.disputes.all(), *row.disputed_by.all()])
    return [other for other in tied if other.review == ReviewState.PUBLISHED]
