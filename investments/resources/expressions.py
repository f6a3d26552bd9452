"""What a column holds, as expressions of the database: exports and the API read rows by these."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, Func, Model, OuterRef, QuerySet, Value, When

from investments.choices import ReviewState
from investments.models import AnnouncementSource, DealParty, ProjectParty


def period_text(column: str) -> Func:
    """Return the date in ``column`` as text that carries its precision: 2025-01-21, 2025-01, 2025-Q1, 2025."""
    forms = {"year": "YYYY", "quarter": 'YYYY"-Q"Q', "month": "YYYY-MM"}
    cases = [When(**{f"{column}_precision": precision}, then=Value(form)) for precision, form in forms.items()]
    return Func(F(column), Case(*cases, default=Value("YYYY-MM-DD")), function="to_char", output_field=CharField())


def deal_parties(roles: Iterable[str]) -> ArraySubquery:
    """Return the slugs of a deal's companies in these roles, in alphabetical order."""
    return _slugs(DealParty.objects.filter(deal=OuterRef("pk"), role__in=tuple(roles)))


def site_parties(role: str) -> ArraySubquery:
    """Return the slugs of a site's companies in this role, in alphabetical order."""
    return _slugs(ProjectParty.objects.filter(project=OuterRef("pk"), role=role))


def facts_of_site(model: type[Model], column: str) -> ArraySubquery:
    """Return the different values of a column over a site's published facts of a kind, in alphabetical order."""
    facts = model._default_manager.filter(project=OuterRef("pk"), review=ReviewState.PUBLISHED)
    return ArraySubquery(facts.order_by(column).values(column).distinct())


def _slugs(parties: QuerySet) -> ArraySubquery:
    return ArraySubquery(parties.order_by("company__slug").values("company__slug").distinct())


def linked(model: type[Model], *, of: str, other: str) -> ArraySubquery:
    """Return the keys ``other`` of the rows that a link table ties to the row by its column ``of``."""
    rows = model._default_manager.filter(**{of: OuterRef("pk")})
    return ArraySubquery(rows.order_by(other).values(other))


def cited() -> ArraySubquery:
    """Return the addresses of an announcement's sources, the best first."""
    citations = AnnouncementSource.objects.filter(announcement=OuterRef("pk")).order_by("position", "pk")
    return ArraySubquery(citations.values("source__url"))
