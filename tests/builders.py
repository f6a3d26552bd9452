"""Small facts for tests: keyword defaults, and only what a fact needs is said."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from investments.models import (
    Announcement,
    AnnouncementSource,
    Company,
    DataCenterProject,
    Deal,
    DealParty,
    Source,
)

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
