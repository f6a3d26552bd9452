"""Announcements in lists of the admin: the date as precisely as it is known, the amount as it reads."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from investments.admin.words import stated
from investments.models import Announcement


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
