"""Columns of lists of the admin: dates as precisely as they are known, figures as they read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from investments.admin.words import spanned, stated
from investments.models import Announcement, Deal, Forecast, Impact


class Told:
    """Columns of a list of announcements."""

    @admin.display(description=_("date"), ordering="date")
    def dated(self, row: Announcement) -> str:
        """The day, month, quarter or year, as it is typed."""
        return str(row.when)

    @admin.display(description=_("amount"))
    def stated(self, row: Announcement) -> str:
        """Both bounds in one figure, with what they are."""
        return stated(row)


class Totals:
    """Columns of a list of deals."""

    @admin.display(description=_("headline, USD"), ordering="headline_usd")
    def headline_told(self, row: Deal) -> str:
        """What is announced at most."""
        return spanned(row.headline_usd, None, "USD")

    @admin.display(description=_("floor, USD"), ordering="floor_usd")
    def floor_told(self, row: Deal) -> str:
        """What is announced at least."""
        return spanned(row.floor_usd, None, "USD")


class Figure:
    """The column of a list of estimates or of figures of sites."""

    @admin.display(description=_("figure"))
    def figure(self, row: Forecast | Impact) -> str:
        """Both bounds, with their unit."""
        low, high = (row.value_low, row.value_high) if isinstance(row, Impact) else (row.amount_low, row.amount_high)
        return spanned(low, high, row.unit)
