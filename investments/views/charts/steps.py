"""The chart of one deal: its total through its announcements, and the figures that contradict it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from investments import amounts
from investments.charts import steps as chart
from investments.charts.steps import Conflict, Step
from investments.ledger.rates import rate_on
from investments.ledger.totals import totals_through
from investments.models import Announcement, AnnouncementSource, Deal
from investments.templatetags.display import colon, label, language
from investments.templatetags.display import period as written_period
from investments.views.charts.frame import Cell, Drawn, Head, Hung, Sheet, Table, text
from investments.views.charts.sheets import csv_of
from investments.views.charts.words import publishers, sourced, unbroken

# Announcement, day, floor and headline of the total after it.
Total = tuple[int, date, Decimal, Decimal]


def deal_steps(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """``/deals/<slug>/steps.json``, ``.csv``: a deal's total in US dollars after each announcement, and the figures
    that contradict it."""
    deal = get_object_or_404(Deal.objects.public(), slug=slug)
    cited = Prefetch("citations", AnnouncementSource.objects.select_related("source"))
    drawn = read(deal, list(deal.announcements.published().prefetch_related(cited).order_by("date", "key")))
    if form == "csv":
        return csv_of(drawn.sheet, f"{slug}-steps")
    return JsonResponse({**drawn.answer, "figure": drawn.figure})


def hung_steps(deal: Deal, said: Sequence[Announcement]) -> Hung | None:
    """Return the chart for the page that shows these announcements of a deal; None for a deal without money."""
    if not deal.has_money:
        return None
    data, csv = (reverse("deal-steps", args=[deal.slug, form]) for form in ("json", "csv"))
    return Hung("steps", read(deal, said), data, csv)


def read(deal: Deal, announcements: Sequence[Announcement]) -> Drawn:
    """Return the chart of a deal whose published announcements, with their citations, are known."""
    said = {row.pk: row for row in announcements}
    totals = totals_through(deal)
    against = {
        row.pk: amount for row in announcements if row.event == "disputed" and (amount := _in_usd(row)) is not None
    }
    steps = [
        Step(day, low, high, _told(said[pk], amounts.money_range(low, high, "USD", language())), _spot(pk))
        for pk, day, low, high in totals
    ]
    conflicts = [
        Conflict(said[pk].date, amount, _told(said[pk], _money(amount)), _spot(pk)) for pk, amount in against.items()
    ]
    return Drawn(
        title=_("%(deal)s: the total through its announcements") % {"deal": deal.local_title},
        subtitle=_("US dollars, at the rate of the day of each announcement; the band reaches from the floor to the headline."),
        finding=_finding(said, totals, len(against)),
        figure=chart.figure(
            steps, sorted(conflicts, key=lambda one: one.day), money=_money,
            headline=_("Headline"), floor=_("Floor"), disputed=_("Disputed figures"), until=timezone.now().date(),
        ),
        table=_table(said, totals, against),
        sheet=_sheet(said, totals, against),
        answer={
            "currency": "USD",
            "steps": [
                {"date": str(said[pk].when), "low_usd": text(low), "high_usd": text(high)} for pk, _day, low, high in totals
            ],
            "disputed": [
                {"date": str(said[pk].when), "amount_usd": text(amount), "announcement": said[pk].key}
                for pk, amount in against.items()
            ],
        },
    )  # fmt: skip


def _money(amount: Decimal) -> str:
    return amounts.money(amount, "USD", language())


def _spot(pk: int) -> str:
    """Return where the page of the deal shows an announcement."""
    return f"#announcement-{pk}"


def _sources(row: Announcement) -> list[Any]:
    return [citation.source for citation in row.citations.all()]


def _told(row: Announcement, figure: str) -> str:
    return sourced(f"{row.local_headline}<br>{colon(written_period(row.when))} {figure}", _sources(row))


def _in_usd(row: Announcement) -> Decimal | None:
    """Return the figure of an announcement in US dollars of its day; None where it has none."""
    amount = row.amount_high if row.amount_high is not None else row.amount_low
    return None if amount is None else amount / rate_on(row.currency, row.date)


def _finding(said: dict[int, Announcement], totals: Sequence[Total], against: int) -> str:
    """Say where the total began and what it is now."""
    if not totals:
        return _("No amount is recorded.")
    (first, _day, low, high), (last, _until, low_now, high_now) = totals[0], totals[-1]
    words = {
        "first": amounts.money_range(low, high, "USD", language()), "day": written_period(said[first].when),
        "now": amounts.money_range(low_now, high_now, "USD", language()), "last": written_period(said[last].when),
    }  # fmt: skip
    if len(totals) == 1:
        told = [_("One announcement makes the total: %(now)s, %(last)s.") % words]
    elif (low, high) == (low_now, high_now):
        told = [_("The total is %(now)s, as it was first announced (%(day)s).") % words]
    else:
        told = [_("The total went from %(first)s (%(day)s) to %(now)s (%(last)s).") % words]
    if against:
        number = ngettext("%(number)s figure contradicts it.", "%(number)s figures contradict it.", against)
        told.append(number % {"number": against})
    return " ".join(told)


def _table(said: dict[int, Announcement], totals: Sequence[Total], against: dict[int, Decimal]) -> Table:
    """Return the figures of the chart in their order; each leads to its announcement on the page."""
    after = {pk: (low, high) for pk, _day, low, high in totals}

    def row(pk: int) -> list[Cell]:
        one = said[pk]
        low, high = (_money(amount) for amount in after[pk]) if pk in after else ("–", "–")
        disputed = [Cell(_money(against[pk]) if pk in against else "–")] if against else []
        return [
            Cell(unbroken(one.when), _spot(pk), number=False), Cell(high), Cell(low), *disputed,
            Cell(label(one.event, "event"), number=False), Cell(publishers(_sources(one)), number=False),
        ]  # fmt: skip

    return Table(
        caption=_("The total in US dollars after each announcement"),
        heads=[
            Head(_("Date"), number=False), Head(_("Headline")), Head(_("Floor")),
            *([Head(_("Contradicts it"))] if against else []), Head(_("Event"), number=False),
            Head(_("Source"), number=False),
        ],
        rows=[row(pk) for pk in said if pk in after or pk in against],
    )  # fmt: skip


def _sheet(said: dict[int, Announcement], totals: Sequence[Total], against: dict[int, Decimal]) -> Sheet:
    after: dict[int, tuple[Decimal | None, ...]] = {pk: (low, high) for pk, _day, low, high in totals}

    def plain(amount: Decimal | None) -> str | None:
        return None if amount is None else text(amount)

    return Sheet(
        ("date", "announcement", "event", "low_usd", "high_usd", "disputed_usd", "headline", "sources"),
        [
            (
                str(one.when), one.key, one.event, *map(plain, after.get(pk, (None, None))), plain(against.get(pk)),
                one.local_headline, ";".join(source.url for source in _sources(one)),
            )
            for pk, one in said.items()
            if pk in after or pk in against
        ],
    )  # fmt: skip
