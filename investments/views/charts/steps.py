"""The chart of one deal: its total through its announcements, and the figures that contradict it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from investments import amounts
from investments.charts import steps as chart
from investments.charts.steps import Conflict, Step
from investments.charts.still import Still, still
from investments.ledger.rates import rate_on
from investments.ledger.totals import totals_through
from investments.models import Announcement, Deal
from investments.templatetags.display import language


def deal_steps(request: HttpRequest, slug: str) -> JsonResponse:
    """``/deals/<slug>/steps.json``: the figure of a deal's total in US dollars after each announcement."""
    said, totals, figure = read(get_object_or_404(Deal.objects.public(), slug=slug))
    answer = [
        {"date": str(said[pk].when), "low_usd": f"{low:.2f}", "high_usd": f"{high:.2f}"}
        for pk, _day, low, high in totals
    ]
    return JsonResponse({"currency": "USD", "steps": answer, "figure": figure})


def steps_still(deal: Deal) -> Still | None:
    """Return the picture of a deal's steps that its page shows first; None for a deal without money."""
    return still(read(deal)[2]) if deal.has_money else None


def read(deal: Deal) -> tuple[dict[int, Announcement], list[tuple[int, date, Decimal, Decimal]], dict[str, Any]]:
    """Return a deal's announcements by key, its total after each that counts, and the figure of both."""
    said = {row.pk: row for row in deal.announcements.published()}
    totals = totals_through(deal)
    steps = [
        Step(day, low, high, f"{said[pk].local_headline}<br>{amounts.money_range(low, high, 'USD', language())}")
        for pk, day, low, high in totals
    ]
    conflicts = [
        Conflict(row.date, amount, f"{row.local_headline}<br>{amounts.money(amount, 'USD', language())}")
        for row in said.values()
        if row.event == "disputed" and (amount := _in_usd(row)) is not None
    ]
    figure = chart.figure(
        steps, sorted(conflicts, key=lambda one: one.day), money=lambda amount: amounts.money(amount, "USD", language()),
        headline=_("Headline"), floor=_("Floor"), disputed=_("Disputed figures"), until=timezone.now().date(),
    )  # fmt: skip
    return said, totals, figure


def _in_usd(row: Announcement) -> Decimal | None:
    """Return the figure of an announcement in US dollars of its day; None where it has none."""
    amount = row.amount_high if row.amount_high is not None else row.amount_low
    return None if amount is None else amount / rate_on(row.currency, row.date)
