"""The chart of what became of promises (DOMAIN.md, rule 10)."""

from collections.abc import Callable
from decimal import Decimal

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from investments import amounts
from investments.charts import followthrough as chart
from investments.choices import DealStatus, Layer
from investments.ledger import totals
from investments.ledger.fates import FATES, FateRow, fates, gaps
from investments.ledger.rates import NoRate
from investments.ledger.selection import Selection
from investments.models import Deal
from investments.resources.charts import FollowThroughFilters
from investments.templatetags.display import address, label, language, percent
from investments.views.charts.frame import PAGING, Cell, Drawn, Head, Problems, Sheet, Table, method, money_answer, text
from investments.views.listing import no_rate

# The standings of deals whose rest, or whole, a fate holds.
STANDING = {
    "delivered": (), "unknown": (DealStatus.COMPLETED,), "cancelled": (DealStatus.CANCELLED,),
    **{fate: (fate,) for fate in ("under_way", "signed", "announced", "letter_of_intent", "rumoured")},
}  # fmt: skip


def read(query: QueryDict) -> Drawn | Problems:
    """Return the chart of a query, or what is wrong with the query."""
    asked = FollowThroughFilters(query, Deal.objects.public())
    if asked.problems:
        return asked.problems
    selection = asked.selection()
    try:
        rows = fates(selection)
        found = gaps(selection)
        account = totals.account(selection)
    except NoRate as missing:
        return {"currency": [no_rate(missing)]}
    cells: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        cells[row.year, row.fate] = cells.get((row.year, row.fate), Decimal(0)) + row.amount
    present = sorted({row.year for row in rows})
    years = [str(year) for year in range(int(present[0]), int(present[-1]) + 1)] if present else []
    base = address(reverse("deals"), query, **dict.fromkeys(PAGING))

    def money(amount: Decimal) -> str:
        return amounts.money(amount, selection.currency, language())

    def link(year: str, fate: str) -> str:
        has = {"status": list(STANDING[fate])} if STANDING[fate] else {}
        return address(reverse("deals"), query, **dict.fromkeys(PAGING), after=year, before=year, **has)

    deals = Deal.objects.in_bulk([gap.deal for gap in found])
    promised = sum(cells.values(), Decimal(0))
    return Drawn(
        title=_("What became of what was promised"),
        subtitle=" ".join([_("By the year in which a deal was first announced, and by what it has come to."), method(selection)]),
        finding=_finding(rows, money),
        figure=chart.figure(
            cells, years, FATES, label=fate_label, money=money, share=percent, link=link,
        ),
        table=Table(
            caption=_("Promises of each year by what they have come to, in %(currency)s") % {"currency": selection.currency},
            heads=[Head(_("Year"), number=False), *(Head(fate_label(fate)) for fate in FATES), Head(_("All"))],
            rows=[
                [
                    Cell(year, number=False),
                    *(
                        Cell(money(cells[year, fate]), link(year, fate)) if (year, fate) in cells else Cell("0")
                        for fate in FATES
                    ),
                    Cell(money(sum((cells.get((year, fate), Decimal(0)) for fate in FATES), Decimal(0)))),
                ]
                for year in reversed(years)
            ],
        ),
        sheet=Sheet(("year", "fate", "layer", "amount", "currency"), [
            (row.year, row.fate, row.layer, text(row.amount), selection.currency) for row in rows
        ]),
        answer={
            **money_answer(selection, account),
            "promised": text(promised),
            "series": _series(rows),
            "gaps": [
                {"deal": deals[gap.deal].slug, "promised": text(gap.promised), "delivered": text(gap.delivered)}
                for gap in found
            ],
        },
        behind=base,
        behind_label=_("The deals behind this chart, each with its sources"),
        selection=selection,
        account=account,
        notes=[
            _("Delivered is what a source states as paid, built or in service. A deal that is completed, of which nobody states that, is of unknown fate."),
            _("A promise stands with its largest total. What a cancellation took back is counted as promised in the year of the deal’s first announcement."),
        ],
        extra={"tables": [_gaps_table(found, deals, money, selection)] if found else []},
    )  # fmt: skip


def fate_label(fate: str) -> str:
    """Name what a promise has come to."""
    if fate == "delivered":
        return _("Delivered")
    if fate == "unknown":
        return _("Completed, amount unknown")
    return label(fate, "status")


def _finding(rows: list[FateRow], money: Callable[[Decimal], str]) -> str:
    """Say of each layer what became of its promises; layers are not added to each other (rule 11)."""
    layers: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        fates = layers.setdefault(row.layer, {})
        fates[row.fate] = fates.get(row.fate, Decimal(0)) + row.amount
    told = []
    for layer in filter(layers.get, Layer.values):
        promised = sum(layers[layer].values(), Decimal(0))
        shares = ((fate_label(fate), layers[layer].get(fate, Decimal(0))) for fate in FATES)
        # What rounds to nothing is left to the table.
        came_to = " · ".join(
            f"{name[:1].lower()}{name[1:]} {percent(part, promised)}" for name, part in shares if part * 200 >= promised
        )
        told.append(_("%(layer)s, %(promised)s promised: %(fates)s.") % {
            "layer": label(layer, "layer"), "promised": money(promised), "fates": came_to})  # fmt: skip
    return " ".join(told) or _("No money is counted for this selection.")


def _series(rows: list[FateRow]) -> list[dict[str, str]]:
    return [{"period": row.year, "segment": row.fate, "layer": row.layer, "amount": text(row.amount)} for row in rows]


def _gaps_table(found: list, deals: dict[int, Deal], money: Callable[[Decimal], str], selection: Selection) -> Table:
    return Table(
        caption=_("The largest gaps between promise and delivery"),
        heads=[
            Head(_("Deal"), number=False), Head(_("Promised")), Head(_("Delivered")), Head(_("Still to come")),
            Head(_("Delivered, share")),
        ],
        rows=[
            [
                Cell(deals[gap.deal].local_title, reverse("deal", args=[deals[gap.deal].slug]), number=False),
                Cell(money(gap.promised)), Cell(money(gap.delivered)), Cell(money(gap.promised - gap.delivered)),
                Cell(percent(gap.delivered, gap.promised)),
            ]
            for gap in found
        ],
        note=_("Only deals of which a source states what was delivered."),
    )  # fmt: skip
