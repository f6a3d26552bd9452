"""Money that names a site, as expressions over sites: deals inside others that name it are not added (rule 6)."""

from typing import Any

from django.db.models import Count, DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from investments.choices import DealStatus, Layer
from investments.models import Deal, DealContainment
from investments.models.fields import MONEY

NAMES = Deal.projects.through


def money_naming(layer: Layer, measure: str = "headline", *, alone: bool = False) -> Subquery:
    """Return US dollars of the firm deals of a layer that name the site; NULL where none states an amount.

    It is what the foot of ``/deals/?project=<slug>`` says of that layer. ``alone`` takes only deals that name no other
    site: money told for several sites cannot be divided among them.
    """
    firm = Q(deal__is_public=True) & ~Q(deal__status=DealStatus.RUMOURED)
    inside = DealContainment.objects.filter(
        deal=OuterRef("deal"), container__projects=OuterRef("datacenterproject"), container__is_public=True,
        container__has_money=True,
    ).exclude(container__status=DealStatus.RUMOURED)  # fmt: skip
    links: QuerySet[Any] = NAMES.objects.filter(firm, datacenterproject=OuterRef("pk"), deal__layer=layer).filter(
        ~Exists(inside)
    )
    if alone:
        others: QuerySet[Any] = NAMES.objects.filter(deal=OuterRef("deal")).values("deal").annotate(sites=Count("pk"))
        links = links.filter(Exists(others.filter(sites=1)))
    sums: QuerySet[Any] = links.order_by().values("datacenterproject").annotate(total=Sum(f"deal__{measure}_usd"))
    return Subquery(sums.values("total"), output_field=DecimalField(**MONEY))
