"""What hangs on the rows of a page: parties, announcements, sources, disputes; a fixed number of queries a page."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from investments.conflicts import contradictions
from investments.models import (
    Announcement,
    AnnouncementSource,
    DealContainment,
    DealParty,
    Forecast,
    ProjectEnergy,
    ProjectParty,
)
from investments.resources.expressions import period_text

# What a nested value is made by: keys of rows -> key -> value.
Nested = Callable[[list[int]], dict[int, Any]]


def text(value: Decimal | None) -> str | None:
    """Return a number as the API writes it: a decimal string."""
    return None if value is None else f"{value:f}"


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def parties(deals: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the companies of each deal with role and share (a fraction of the deal, null where unknown)."""
    rows = DealParty.objects.filter(deal__in=deals).order_by("pk")
    return _grouped(
        (deal, {"company": slug, "name": name, "role": role, "share": text(share)})
        for deal, slug, name, role, share in rows.values_list("deal", "company__slug", "company__name", "role", "share")
    )


def site_parties(sites: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the companies of each site with their role."""
    rows = ProjectParty.objects.filter(project__in=sites).order_by("pk")
    return _grouped(
        (site, {"company": slug, "name": name, "role": role})
        for site, slug, name, role in rows.values_list("project", "company__slug", "company__name", "role")
    )


def energy(sites: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the energy sources of each site, with the day for which each is told and its source."""
    rows = ProjectEnergy.objects.published().filter(project__in=sites).order_by("as_of", "pk")
    names = ("source_kind", "mw", "as_of", "note", "note_fr", "source")
    found = rows.annotate(day=period_text("as_of"))
    return _grouped(
        (site, dict(zip(names, (kind, text(mw), *rest), strict=True)))
        for site, kind, mw, *rest in found.values_list(
            "project", "source_kind", "mw", "day", "note", "note_fr", "source__url"
        )
    )


def entries(deals: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the published announcements of each deal in their order, with what each added in USD (rule 4)."""
    names = ("event", "headline", "amount_low", "amount_high", "currency", "basis", "per")
    rows = (
        Announcement.objects.published()
        .filter(deal__in=deals)
        .order_by("date", "key")
        .annotate(day=period_text("date"))
    )
    found = list(rows.values_list("deal", "pk", "day", "key", "entry__high_usd", "entry__low_usd", *names))
    cited = sources_of([row[1] for row in found])
    made = []
    for deal, pk, day, key, high, low, *plain in found:
        entry = {"date": day, "key": key, **dict(zip(names, plain, strict=True))}
        entry |= {
            "amount_low": text(entry["amount_low"]), "amount_high": text(entry["amount_high"]),
            "increment_usd": text(high), "increment_floor_usd": text(low), "sources": cited.get(pk, []),
        }  # fmt: skip
        made.append((deal, entry))
    return _grouped(made)


def sources_of(announcements: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the sources of each announcement, the best first."""
    rows = AnnouncementSource.objects.filter(announcement__in=announcements).order_by("position", "pk")
    return _grouped(
        (announcement, {"url": url, "publisher": publisher, "title": title})
        for announcement, url, publisher, title in rows.values_list(
            "announcement", "source__url", "source__publisher", "source__title"
        )
    )


def deal_sources(deals: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the sources of each deal's published announcements, each once, in the order in which they first appear."""
    rows = AnnouncementSource.objects.filter(announcement__deal__in=deals, announcement__review="published")
    found: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for deal, url, publisher, title in rows.order_by(
        "announcement__date", "announcement__key", "position", "pk"
    ).values_list("announcement__deal", "source__url", "source__publisher", "source__title"):
        found[deal].setdefault(url, {"url": url, "publisher": publisher, "title": title})
    return {deal: list(sources.values()) for deal, sources in found.items()}


def conflicts(deals: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the disputed figures of each deal, each with the figure it stands ``against``, and the sources of both (rule 9)."""
    source = JSONObject(url="source__url", publisher="source__publisher", title="source__title")
    cited = AnnouncementSource.objects.filter(announcement=OuterRef("pk")).order_by("position", "pk")
    rows = Announcement.objects.published().filter(deal__in=deals, deal__has_conflict=True)
    pairs = contradictions(rows.annotate(told=ArraySubquery(cited.values_list(source))))

    def figure(row: Any) -> dict[str, Any]:
        return {
            "date": str(row.when), "key": row.key, "headline": row.headline, "amount_low": text(row.amount_low),
            "amount_high": text(row.amount_high), "currency": row.currency, "sources": row.told,
        }  # fmt: skip

    return _grouped(
        (one.deal_id or 0, {**figure(one), "against": figure(against) if against else None}) for one, against in pairs
    )


def containers(deals: list[int]) -> dict[int, list[str]]:
    """Return the deals that each deal lies inside, the nearest first."""
    rows = DealContainment.objects.filter(deal__in=deals, container__is_public=True).order_by("depth")
    return _grouped(rows.values_list("deal", "container__slug"))


def disputes(forecasts: list[int]) -> dict[int, list[str]]:
    """Return the published estimates that each estimate disputes."""
    rows = Forecast.disputes.through.objects.filter(from_forecast__in=forecasts, to_forecast__review="published")
    return _grouped(rows.order_by("to_forecast__slug").values_list("from_forecast", "to_forecast__slug"))


NESTED: dict[str, dict[str, Nested]] = {
    "deals": {
        "parties": parties,
        "entries": entries,
        "sources": deal_sources,
        "conflicts": conflicts,
        "inside": containers,
    },
    "announcements": {"sources": sources_of},
    "projects": {"parties": site_parties, "energy": energy},
    "forecasts": {"disputes": disputes},
}
