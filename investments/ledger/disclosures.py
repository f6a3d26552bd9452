"""What sites disclose: the latest figure of each site and basis, totals of like with like, and one figure per another.

Figures are never added over different bases, nor over different metrics (docs/sites.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from investments.choices import METRIC_UNITS, ImpactBasis, ImpactMetric
from investments.models import DataCenterProject, Impact
from investments.values import Period


@dataclass(frozen=True)
class Figure:
    """What a site's facts of one metric and basis say as of one date, in the metric's unit.

    ``facts`` are those of that date: where they differ, the figure is the range that holds them all. ``earlier``
    are the figures before, the latest first.
    """

    facts: tuple[Impact, ...]
    earlier: "tuple[Figure, ...]" = ()

    @property
    def site(self) -> DataCenterProject:
        return self.facts[0].project

    @property
    def metric(self) -> ImpactMetric:
        return ImpactMetric(self.facts[0].metric)

    @property
    def basis(self) -> str:
        return self.facts[0].basis

    @property
    def unit(self) -> str:
        return METRIC_UNITS[self.metric]

    @property
    def when(self) -> Period | None:
        return self.facts[0].when

    @property
    def low(self) -> Decimal:
        return min(_bounds(fact)[0] for fact in self.facts)

    @property
    def high(self) -> Decimal:
        return max(_bounds(fact)[1] for fact in self.facts)

    @property
    def trend(self) -> str:
        """``up``, ``down`` or ``same`` against the figure before; empty where there is none, or the ranges overlap
        so that neither bound says it."""
        if not self.earlier:
            return ""
        before = self.earlier[0]
        if (self.low, self.high) == (before.low, before.high):
            return "same"
        if self.low >= before.low and self.high >= before.high:
            return "up"
        return "down" if self.low <= before.low and self.high <= before.high else ""


def _bounds(fact: Impact) -> tuple[Decimal, Decimal]:
    """Return the low and high value of a fact; where one is not known, both are the other."""
    low = fact.value_low if fact.value_low is not None else fact.value_high
    high = fact.value_high if fact.value_high is not None else fact.value_low
    assert low is not None and high is not None  # impact_has_value
    return low, high


@dataclass(frozen=True)
class Total:
    """The sum of the latest figures of one basis, one of each site."""

    basis: str
    sites: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Disclosed:
    """What sites disclose of one metric: the latest figures, the largest first, and their sums by basis."""

    metric: ImpactMetric
    figures: tuple[Figure, ...]
    totals: tuple[Total, ...]

    @property
    def unit(self) -> str:
        return METRIC_UNITS[self.metric]

    @property
    def sites(self) -> int:
        """How many sites disclose it, on whatever basis."""
        return len({figure.site.pk for figure in self.figures})


def latest(facts: Iterable[Impact]) -> list[Figure]:
    """Return the latest figure of each site, metric and basis, the largest first."""
    dated: dict[tuple[int, str, str], dict[object, list[Impact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        dated[fact.project_id, fact.metric, fact.basis][fact.as_of].append(fact)
    made = []
    for days in dated.values():
        first, *rest = [Figure(tuple(days[day])) for day in sorted(days, reverse=True)]  # type: ignore[type-var]
        made.append(Figure(first.facts, tuple(rest)))
    return sorted(made, key=lambda one: (-one.high, -one.low, one.site.slug, one.basis))


def disclosed(facts: Iterable[Impact]) -> list[Disclosed]:
    """Return what facts disclose, by metric in the order of the vocabulary."""
    figures = latest(facts)
    made = []
    for metric in ImpactMetric:
        inside = tuple(figure for figure in figures if figure.metric == metric)
        if inside:
            made.append(Disclosed(metric, inside, _totals(inside)))
    return made


def _totals(figures: Sequence[Figure]) -> tuple[Total, ...]:
    made = []
    for basis in ImpactBasis.values:
        like = [figure for figure in figures if figure.basis == basis]
        if len(like) > 1:
            low, high = sum(one.low for one in like), sum(one.high for one in like)
            made.append(Total(basis, len(like), Decimal(low), Decimal(high)))
    return tuple(made)


@dataclass(frozen=True)
class Part:
    """One of the two figures of an intensity; ``figure`` where it is disclosed, not the site's money or plan."""

    low: Decimal
    high: Decimal
    unit: str
    figure: Figure | None = None


@dataclass(frozen=True)
class Intensity:
    """One figure of a site per unit of another: ``name`` is money_per_mw, water_per_mwh or incentive_per_job."""

    name: str
    site: DataCenterProject
    above: Part
    below: Part

    @property
    def low(self) -> Decimal:
        return self.above.low / self.below.high

    @property
    def high(self) -> Decimal:
        return self.above.high / self.below.low


PAIRS = {
    "water_per_mwh": (ImpactMetric.WATER, ImpactMetric.ELECTRICITY),
    "incentive_per_job": (ImpactMetric.TAX_INCENTIVE, ImpactMetric.JOBS_PERMANENT),
}
INTENSITIES = ("money_per_mw", *PAIRS)


def intensities(site: DataCenterProject, figures: Iterable[Figure]) -> list[Intensity]:
    """Return the intensities of a site that both of whose figures are known and not zero.

    ``site`` has the columns ``alone_usd`` and ``alone_floor_usd``: money to build it that names no other site.
    """
    of_metric: dict[ImpactMetric, list[Figure]] = defaultdict(list)
    for figure in figures:
        of_metric[figure.metric].append(figure)
    pairs: list[tuple[str, Part, Part]] = []
    money, floor = getattr(site, "alone_usd", None), getattr(site, "alone_floor_usd", None)
    if money and site.planned_mw:
        below = Part(site.planned_mw, site.planned_mw, "MW")
        pairs.append(("money_per_mw", Part(floor or Decimal(0), money, "USD"), below))
    for name, (above, below_metric) in PAIRS.items():
        both = _pair(of_metric[above], of_metric[below_metric])
        if both:
            pairs.append((name, *both))
    return [Intensity(name, site, above, below) for name, above, below in pairs if below.low]


def _pair(above: list[Figure], below: list[Figure]) -> tuple[Part, Part] | None:
    """Return the two figures to compare: of one basis where there is such a pair, the latest ones."""
    pairs = [(one, other) for one in above for other in below]
    if not pairs:
        return None
    one, other = max(pairs, key=lambda p: (p[0].basis == p[1].basis, p[0].facts[0].as_of, p[1].facts[0].as_of))
    return Part(one.low, one.high, one.unit, one), Part(other.low, other.high, other.unit, other)
