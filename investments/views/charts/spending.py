"""The chart of spending over time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from investments import amounts
from investments.charts import spending as chart
from investments.ledger import totals
from investments.ledger.rates import NoRate
from investments.ledger.selection import Selection, Slice
from investments.models import Announcement, AnnouncementSource, Forecast, Source
from investments.resources.charts import SpendingFilters
from investments.templatetags.display import address, label, language, option
from investments.templatetags.display import period as written_period
from investments.values import Account, Estimate, Largest, Period, SpendingRow, Sums
from investments.views.charts.frame import PAGING, Cell, Drawn, Head, Problems, Sheet, Table, method, money_answer, text
from investments.views.charts.words import segment_labels, sourced
from investments.views.listing import no_rate

# Parameters of the chart that its lists do not take.
CHART_ONLY = ("by", "split", "view", "cumulative", "top", "scale", "estimates", *PAGING)
# How many of the largest announcements are marked.
MARKED = 6
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Money:
    """What the ledger says for one query of the chart."""

    series: chart.Series
    account: Account
    floor: dict[str, Decimal]
    largest: dict[str, tuple[str, str]]


def read(query: QueryDict) -> Drawn | Problems:
    """Return the spending chart of a query, or what is wrong with the query."""
    asked = SpendingFilters(query, Announcement.objects.published())
    if asked.problems:
        return asked.problems
    selection = asked.selection()
    split, by = asked.reading("split"), asked.reading("by")
    cumulative = asked.reading("cumulative") == "1"
    try:
        money = _money(asked, selection)
    except NoRate as missing:
        return {"currency": [no_rate(missing)]}
    series = money.series
    name = segment_labels(split, series.segments)
    link = bar_link(query, split, series)
    today = timezone.now().date()
    tongue = language()
    words = chart.Words(
        label=name, money=lambda amount: amounts.money(amount, selection.currency, tongue), link=link,
        period=lambda period: written_period(Period.parse(period)), today=_("today"),
        floor=_("Floor: at least"), largest=_("Largest announcements"), estimates=_("Estimates of the market"),
    )  # fmt: skip
    estimates = _estimates(by, cumulative) if asked.reading("estimates") == "1" and selection.currency == "USD" else []
    extras = chart.Extras(floor=money.floor, largest=money.largest, estimates=estimates, today=today)
    running = None if cumulative or selection.view == "planned" else str(Period.containing(today, by))
    figure = chart.figure(series, words, extras, may_grow=running, log=asked.reading("scale") == "log")
    return Drawn(
        title=_title(by, selection.view, cumulative),
        subtitle=_subtitle(selection, split),
        finding=_finding(series, words, money.account.sums(selection.measure), split, cumulative),
        figure=figure,
        # The data has no table: it is made where a page shows it.
        table=SimpleLazyObject(lambda: _table(series, name, link, selection.currency)),  # type: ignore[arg-type]  # is a Table when asked
        sheet=Sheet(("period", split if split != "none" else "segment", "amount", "currency"), [
            (row.period, row.segment, text(row.amount), selection.currency) for row in series.rows
        ]),
        answer=_answer(asked, selection, money),
        behind=_behind(query, selection.view),
        behind_label=_("The deals behind this chart, each with its sources") if selection.view == "planned"
        else _("The announcements behind this chart, each with its sources"),
        selection=selection,
        notes=_notes(asked, selection, estimates),
        account=money.account,
    )  # fmt: skip


def _behind(query: QueryDict, view: str) -> str:
    """Return the address of all rows behind the chart."""
    if view == "planned":
        return address(reverse("deals"), query, **dict.fromkeys(CHART_ONLY) | {"view": view})
    return address(reverse("announcements"), query, **dict.fromkeys(CHART_ONLY))


def _money(asked: SpendingFilters, selection: Selection) -> Money:
    """Ask the ledger for all that the chart shows; raise NoRate without a rate."""
    split, by = asked.reading("split"), asked.reading("by")
    cumulative = asked.reading("cumulative") == "1"
    marked = selection.view == "announced" and not cumulative
    told = totals.account(selection, by, None if split == "none" else split, MARKED if marked else 0)  # type: ignore[arg-type]  # one of its choices
    reach = _running(selection, by)
    floor: dict[str, Decimal] = {}
    if selection.measure == "headline":
        low = chart.arrange(_whole(told.floor_periods), top=1, cumulative=cumulative, reach=reach)
        floor = {row.period: row.amount for row in low.rows}
    return Money(
        series=chart.arrange(told.periods, top=int(asked.reading("top")), cumulative=cumulative, reach=reach),
        account=told,
        floor=floor,
        largest=_largest(told.largest, by, selection.currency),
    )


def _running(selection: Selection, by: str) -> list[str]:
    """Return the period that is not over, which is drawn though it has nothing yet; none outside the reader's window."""
    today = timezone.now().date()
    inside = (selection.after or today) <= today <= (selection.before or today)
    return [str(Period.containing(today, by))] if inside and selection.view == "announced" else []


def _whole(rows: list[SpendingRow]) -> list[SpendingRow]:
    return [replace(row, segment="all") for row in rows]


def _largest(found: list[Largest], by: str, currency: str) -> dict[str, tuple[str, str]]:
    """Return, by period, what the largest announcements say, and the page of the largest of them."""
    rows = Announcement.objects.filter(pk__in=[one.announcement for one in found]).select_related("deal")
    cited = AnnouncementSource.objects.filter(announcement=OuterRef("pk")).order_by("pk")
    rows = rows.annotate(
        cited=ArraySubquery(cited.values_list(JSONObject(publisher="source__publisher", url="source__url")))
    )
    named = {row.pk: row for row in rows.only("headline", "headline_fr", "deal__slug")}
    lines: dict[str, list[str]] = {}
    links: dict[str, str] = {}
    for one in found:
        row = named[one.announcement]
        period = str(Period.containing(one.day, by))
        said = f"{row.local_headline} (+{amounts.money(one.amount, currency, language())})"
        lines.setdefault(period, []).append(sourced(said, (Source(**source) for source in row.cited)))
        if row.deal:
            links.setdefault(period, reverse("deal", args=[row.deal.slug]))
    return {period: ("<br>".join(said), links.get(period, "")) for period, said in lines.items()}


def _estimates(by: str, cumulative: bool) -> list[Estimate]:
    """Return the published estimates in US dollars that compare with the bars: a year's spending with a year's bar,
    spending over several years with the running sum at their end."""
    if by != "year":
        return []
    made = []
    rows = Forecast.objects.published().filter(unit__in=("USD", "USD/year"), horizon_end__isnull=False)
    for row in rows.order_by("horizon_end", "slug"):
        assert row.horizon_end
        one_year = row.unit == "USD/year" or (row.horizon_start and row.horizon_start.year == row.horizon_end.year)
        low, high = row.amount_low or row.amount_high, row.amount_high or row.amount_low
        if low is None or high is None or bool(one_year) == cumulative:
            continue
        said = f"{row.local_headline} ({row.by}, {written_period(row.when)})"
        made.append(Estimate(row.horizon_end.year, low, high, said, reverse("forecast", args=[row.slug])))
    return made


def _title(by: str, view: str, cumulative: bool) -> str:
    if cumulative:
        return _("Announced spending so far") if view == "announced" else _("Planned spending, added up")
    if view == "planned":
        return {
            "month": _("Planned spending per month"), "quarter": _("Planned spending per quarter"),
            "year": _("Planned spending per year"),
        }[by]  # fmt: skip
    return {
        "month": _("Announced spending per month"), "quarter": _("Announced spending per quarter"),
        "year": _("Announced spending per year"),
    }[by]  # fmt: skip


def _subtitle(selection: Selection, split: str) -> str:
    by = [] if split == "none" else [_("Divided by %(split)s.") % {"split": option(split, "split")}]
    spread = [_("Each deal is spread evenly over its spending window.")] if selection.view == "planned" else []
    return " ".join([method(selection), *spread, *by])


def _finding(series: chart.Series, words: chart.Words, sums: Sums, split: str, cumulative: bool) -> str:
    """Say what the bars show: what they come to, their highest, the largest segment; layers are not added (rule 11)."""
    if not series.rows:
        return _("No money is counted for this selection.")
    first, last = words.period(series.periods[0]), words.period(series.periods[-1])
    layers = [(layer, amount) for layer, amount in sums.by_layer.items() if amount]
    alone = len(layers) < 2
    total = ", ".join(f"{label(layer, 'layer')} {words.money(amount)}" for layer, amount in layers)
    told = {"first": first, "last": last, "total": words.money(sums.total) if alone else total}
    said = [(_("%(first)s: %(total)s.") if first == last else _("From %(first)s to %(last)s: %(total)s.")) % told]
    by_period = {period: up + down for period, (up, down) in chart.heights(series).items()}
    peak = max(by_period, key=lambda period: by_period[period])
    if not cumulative and first != last and by_period[peak] > 0:
        highest = {"period": words.period(peak), "amount": words.money(by_period[peak])}
        # Of several layers a bar's height is a sum that nobody pledged.
        said.append(
            (_("The highest bar is %(period)s with %(amount)s.") if alone else _("The highest bar is %(period)s."))
            % highest
        )
    if len(series.segments) > 1 and series.segments[0] != chart.OTHER and split != "layer":
        said.append(_("The largest segment is %(segment)s.") % {"segment": words.label(series.segments[0])})
    return " ".join(said)


def _table(series: chart.Series, name: Callable[[str], str], link: Callable[[str, str], str], currency: str) -> Table:
    """Return the figures of the chart, the newest period first."""
    amount_of = {(row.period, row.segment): row.amount for row in series.rows}

    def cell(period: str, segment: str) -> Cell:
        amount = amount_of.get((period, segment), ZERO)
        written = amounts.money(amount, currency, language()) if amount else "0"
        return Cell(written, link(period, segment) if amount else "")

    return Table(
        caption=_("Amounts in %(currency)s, newest first; each leads to the rows that make it up")
        % {"currency": currency},
        heads=[Head(_("Period"), number=False), *(Head(name(segment)) for segment in series.segments)],
        rows=[
            [Cell(written_period(Period.parse(period)), number=False), *(cell(period, one) for one in series.segments)]
            for period in reversed(series.periods)
        ],
    )


def _notes(asked: SpendingFilters, selection: Selection, estimates: list[Estimate]) -> list[str]:
    notes = []
    if asked.reading("estimates") == "1" and not estimates:
        notes.append(_("No estimate compares with these bars: choose years and US dollars."))
    if estimates:
        notes.append(_("The grey bands hold what banks, analysts and companies expect; they are added to nothing."))
    if asked.reading("scale") == "log":
        notes.append(_("Logarithmic scale: zeros and falls cannot be drawn, the table has them."))
    return notes


def _answer(asked: SpendingFilters, selection: Selection, money: Money) -> dict[str, Any]:
    """Return the data of the spending chart, as INTERFACE.md lays it down."""
    return {
        **money_answer(selection, money.account),
        "by": asked.reading("by"),
        "split": asked.reading("split"),
        "view": selection.view,
        "cumulative": asked.reading("cumulative") == "1",
        "series": [
            {"period": row.period, "segment": row.segment, "amount": text(row.amount)} for row in money.series.rows
        ],
    }


def bar_link(query: QueryDict, split: str, series: chart.Series) -> Callable[[str, str], str]:
    """Return the function that gives the address of the rows behind a bar (INTERFACE.md)."""
    base = query.copy()
    planned = base.get("view") == "planned"
    cumulative = base.get("cumulative") == "1"
    for name in CHART_ONLY:
        base.pop(name, None)
    if planned:
        base["view"] = "planned"
    path = reverse("deals" if planned else "announcements")
    given = {"after": _day(base.get("after")), "before": _day(base.get("before"), last=True)}
    base.pop("after", None)
    base.pop("before", None)
    slices = base.pop("slice", [])
    # A chart may have a thousand bars: what all share, those of a period and those of a segment is written once.
    shared = base.urlencode(safe=":;")
    cuts = urlencode([("slice", one) for one in slices], safe=":;")

    @cache
    def of_period(period: str) -> str:
        span = Period.parse(period)
        after = given["after"] if cumulative else max(filter(None, [span.first, given["after"]]))
        before = min(filter(None, [span.last, given["before"]]))
        return f"after={after}&before={before}" if after else f"before={before}"

    @cache
    def of_segment(segment: str) -> str:
        return "" if split == "none" else urlencode({"slice": _segment_slice(split, segment, series)}, safe=":;")

    def link(period: str, segment: str) -> str:
        parts = (shared, of_period(period), cuts, of_segment(segment))
        query = "&".join(filter(None, parts))
        return f"{path}?{query}" if query else path

    return link


def _segment_slice(split: str, segment: str, series: chart.Series) -> Slice:
    """Return the slice that a segment stands for; "other" is everything but the segments beside it."""
    if segment == chart.OTHER and series.folded:
        beside = tuple(name for name in series.segments if name != chart.OTHER)
        return Slice(split, beside, without=True)  # type: ignore[arg-type]
    return Slice(split, (segment,))  # type: ignore[arg-type]


def _day(text: str | None, *, last: bool = False) -> date | None:
    if not text:
        return None
    period = Period.parse(text)
    return period.last if last else period.first
