"""How long ago something was, beside its date."""

from datetime import date, datetime
from typing import Any

from babel.dates import format_timedelta
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from investments.templatetags.display import language, period
from investments.values import Period

register = template.Library()


@register.filter
def ago(value: date | datetime | Period | None) -> str:
    """Say how long ago a day was, or how far ahead it is: "3 months ago"; nothing where the day is not known."""
    if isinstance(value, Period):
        value = value.first if value.precision == "day" else None
    if value is None:
        return ""
    day = value.date() if isinstance(value, datetime) else value
    days = (day - timezone.now().date()).days
    if not days:
        return _("today")
    return format_timedelta(
        day - timezone.now().date(), granularity="day", threshold=2, add_direction=True, locale=language()
    )


@register.filter
def dated(value: Any) -> SafeString | str:
    """Write a day with how long ago it was, as a ``<time>``."""
    if value is None:
        return "–"
    day = value.date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}" title="{}">{}</time>', day, ago(value), period(day))
