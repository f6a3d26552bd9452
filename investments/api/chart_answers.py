"""What the data of each chart holds, as JSON schemas (INTERFACE.md)."""

from investments.api.answers import DECIMAL, FLAG, NUMBER, PERIOD, TEXT, Json, many, maybe, one_of, thing
from investments.choices import DealKind, ImpactBasis, ImpactMetric, Layer, ProjectStatus
from investments.ledger.fates import FATES
from investments.ledger.selection import COUNTS, DIMENSIONS, MEASURES, VIEWS
from investments.resources.charts import PERIODS

LAYERS = one_of(Layer.values)
TALLY = thing(deals=NUMBER, amount=DECIMAL)
FIGURE: Json = {
    **thing(data=many({"type": "object"}), layout={"type": "object"}),
    "description": "A plotly figure. What it draws and how may change; the other keys stay.",
}
MONEY = {
    "currency": TEXT, "measure": one_of(MEASURES), "count": one_of(COUNTS), "total": DECIMAL,
    "by_layer": thing(**{layer.value: DECIMAL for layer in Layer}),
    "counted": thing(deals=NUMBER, announcements=NUMBER),
    "left_out": thing(covered=TALLY, rumoured=TALLY, no_window=TALLY, no_amount=TALLY),
}  # fmt: skip
BETWEEN = {"payer": TEXT, "payee": TEXT, "amount": DECIMAL}

CHART_ANSWERS: dict[str, Json] = {
    "spending": thing(
        **MONEY, by=one_of(PERIODS), split=one_of(["none", *DIMENSIONS]), view=one_of(VIEWS), cumulative=FLAG,
        series=many(thing(period=PERIOD, segment=TEXT, amount=DECIMAL)), figure=FIGURE,
    ),
    "followthrough": thing(
        **MONEY, promised=DECIMAL,
        series=many(thing(period=PERIOD, segment=one_of(FATES), layer=LAYERS, amount=DECIMAL)),
        gaps=many(thing(deal=TEXT, promised=DECIMAL, delivered=DECIMAL)), figure=FIGURE,
    ),
    "flows": thing(
        **MONEY, links=many(thing(**BETWEEN, kind=one_of(DealKind.values))),
        circles=many(thing(
            companies=many(TEXT), smallest=DECIMAL,
            links=many(thing(**BETWEEN, deals=many(thing(deal=TEXT, amount=DECIMAL)))),
        )),
        more_circles=FLAG, figure=FIGURE,
    ),
    "map": thing(
        sites=many(thing(
            slug=TEXT, name=TEXT, country=TEXT, latitude=DECIMAL, longitude=DECIMAL, status=one_of(ProjectStatus.values),
            planned_mw=maybe(DECIMAL), in_service_mw=maybe(DECIMAL),
        )),
        counted=thing(sites=NUMBER), left_out=thing(no_place=thing(sites=NUMBER)), figure=FIGURE,
    ),
    "capacity": thing(
        unit=one_of(["MW"]), by=one_of(PERIODS), split=one_of(["none", "operator", "country"]), in_service=DECIMAL,
        planned=DECIMAL, series=many(thing(period=PERIOD, segment=TEXT, mw=DECIMAL)),
        planned_series=many(thing(period=PERIOD, mw=DECIMAL)),
        counted=thing(sites=NUMBER, with_capacity=NUMBER, with_plan=NUMBER), figure=FIGURE,
    ),
    "impacts": thing(
        sites=NUMBER, disclosing=thing(**{metric.value: NUMBER for metric in ImpactMetric}),
        rows=many(thing(
            project=TEXT, metric=one_of(ImpactMetric.values), value_low=maybe(DECIMAL), value_high=maybe(DECIMAL),
            unit=TEXT, as_of=PERIOD, basis=one_of(ImpactBasis.values), source=TEXT,
        )),
        figure=FIGURE,
    ),
    "forecasts": thing(
        forecasts=many(thing(
            slug=TEXT, forecaster=TEXT, unit=TEXT, amount_low=maybe(DECIMAL), amount_high=maybe(DECIMAL),
            horizon_start={**TEXT, "description": "A period, or empty."},
            horizon_end={**TEXT, "description": "A period, or empty."}, announced_build=maybe(DECIMAL), source=TEXT,
        )),
        conflicts={**many(many(TEXT)), "description": "Pairs of estimates that contradict each other."}, figure=FIGURE,
    ),
}  # fmt: skip
