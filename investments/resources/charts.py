"""The query of the spending chart: that of the announcements, and how time and segments are cut."""

from django.utils.translation import gettext_lazy as _

from investments.ledger.selection import DIMENSIONS, VIEWS, Selection
from investments.ledger.totals import PERIOD_FORMATS
from investments.resources.announcements import AnnouncementFilters
from investments.resources.base import PlainChoice

PERIODS = tuple(PERIOD_FORMATS)
DEFAULTS = {"by": "quarter", "split": "layer", "view": "announced", "cumulative": "0", "top": "8"}


class SpendingFilters(AnnouncementFilters):
    """``/charts/spending.json``: every filter of the announcements, and by, split, view, cumulative and top."""

    # A chart says what it leaves out; the rows of that are a list's.
    left_out = None  # type: ignore[assignment]

    by = PlainChoice(label=_("By"), choices=[(name, name) for name in PERIODS])
    split = PlainChoice(label=_("Split"), choices=[(name, name) for name in ("none", *DIMENSIONS)])
    view = PlainChoice(label=_("View"), choices=[(name, name) for name in VIEWS])
    cumulative = PlainChoice(label=_("Cumulative"), choices=[("0", "0"), ("1", "1")])
    top = PlainChoice(label=_("Segments"), choices=[(str(number), str(number)) for number in range(1, 21)])

    def reading(self, name: str) -> str:
        """Return how the reader wants ``by``, ``split``, ``view``, ``cumulative`` or ``top``."""
        return self.cleaned.get(name) or DEFAULTS[name]

    def selection(self, **reading: object) -> Selection:
        return super().selection(**{"view": self.reading("view"), **reading})
