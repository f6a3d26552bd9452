"""Links between facts that Django keeps in tables of its own: their history is kept too."""

import pghistory

from investments.models.deal import Deal
from investments.models.forecast import Forecast


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class DealProject(Deal.projects.through):  # type: ignore[name-defined]
    """A site that a deal's money goes to."""

    class Meta:
        proxy = True
        default_permissions = ()


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class ForecastDispute(Forecast.disputes.through):  # type: ignore[name-defined]
    """A forecast that another one contradicts."""

    class Meta:
        proxy = True
        default_permissions = ()
