"""The chart of who pays whom, and the rings of companies that pay each other."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from investments import amounts
from investments.charts import flows as chart
from investments.charts.flows import OTHER, Band
from investments.ledger import totals
from investments.ledger.circles import LONGEST, MOST, Circle, circles
from investments.ledger.flows import FlowRow, deals_between, flows
from investments.ledger.rates import NoRate
from investments.ledger.selection import UNKNOWN, Selection, Slice
from investments.models import Deal
from investments.resources.charts import FlowFilters
from investments.templatetags.display import address, label, language
from investments.views.charts.frame import PAGING, Cell, Drawn, Head, Problems, Sheet, Table, method, money_answer, text
from investments.views.charts.words import segment_labels
from investments.views.listing import no_rate

# Rows of the table; all of them are in the CSV.
SHOWN = 200
# Rings that the page shows; all that were found are in the JSON.
RINGS = 20


def read(query: QueryDict) -> Drawn | Problems:
    """Return the chart of a query, or what is wrong with the query."""
    asked = FlowFilters(query, Deal.objects.public())
    if asked.problems:
        return asked.problems
    selection = asked.selection()
    try:
        rows = flows(selection)
        account = totals.account(selection)
        rings, more = circles(rows)
        behind = deals_between(selection, [link for ring in rings for link in ring.links])
    except NoRate as missing:
        return {"currency": [no_rate(missing)]}
    name = segment_labels("company", {side for row in rows for side in (row.payer, row.payee)})
    bands = [Band(row.payer, row.payee, row.kind, row.amount) for row in rows]
    kept, folded = chart.fold(bands, int(asked.reading("top")))
    link = band_link(query, kept)
    deals = Deal.objects.in_bulk([one.deal for one in behind])
    between: dict[tuple[str, str], list[tuple[Deal, Decimal]]] = {}
    for one in behind:
        between.setdefault((one.payer, one.payee), []).append((deals[one.deal], one.amount))

    def money(amount: Decimal) -> str:
        return amounts.money(amount, selection.currency, language())

    return Drawn(
        title=_("Who pays whom"),
        subtitle=" ".join([_("From payers, left, to payees, right; a colour for each kind of deal."), method(selection)]),
        finding=_finding(rows, rings, name, money),
        figure=chart.figure(
            [*kept, *folded], name=name, kind=lambda kind: label(kind, "kind"), money=money, link=link,
        ),
        table=_table(rows, query, name, money, selection),
        sheet=Sheet(("payer", "payee", "kind", "layer", "amount", "currency"), [
            (row.payer, row.payee, row.kind, row.layer, text(row.amount), selection.currency) for row in rows
        ]),
        answer={
            **money_answer(selection, account),
            "links": [
                {"payer": row.payer, "payee": row.payee, "kind": row.kind, "amount": text(row.amount)} for row in rows
            ],
            "circles": [_ring(ring, between) for ring in rings],
            "more_circles": more,
        },
        behind=address(reverse("deals"), query, top=None, **dict.fromkeys(PAGING)),
        behind_label=_("The deals behind this chart, each with its sources"),
        selection=selection,
        account=account,
        notes=[_("A company that pays and is paid stands on both sides. Where no payer or payee is named, the money stands under “Unknown”.")],
        extra={
            "circles": {
                "rings": [_shown(ring, between, name, money, query) for ring in rings[:RINGS]],
                "number": len(rings), "shown": min(len(rings), RINGS), "more": more, "most": MOST, "longest": LONGEST,
            } if rings else None,
        },
    )  # fmt: skip


def band_link(query: QueryDict, kept: list[Band]) -> Callable[[Band], str]:
    """Return the function that gives the address of the deals behind a band, whose foot is its amount."""
    slices = query.getlist("slice")
    payers = tuple(dict.fromkeys(band.payer for band in kept))
    payees = tuple(dict.fromkeys(band.payee for band in kept))

    def link(band: Band) -> str:
        # A band drawn by itself may hold what was folded into it; its slices are the same. "Other" to "other"
        # leaves out what is drawn between two named companies only where neither is named.
        payer = Slice("payer", payers, without=True) if band.payer == OTHER else Slice("payer", (band.payer,))
        payee = Slice("payee", payees, without=True) if band.payee == OTHER else Slice("payee", (band.payee,))
        cut = [str(payer), str(payee), str(Slice("kind", (band.kind,)))]
        return address(reverse("deals"), query, top=None, **dict.fromkeys(PAGING), slice=[*slices, *cut])

    return link


def _finding(
    rows: list[FlowRow], rings: list[Circle], name: Callable[[str], str], money: Callable[[Decimal], str]
) -> str:
    named = [row for row in rows if UNKNOWN not in (row.payer, row.payee) and row.payer != row.payee]
    if not named:
        return _("No money between named companies is counted for this selection.")
    largest = named[0]
    said = [_("The largest flow is from %(payer)s to %(payee)s: %(amount)s (%(kind)s).") % {
        "payer": name(largest.payer), "payee": name(largest.payee), "amount": money(largest.amount),
        "kind": label(largest.kind, "kind")}]  # fmt: skip
    if rings:
        said.append(_("The largest ring is %(ring)s; at most %(amount)s can have gone round it.") % {
            "ring": " → ".join(name(one) for one in (*rings[0].companies, rings[0].companies[0])),
            "amount": money(rings[0].smallest)})  # fmt: skip
    return " ".join(said)


def _table(
    rows: list[FlowRow], query: QueryDict, name: Callable[[str], str], money: Callable[[Decimal], str],
    selection: Selection,
) -> Table:  # fmt: skip
    link = band_link(query, [])
    return Table(
        caption=_("Who pays whom, in %(currency)s, the largest first") % {"currency": selection.currency},
        heads=[Head(_("From"), number=False), Head(_("To"), number=False), Head(_("Kind"), number=False), Head(_("Amount"))],
        rows=[
            [
                Cell(name(row.payer), number=False), Cell(name(row.payee), number=False),
                Cell(label(row.kind, "kind"), number=False),
                Cell(money(row.amount), link(Band(row.payer, row.payee, row.kind, row.amount))),
            ]
            for row in rows[:SHOWN]
        ],
    )  # fmt: skip


def _ring(ring: Circle, between: dict[tuple[str, str], list[tuple[Deal, Decimal]]]) -> dict[str, Any]:
    """Return a ring as chart data has it."""
    return {
        "companies": list(ring.companies),
        "smallest": text(ring.smallest),
        "links": [
            {
                "payer": payer, "payee": payee, "amount": text(amount),
                "deals": [
                    {"deal": deal.slug, "amount": text(part)} for deal, part in between.get((payer, payee), [])
                ],
            }
            for (payer, payee), amount in zip(ring.links, ring.amounts, strict=True)
        ],
    }  # fmt: skip


def _shown(
    ring: Circle, between: dict[tuple[str, str], list[tuple[Deal, Decimal]]], name: Callable[[str], str],
    money: Callable[[Decimal], str], query: QueryDict,
) -> dict[str, Any]:  # fmt: skip
    """Return a ring as the page shows it."""
    slices = query.getlist("slice")

    def link(payer: str, payee: str) -> str:
        cut = [*slices, f"payer:{payer}", f"payee:{payee}"]
        return address(reverse("deals"), query, top=None, **dict.fromkeys(PAGING), slice=cut)

    return {
        "smallest": money(ring.smallest),
        "start": name(ring.companies[0]),
        "links": [
            {
                "payer": name(payer), "payee": name(payee), "amount": money(amount), "address": link(payer, payee),
                "deals": [
                    (deal.local_title, reverse("deal", args=[deal.slug]), money(part))
                    for deal, part in between.get((payer, payee), [])
                ],
            }
            for (payer, payee), amount in zip(ring.links, ring.amounts, strict=True)
        ],
    }  # fmt: skip
