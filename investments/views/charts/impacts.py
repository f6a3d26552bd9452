"""The chart of what sites cost their places: one metric or several, sites ranked, and who discloses."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from investments.charts import ranges as chart
from investments.charts.ranges import Panel, Range
from investments.choices import METRIC_UNITS, ImpactMetric
from investments.ledger.remembered import number_of
from investments.models import Impact
from investments.resources.charts import ImpactChartFilters
from investments.resources.projects import with_milestones
from investments.templatetags.display import address, label, percent, tick, unit_name
from investments.templatetags.display import period as written_period
from investments.views.charts.frame import PAGING, Cell, Drawn, Head, Problems, Sheet, Table, plain
from investments.views.charts.words import impact_value, publishers, sourced

# Lines of the figure, over all its panels; the table and the data have every row.
LINES = 24


def read(query: QueryDict) -> Drawn | Problems:
    """Return the chart of a query, or what is wrong with the query."""
    asked = ImpactChartFilters(query, with_milestones())
    if asked.problems:
        return asked.problems
    metrics = asked.cleaned.get("metric") or [asked.defaults["metric"]]
    sites = asked.rows
    everything = _latest(sites)
    disclosing = {metric: {row.project_id for row in rows} for metric, rows in everything.items()}
    whole = number_of(sites)
    shown = {metric: everything.get(metric, []) for metric in metrics}
    lines = max(3, LINES // len(metrics))
    panels = [
        Panel(
            _panel_title(metric, len(disclosing.get(metric, ())), whole),
            [_range(row) for row in _first(rows, lines)], unit := METRIC_UNITS[ImpactMetric(metric)], unit_name(unit),
        )
        for metric, rows in shown.items()
        if rows
    ]  # fmt: skip
    figure = chart.figure(
        panels, label=lambda basis: label(basis, "impact_basis"), write=lambda panel, value: tick(value, panel.unit)
    )
    rows = [row for metric_rows in shown.values() for row in metric_rows]
    return Drawn(
        title=_("What sites cost their places: %(metric)s") % {
            "metric": ", ".join(label(metric, "metric") for metric in metrics)},
        subtitle=_("The latest figure of each site and basis; a bar is a range. Only sites that disclose the figure can be drawn."),
        finding=_finding(metrics, shown, disclosing, whole),
        figure=figure,
        table=_table(rows),
        sheet=Sheet(("project", "metric", "value_low", "value_high", "unit", "as_of", "basis", "source"), [
            tuple(_row(row).values()) for row in rows
        ]),
        answer={
            "sites": whole,
            "disclosing": {metric.value: len(disclosing.get(metric.value, ())) for metric in ImpactMetric},
            "rows": [_row(row) for row in rows],
        },
        behind=address(reverse("projects"), query, metric=None, **dict.fromkeys(PAGING)),
        behind_label=_("The sites behind this chart, each with its sources"),
        size=chart.size(panels),
        notes=[_("Figures of different bases are not compared: a permit says what may be, a company what it tells, a regulator what was found.")],
        extra={"tables": [_disclosure(disclosing, whole, query)]},
    )  # fmt: skip


def _latest(sites: Any) -> dict[str, list[Impact]]:
    """Return, by metric, the latest published figure of each site and basis, the largest first."""
    found = (
        Impact.objects.published().filter(project__in=sites.order_by().values("pk"))
        .order_by("metric", "project_id", "basis", "-as_of", "-pk").distinct("metric", "project_id", "basis")
        .select_related("project", "source")
    )  # fmt: skip
    by_metric: dict[str, list[Impact]] = {}
    for row in found:
        if _high(row) is not None:
            by_metric.setdefault(row.metric, []).append(row)
    for rows in by_metric.values():
        rows.sort(key=lambda row: (-(_high(row) or 0), row.project.name, row.basis))
    return by_metric


def _high(row: Impact) -> Decimal | None:
    return row.value_high if row.value_high is not None else row.value_low


def _first(rows: Sequence[Impact], lines: int) -> list[Impact]:
    """Return the rows of the first ``lines`` sites."""
    names = list(dict.fromkeys(row.project_id for row in rows))[:lines]
    return [row for row in rows if row.project_id in names]


def _range(row: Impact) -> Range:
    high = _high(row) or Decimal(0)
    low = row.value_low if row.value_low is not None else high
    said = f"{row.project.name}<br>{impact_value(row)} ({label(row.basis, 'impact_basis')}, {written_period(row.when)})"
    said = sourced(said, [row.source])
    return Range(row.project.name, low, high, said, reverse("project", args=[row.project.slug]), row.basis)


def _panel_title(metric: str, disclosing: int, whole: int) -> str:
    return _("%(metric)s: %(part)s of %(all)s sites disclose it") % {
        "metric": label(metric, "metric"), "part": disclosing, "all": whole}  # fmt: skip


def _row(row: Impact) -> dict[str, Any]:
    return {
        "project": row.project.slug, "metric": row.metric, "value_low": plain(row.value_low),
        "value_high": plain(row.value_high), "unit": row.unit, "as_of": str(row.when), "basis": row.basis,
        "source": row.source.url if row.source else "",
    }  # fmt: skip


def _finding(metrics: list[str], shown: dict[str, list[Impact]], disclosing: dict[str, set[int]], whole: int) -> str:
    said = []
    for metric in metrics:
        part = len(disclosing.get(metric, ()))
        said.append(_("%(metric)s: %(part)s of %(all)s sites disclose it (%(share)s).") % {
            "metric": label(metric, "metric"), "part": part, "all": whole, "share": percent(part, whole)})  # fmt: skip
        if shown[metric]:
            first = shown[metric][0]
            said.append(_("The largest figure is %(value)s, %(site)s.") % {
                "value": impact_value(first), "site": first.project.name})  # fmt: skip
    return " ".join(said)


def _table(rows: list[Impact]) -> Table:
    return Table(
        caption=_("The latest figure of each site and basis, the largest first"),
        heads=[
            Head(_("Site"), number=False), Head(_("Metric"), number=False), Head(_("Figure")), Head(_("As of"), number=False),
            Head(_("Basis"), number=False), Head(_("Source"), number=False),
        ],
        rows=[
            [
                Cell(row.project.name, reverse("project", args=[row.project.slug]), number=False),
                Cell(label(row.metric, "metric"), number=False), Cell(impact_value(row)),
                Cell(written_period(row.when), number=False), Cell(label(row.basis, "impact_basis"), number=False),
                Cell(publishers([row.source]), number=False),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _disclosure(disclosing: dict[str, set[int]], whole: int, query: QueryDict) -> Table:
    """Return how many sites disclose each metric; each leads to its chart."""
    path = reverse("chart", args=["impacts"])
    return Table(
        caption=_("How many of %(all)s sites disclose what") % {"all": whole},
        heads=[Head(_("Metric"), number=False), Head(_("Sites")), Head(_("Share"))],
        rows=[
            [
                Cell(metric.label, address(path, query, metric=metric.value), number=False),
                Cell(len(disclosing.get(metric.value, ()))), Cell(percent(len(disclosing.get(metric.value, ())), whole)),
            ]
            for metric in ImpactMetric
        ],
    )  # fmt: skip
