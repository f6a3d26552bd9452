"""The chart of megawatts over time: in service by operator or country, beside what is planned."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from investments.charts import capacity as chart
from investments.charts.axes import periods_between
from investments.charts.spending import OTHER, Series, arrange
from investments.ledger.capacity import PowerRow, planned, served
from investments.ledger.remembered import number_of
from investments.ledger.selection import UNKNOWN
from investments.resources.charts import CapacityFilters
from investments.resources.projects import with_milestones
from investments.templatetags.display import address, option
from investments.templatetags.display import period as written_period
from investments.values import Period, SpendingRow
from investments.views.charts.frame import PAGING, Cell, Drawn, Head, Problems, Sheet, Table, megawatts
from investments.views.charts.words import power, segment_labels

CHART_ONLY = ("by", "split", "top", *PAGING)
ZERO = Decimal("0.00")


def read(query: QueryDict) -> Drawn | Problems:
    """Return the capacity chart of a query, or what is wrong with the query."""
    asked = CapacityFilters(query, with_milestones())
    if asked.problems:
        return asked.problems
    by, split = asked.reading("by"), asked.reading("split")
    sites = asked.rows
    found = served(sites, by, None if split == "none" else split)  # type: ignore[arg-type]
    plans = planned(sites, by)
    series, plan = _together(found, plans, int(asked.reading("top")))
    name = segment_labels(split, series.segments)
    link = segment_link(query, split)
    today = timezone.now().date()
    in_service = {(row.period, row.segment): row.amount for row in series.rows}
    figure = chart.figure(
        in_service, plan, series.periods, series.segments, label=name, power=power,
        period=lambda one: written_period(Period.parse(one)), link=link, plan=_("Planned (scale on the right)"), today=today,
        word=_("today"),
    )  # fmt: skip
    now, coming = sum((row.mw for row in found), ZERO), sum((row.mw for row in plans), ZERO)
    return Drawn(
        title=_("Capacity in service, and planned"),
        subtitle=_subtitle(split),
        finding=_finding(series, name, now, coming),
        figure=figure,
        table=_table(series, plan, in_service, name, link),
        sheet=Sheet(("period", split if split != "none" else "segment", "mw"), [
            *((row.period, row.segment, megawatts(row.amount)) for row in series.rows),
            *((one, "planned", megawatts(plan[one])) for one in series.periods if plan.get(one)),
        ]),
        answer={
            "unit": "MW", "by": by, "split": split, "in_service": megawatts(now), "planned": megawatts(coming),
            "series": [{"period": r.period, "segment": r.segment, "mw": megawatts(r.amount)} for r in series.rows],
            "planned_series": [{"period": one, "mw": megawatts(plan[one])} for one in series.periods if plan.get(one)],
            "counted": _counted(sites),
        },
        behind=address(reverse("projects"), query, **dict.fromkeys(CHART_ONLY)),
        behind_label=_("The sites behind this chart, each with its sources"),
        notes=[
            _("In service is what the latest milestone of each site states. A site of several operators is divided evenly among them."),
            _("A plan counts whole from the day on which the site was first heard of; sites that are cancelled now are left out."),
            _silent(sites),
        ],
    )  # fmt: skip


def _together(found: Sequence[PowerRow], plans: Sequence[PowerRow], top: int) -> tuple[Series, dict[str, Decimal]]:
    """Return the running sums of both over the same periods."""
    everything = [SpendingRow(row.period, row.segment, "", row.mw) for row in found]
    # Periods in which nothing but plans changed are drawn too.
    changes = {row.period: row.mw for row in plans}
    whole = arrange(everything, top=top, cumulative=True, reach=changes)
    if not everything and changes:
        whole = Series((), (), periods_between(min(changes), max(changes)), ())
    running, plan = ZERO, {}
    for one in whole.periods:
        running += changes.get(one, ZERO)
        plan[one] = running
    return whole, plan


def segment_link(query: QueryDict, split: str) -> Callable[[str], str]:
    """Return the function that gives the address of the sites behind a segment."""
    path = reverse("projects")

    def link(segment: str) -> str:
        if segment in (OTHER, UNKNOWN, "all") or split == "none":
            return address(path, query, **dict.fromkeys(CHART_ONLY))
        chosen = {"country": segment} if split == "country" else {"company": segment, "role": "operator"}
        return address(path, query, **dict.fromkeys(CHART_ONLY), **chosen)

    return link


def _counted(sites: Any) -> dict[str, int]:
    return {
        "sites": number_of(sites),
        "with_capacity": number_of(sites.filter(in_service_mw__isnull=False)),
        "with_plan": number_of(sites.filter(planned_mw__isnull=False)),
    }


def _silent(sites: Any) -> str:
    numbers = _counted(sites)
    return _("Sites that say what is in service: %(served)s of %(all)s; what is planned: %(planned)s. The others are not drawn.") % {
        "served": numbers["with_capacity"], "all": numbers["sites"], "planned": numbers["with_plan"]}  # fmt: skip


def _subtitle(split: str) -> str:
    by = "" if split == "none" else _("Divided by %(split)s.") % {
        "split": _("country") if split == "country" else option(split, "split")}  # fmt: skip
    return " ".join(filter(None, [_("Megawatts by the end of each period, from dated milestones of sites."), by]))


def _finding(series: Series, name: Callable[[str], str], now: Decimal, coming: Decimal) -> str:
    if not series.periods:
        return _("No site of this selection states a capacity.")
    numbers = {"served": power(now), "planned": power(coming)}
    said = [
        _("%(served)s are in service at the sites that say so; %(planned)s are planned.") % numbers if series.rows
        else _("No site says what is in service; %(planned)s are planned.") % numbers
    ]  # fmt: skip
    named = [segment for segment in series.segments if segment not in (OTHER, UNKNOWN)]
    if named and len(series.segments) > 1:
        said.append(_("Most in service, of those named: %(segment)s.") % {"segment": name(named[0])})
    return " ".join(said)


def _table(
    series: Series, plan: dict[str, Decimal], in_service: dict[tuple[str, str], Decimal], name: Callable[[str], str],
    link: Callable[[str], str],
) -> Table:  # fmt: skip
    def cell(period: str, segment: str) -> Cell:
        amount = in_service.get((period, segment), ZERO)
        return Cell(power(amount) if amount else "0", link(segment) if amount else "")

    return Table(
        caption=_("Megawatts in service and planned by the end of each period, newest first"),
        heads=[Head(_("Period"), number=False), *(Head(name(one)) for one in series.segments), Head(_("Planned"))],
        rows=[
            [
                Cell(written_period(Period.parse(period)), number=False),
                *(cell(period, segment) for segment in series.segments), Cell(power(plan.get(period, ZERO))),
            ]
            for period in reversed(series.periods)
        ],
    )  # fmt: skip
