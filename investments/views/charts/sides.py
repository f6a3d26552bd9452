"""The charts of one company: the money it pledges, and the money pledged to it, by year and layer."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from investments import amounts
from investments.models import Company
from investments.templatetags.display import label, language
from investments.templatetags.display import period as written_period
from investments.values import Period
from investments.views.charts.frame import Drawn, Hung
from investments.views.charts.rooms import foot_of, hung
from investments.views.listing import Foot


@dataclass(frozen=True)
class Side:
    """One side of a company's money: the query of its deals, their sums, and the chart of them."""

    query: QueryDict
    foot: Foot
    hung: Hung


def sides_of(company: Company) -> dict[str, Side]:
    """Return what a company pays and what it is paid, its part of the deals alone."""
    titles = {
        "payer": _("Money %(company)s pledges per year, by layer"),
        "payee": _("Money pledged to %(company)s per year, by layer"),
    }
    return {side: _side(company, side, title % {"company": company.name}) for side, title in titles.items()}


def _side(company: Company, side: str, title: str) -> Side:
    query = f"{side}={company.slug}&slice={side}:{company.slug}"
    chart = hung("spending", QueryDict(f"by=year&{query}"), "inout")
    assert chart is not None and chart.drawn.selection is not None
    told = chart.saying(title=title, finding=_finding(chart.drawn), behind_label=_("Announcements and sources"))
    return Side(QueryDict(query), foot_of(chart.drawn, chart.drawn.selection), told)


def _finding(drawn: Drawn) -> str:
    """Say what each layer comes to and in which year it has most; layers are not added to each other."""
    assert drawn.sums is not None
    years: dict[str, dict[str, Decimal]] = {}
    for row in drawn.answer["series"]:
        years.setdefault(row["segment"], {})[row["period"]] = Decimal(row["amount"])
    told = []
    for layer, of_year in years.items():
        peak = max(of_year, key=lambda year: of_year[year])
        words = {
            "layer": label(layer, "layer"), "amount": amounts.money(drawn.sums.by_layer[layer], "USD", language()),
            "year": written_period(Period.parse(peak)), "most": amounts.money(of_year[peak], "USD", language()),
        }  # fmt: skip
        if len(of_year) == 1:
            told.append(_("%(layer)s: %(amount)s, all of it in %(year)s.") % words)
        else:
            told.append(_("%(layer)s: %(amount)s, the most in %(year)s (%(most)s).") % words)
    return " ".join(told) or drawn.finding
