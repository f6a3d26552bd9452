"""How the selected rows divide: for each facet its values and how many rows each would leave, its own choice aside."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, QuerySet

from investments.choices import ReviewState
from investments.ledger.remembered import compiled, number_of, remembered
from investments.models import Company, Deal, Impact, ProjectEnergy
from investments.resources.base import Resource, StrictFilterSet
from investments.resources.money import HAS, has_condition

# How many companies and countries a facet offers; the others are found by typing.
MOST = 10
# Bounds of the steps of the amount facet, in USD: below the first, between two, from the last on.
AMOUNT_STEPS = tuple(Decimal(10) ** power for power in (8, 9, 10, 11))
# The parameters that a facet is chosen by, where that is not its own name.
CHOSEN_BY = {"year": ("after", "before"), "amount": ("min", "max")}
# Facets of announcements that are a column of their own; the others are of their deal.
OWN_COLUMNS = {"event"}


@dataclass(frozen=True)
class Tally:
    """One value of a facet, and how many rows it would leave; ``name`` where the value is not its own name."""

    value: str
    count: int
    name: str = ""


def tallies(resource: Resource, filters: StrictFilterSet, facet: str) -> list[Tally]:
    """Return the values of a facet of the selected rows, its own choice aside; none while the query is wrong."""
    own = CHOSEN_BY.get(facet, (facet,))
    others = filters
    if any(name in filters.data for name in own):
        data = filters.data.copy()
        for name in own:
            data.pop(name, None)
        others = resource.filter(data)
    if others.problems:
        return []
    rows = others.rows.order_by()
    of_deals = resource.name in ("announcements", "deals")
    match facet:
        case "company" if resource.name == "projects":
            return _named(_held(rows, others, "role"), "parties__company__slug", "parties__company__name")
        case "role" if resource.name == "projects":
            return _named(_held(rows, others, "company__slug"), "parties__role")
        case "energy" if resource.name == "projects":
            return _of_facts(rows, ProjectEnergy, "source_kind")
        case "discloses" if resource.name == "projects":
            return _of_facts(rows, Impact, "metric")
        case "country" if resource.name == "impacts":
            return _column(rows, "project__country")
        case "project" if resource.name == "impacts":
            return _named(rows, "project__slug", "project__name")
        case "company" if resource.name == "impacts":
            return _named(rows, "project__parties__company__slug", "project__parties__company__name")
        case "status" if resource.name == "projects":
            return _column(rows, "standing")
        case "forecaster":
            return _named(rows, "forecaster__slug", "forecaster__name")
        case "role" | "company" | "country" | "project" if of_deals:
            return _of_parties(resource, others, rows, facet, filters)
        case "year":
            return _years(resource, rows)
        case "amount":
            return _amounts(resource, rows)
        case "has":
            return _has(resource, rows)
    return _column(rows, _path(resource, facet))


def _path(resource: Resource, column: str) -> str:
    own = resource.name != "announcements" or column in OWN_COLUMNS
    return column if own else f"deal__{column}"


def _run(rows: QuerySet) -> list[tuple[Any, ...]]:
    sql, params = compiled(rows)
    return remembered(rows.db, sql, params)


def _column(rows: QuerySet, column: str) -> list[Tally]:
    # Companies come with counts over their deals and sites, which repeat them.
    once = rows.model is Company
    counted = (
        rows.values(column)
        .annotate(number=Count("pk", distinct=once))
        .values_list(column, "number")
        .order_by("-number", column)
    )
    return [Tally(str(value or ""), number) for value, number in _run(counted) if value not in (None, "")]


def _named(rows: QuerySet, value: str, name: str | None = None) -> list[Tally]:
    """Return the most frequent values of a column over many-to-many links, with their names."""
    names = [value, name] if name else [value]
    counted = rows.filter(**{f"{value}__isnull": False}).values(*names).annotate(number=Count("pk", distinct=True))
    found = _run(counted.values_list(*names, "number").order_by("-number", value)[:MOST])
    return [Tally(str(row[0]), row[-1], str(row[1]) if name else "") for row in found]


def _of_facts(rows: QuerySet, model: type[Model], column: str) -> list[Tally]:
    """Return how many sites have a published fact of each value."""
    facts = model._default_manager.filter(review=ReviewState.PUBLISHED, project__in=rows.values("pk"))
    counted = facts.values(column).annotate(number=Count("project", distinct=True)).values_list(column, "number")
    return [Tally(value, number) for value, number in _run(counted.order_by("-number", column))]


def _years(resource: Resource, rows: QuerySet) -> list[Tally]:
    day = {"announcements": "date", "deals": "first_announced"}[resource.name]
    counted = rows.values(f"{day}__year").annotate(number=Count("pk")).values_list(f"{day}__year", "number")
    return [Tally(str(int(year)), number) for year, number in sorted(_run(counted.order_by())) if year]


def _amounts(resource: Resource, rows: QuerySet) -> list[Tally]:
    """Return how many rows fall between two steps of the deal's headline; the value is the lower bound in USD."""
    amount = _path(resource, "headline_usd")
    sql, params = compiled(rows.filter(**{f"{amount}__isnull": False}).values("pk", amount).values_list(amount))
    found = dict(remembered(
        rows.db, f"SELECT width_bucket(x.amount, %s::numeric[]), count(*) FROM ({sql}) x (amount) GROUP BY 1",
        (list(AMOUNT_STEPS), *params),
    ))  # fmt: skip
    lower = (Decimal(0), *AMOUNT_STEPS)
    return [Tally(f"{bound:f}", found.get(step, 0)) for step, bound in enumerate(lower)]


def _has(resource: Resource, rows: QuerySet) -> list[Tally]:
    """Return how many rows have each thing, and how many lack it."""
    if resource.name == "announcements":
        rows = rows.filter(deal__isnull=False)
    every = number_of(rows)
    made = []
    for name in HAS:
        if resource.name == "announcements":
            there = number_of(rows.filter(deal__in=Deal.objects.public().filter(has_condition([name])).values("pk")))
        else:
            there = number_of(rows.filter(has_condition([name])))
        made += [Tally(name, there), Tally(f"-{name}", every - there)]
    return made


# What ties a deal of the rows x to the values of a facet: value, name, joined tables.
PARTIES = "JOIN investments_dealparty p ON p.deal_id = x.deal_id"
SITES = "JOIN investments_deal_projects l ON l.deal_id = x.deal_id JOIN investments_datacenterproject s ON s.id = l.datacenterproject_id"
TIES = {
    "role": [("p.role", "''", PARTIES)],
    "company": [("c.slug", "c.name", f"{PARTIES} JOIN investments_company c ON c.id = p.company_id")],
    "project": [("s.slug", "s.name", SITES)],
    "country": [
        ("c.country", "''", f"{PARTIES} JOIN investments_company c ON c.id = p.company_id AND c.country <> ''"),
        ("s.country", "''", f"{SITES} AND s.country <> ''"),
    ],
}


def _held(rows: QuerySet, filters: StrictFilterSet, column: str) -> QuerySet:
    """Return the rows tied to those parties that the query's own choice of a company or a role fits."""
    wanted = filters.cleaned.get(column.partition("__")[0])
    return rows.filter(**{f"parties__{column}__in": wanted}) if wanted else rows


def _of_parties(
    resource: Resource, filters: StrictFilterSet, rows: QuerySet, facet: str, chosen: StrictFilterSet
) -> list[Tally]:
    """Return how many rows name each role, company or country, the most frequent first.

    A company and a role that are both asked for must be one party's (INTERFACE.md).
    """
    deal = "deal_id" if resource.name == "announcements" else "pk"
    sql, params = compiled(rows.values_list("pk", deal))
    # What is chosen is offered first, however few rows name it.
    picked = list(chosen.cleaned.get(facet) or [])
    condition = ""
    held = filters.cleaned.get({"role": "company", "company": "role"}.get(facet, "")) or []
    if held:
        of_company = "p.company_id IN (SELECT id FROM investments_company WHERE slug = ANY (%s))"
        condition = f"WHERE {of_company if facet == 'role' else 'p.role = ANY (%s)'}"
        params = (*params, list(held))
    ties = " UNION ALL ".join(
        f"SELECT x.id, {value} AS value, {name} AS name FROM x {joined} {condition}"
        for value, name, joined in TIES[facet]
    )
    found = remembered(
        rows.db,
        f"""WITH x (id, deal_id) AS ({sql})
            SELECT y.value, count(DISTINCT y.id), min(y.name) FROM ({ties}) y
            GROUP BY 1 ORDER BY y.value = ANY (%s) DESC, 2 DESC, 1 LIMIT %s""",
        (*params, picked, MOST + len(picked)),
    )
    return [Tally(value, number, name) for value, number, name in found]
