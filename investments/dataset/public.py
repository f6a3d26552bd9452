"""What of the facts is public, for the package that everybody may download.

Drafts, withdrawn facts, and what only they name are left out; a reference to such a row is left out too, or leads past
it, so that the package loads by itself and counts the same.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from investments.ledger.remembered import compiled
from investments.models import (
    Announcement,
    Company,
    DataCenterProject,
    Deal,
    DealParty,
    ExchangeRate,
    Forecast,
    Impact,
    Milestone,
    ProjectEnergy,
    ProjectParty,
    Source,
)

# File -> the rows of it that are public; the central bank's rates come with their own package.
ROWS: dict[str, Callable[[], QuerySet[Any]]] = {
    "exchange_rates": lambda: ExchangeRate.objects.exclude(origin="ecb"),
    "companies": Company.objects.public,
    "sources": Source.objects.public,
    "projects": DataCenterProject.objects.public,
    "deals": Deal.objects.public,
    "deal_parties": lambda: DealParty.objects.filter(deal__is_public=True),
    "project_parties": lambda: ProjectParty.objects.filter(project__in=DataCenterProject.objects.public()),
    "announcements": Announcement.objects.published,
    "milestones": Milestone.objects.published,
    "impacts": Impact.objects.published,
    "energy": lambda: ProjectEnergy.objects.published().filter(project__in=DataCenterProject.objects.public()),
    "forecasts": Forecast.objects.published,
}

# File and column -> the SQL of a reference from the row ``x`` that could lead to a row which is not public.
REFERENCES = {
    ("companies", "parent"): """(SELECT t.slug FROM investments_company t
        WHERE t.id = x.parent_id AND t.id IN (SELECT id FROM public_companies))""",
    # Rule 6 asks what contains a deal at any depth: a container that is not public is passed over.
    ("deals", "part_of"): """(SELECT t.slug FROM investments_dealcontainment c JOIN investments_deal t ON t.id = c.container_id
        WHERE c.deal_id = x.id AND t.is_public ORDER BY c.depth LIMIT 1)""",
    # A company that no public deal or site names is to its readers a body with a name.
    ("forecasts", "forecaster"): """coalesce(
        (SELECT CASE WHEN c.id IN (SELECT id FROM public_companies) THEN c.slug ELSE c.name END
         FROM investments_company c WHERE c.id = x.forecaster_id), x.forecaster_name)""",
    ("forecasts", "disputes"): """ARRAY(SELECT t.slug FROM investments_forecast_disputes l
        JOIN investments_forecast t ON t.id = l.to_forecast_id
        WHERE l.from_forecast_id = x.id AND t.review = 'published' ORDER BY t.slug COLLATE "C")""",
}  # fmt: skip


def chosen(name: str) -> tuple[str, list[Any]]:
    """Return the WITH clause that names the public rows of a file ``chosen`` and the public companies, and its parameters."""
    clauses: list[str] = []
    params: list[Any] = []
    for title, rows in (("chosen", ROWS[name]()), ("public_companies", Company.objects.public())):
        sql, given = compiled(rows.order_by().values("pk"))
        clauses.append(f"{title} (id) AS MATERIALIZED ({sql})")
        params += given
    return f"WITH {', '.join(clauses)}", params
