"""Small facts for tests: keyword defaults, and only what a fact needs is said."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from investments.choices import METRIC_UNITS, ImpactMetric
from investments.models import (
    Announcement,
    AnnouncementSource,
    Company,
    DataCenterProject,
    Deal,
    DealParty,
    Forecast,
    Impact,
    Milestone,
    ProjectEnergy,
    Source,
)
from investments.values import Period

_number = count(1)


def a_company(slug: str | None = None, **fields: Any) -> Company:
    """Return a stored company."""
    slug = slug or f"company-{next(_number)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    fields.setdefault("kind", "ai_lab")
    return Company.objects.create(slug=slug, **fields)


def a_deal(slug: str | None = None, *, payers: Any = (), payees: Any = (), **fields: Any) -> Deal:
    """Return a stored deal; ``payers`` and ``payees`` are companies or pairs of a company and its share."""
    slug = slug or f"deal-{next(_number)}"
    fields.setdefault("title", slug.replace("-", " ").title())
    fields.setdefault("kind", "capex_commitment")
    deal = Deal.objects.create(slug=slug, **fields)
    for role, side in (("investor", payers), ("recipient", payees)):
        for party in side:
            company, share = party if isinstance(party, tuple) else (party, None)
            DealParty.objects.create(deal=deal, company=company, role=role, share=share and Decimal(share))
    return deal


def an_announcement(deal: Deal | None, day: str, amount: Any = None, **fields: Any) -> Announcement:
    """Return a stored, published announcement of ``amount`` (both bounds, USD) on ``day`` (ISO)."""
    if amount is not None:
        fields.setdefault("amount_high", Decimal(amount))
        fields.setdefault("currency", "USD")
        if fields.get("basis", "exact") == "exact":
            fields.setdefault("amount_low", Decimal(amount))
    fields.setdefault("key", f"{deal.slug if deal else 'site'}-{next(_number):06}")
    fields.setdefault("headline", f"Statement of {day}")
    return Announcement.objects.create(deal=deal, date=date.fromisoformat(day), **fields)


def a_project(slug: str | None = None, **fields: Any) -> DataCenterProject:
    """Return a stored site."""
    slug = slug or f"site-{next(_number)}"
    fields.setdefault("name", slug.replace("-", " ").title())
    return DataCenterProject.objects.create(slug=slug, **fields)


def a_source(announcement: Announcement | None = None, url: str | None = None, **fields: Any) -> Source:
    """Return a stored source, cited by ``announcement`` where one is given."""
    source = Source.objects.create(url=url or f"https://example.org/{next(_number)}", **fields)
    if announcement:
        AnnouncementSource.objects.create(announcement=announcement, source=source)
    return source


def a_milestone(site: DataCenterProject, when: str, kind: str, mw: Any = None, **fields: Any) -> Milestone:
    """Return a stored, published milestone of a day, month, quarter or year (``when``, as in a package)."""
    period = Period.parse(when)
    return Milestone.objects.create(
        project=site, date=period.first, date_precision=period.precision, kind=kind, mw=mw and Decimal(mw), **fields
    )


def an_impact(site: DataCenterProject, metric: str, when: str, low: Any, high: Any = None, **fields: Any) -> Impact:
    """Return a stored, published figure, of the company itself unless told otherwise."""
    period = Period.parse(when)
    fields.setdefault("basis", "company")
    return Impact.objects.create(
        project=site, metric=metric, unit=METRIC_UNITS[ImpactMetric(metric)], value_low=Decimal(low),
        value_high=Decimal(low if high is None else high), as_of=period.first, as_of_precision=period.precision, **fields,
    )  # fmt: skip


def an_energy_source(site: DataCenterProject, kind: str, when: str = "2025", **fields: Any) -> ProjectEnergy:
    """Return a stored, published energy source of a site."""
    period = Period.parse(when)
    return ProjectEnergy.objects.create(
        project=site, source_kind=kind, as_of=period.first, as_of_precision=period.precision, **fields
    )


def a_forecast(slug: str, unit: str, low: Any, high: Any, years: tuple[int, int], **fields: Any) -> Forecast:
    """Return a stored, published estimate for whole years."""
    fields.setdefault("headline", slug.replace("-", " ").title())
    fields.setdefault("forecaster_name", "Some bank")
    fields.setdefault("subject", "Spending worldwide")
    return Forecast.objects.create(
        slug=slug, unit=unit, amount_low=Decimal(low), amount_high=Decimal(high),
        published_on=date(2025, 6, 1), horizon_start=date(years[0], 1, 1),
        horizon_start_precision="year", horizon_end=date(years[1], 12, 31), horizon_end_precision="year", **fields,
    )  # fmt: skip
