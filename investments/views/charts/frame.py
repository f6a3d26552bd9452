"""What every chart is to a reader: a title, a finding, a figure, a table, and the query behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from investments.charts.still import Still, still
from investments.ledger.selection import Selection
from investments.resources.base import Resource, StrictFilterSet
from investments.values import Account, LeftOut, Sums

Problems = dict[str, list[str]]


@dataclass(frozen=True)
class Cell:
    """One cell of a chart's table: what it shows, and where it leads."""

    text: Any
    link: str = ""
    number: bool = True


@dataclass(frozen=True)
class Head:
    """One column of a chart's table."""

    label: str
    number: bool = True


@dataclass(frozen=True)
class Table:
    """A chart's figures as its page shows them; the first cell of a row names it."""

    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """A chart's figures as programs read them: column names and plain values."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Drawn:
    """A chart that answers one query.

    ``finding`` says in a sentence what the figure shows, for those who cannot see it too; ``answer`` holds the
    chart's own keys of its JSON; ``behind`` is the address of the rows behind it all where they are not on the same
    page, and ``extra`` what its own template needs.
    """

    title: str
    subtitle: str
    finding: str
    figure: dict[str, Any]
    table: Table
    sheet: Sheet
    answer: dict[str, Any]
    behind: str = ""
    behind_label: str = ""
    selection: Selection | None = None
    account: Account | None = None
    notes: Sequence[str] = ()
    # The style that reserves the figure's height, where it depends on the rows.
    size: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def sums(self) -> Sums | None:
        """The sums of a chart of money, in its measure."""
        return self.account.sums(self.selection.measure) if self.account and self.selection else None

    @property
    def left_out(self) -> LeftOut | None:
        """What the sums of a chart of money leave out."""
        return self.account.left_out if self.account else None

    @property
    def still(self) -> Still | None:
        """The picture of the figure that needs no script; None where its kind has none."""
        return still(self.figure)


@dataclass(frozen=True)
class Hung:
    """A chart on a page about something else: the style that reserves its height, what it shows, and its addresses.

    ``page`` is its page in the chart room, where it can be cut otherwise and framed; empty where it has none.
    ``elsewhere`` is address and query of the list of what its sums leave out.
    """

    name: str
    drawn: Drawn
    data: str
    csv: str
    page: str = ""
    elsewhere: tuple[str, QueryDict] | None = None

    def saying(self, **told: Any) -> "Hung":
        """Return the same with some of what the chart says of itself said in the words of the page."""
        return replace(self, drawn=replace(self.drawn, **told))


@dataclass(frozen=True)
class Chart:
    """One chart of the room: how it is read, what its page offers to choose, and the list whose filters it takes."""

    name: str
    label: Any
    read: Callable[[QueryDict], "Drawn | Problems"]
    filterset: type[StrictFilterSet]
    resource: Resource
    # Parameters that the chart's own selects set, in their order.
    controls: Sequence[str] = ()
    # The list behind the planned view, where that is another: its filters count what can be planned.
    planned: Resource | None = None

    @property
    def own(self) -> set[str]:
        """The parameters that the chart takes and its list does not."""
        return set(self.filterset.base_filters) - set(self.resource.filterset.base_filters)

    def filters(self, query: QueryDict) -> StrictFilterSet:
        """Return the chart's query, read."""
        return self.filterset(query, self.resource.queryset())

    def offering(self, query: QueryDict) -> tuple[Resource, StrictFilterSet]:
        """Return the list whose filters stand beside the chart, and the query as that list reads it."""
        if self.planned and query.get("view") == "planned":
            return self.planned, self.planned.filter(self.of_list(query, "view"))
        return self.resource, self.resource.filter(self.of_list(query))

    def of_list(self, query: QueryDict, *kept: str) -> QueryDict:
        """Return the query of the list behind the chart; ``kept`` of the chart's own parameters stay."""
        return without(query, *self.own - set(kept), *PAGING)


# What pages a list and does not change its rows.
PAGING = ("sort", "page", "per_page")


def without(query: QueryDict, *names: str) -> QueryDict:
    """Return the query without some of its parameters."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept


def text(amount: Decimal) -> str:
    """Return an amount as chart data has it: a decimal string with cents."""
    return f"{amount:.2f}"


def plain(value: Decimal | None) -> str | None:
    """Return a number as chart data has it: a decimal string without needless zeros; None stays."""
    return None if value is None else f"{value.normalize():f}"


def megawatts(value: Decimal | None) -> str | None:
    """Return a capacity as chart data has it: megawatts as a decimal string; None stays."""
    return None if value is None else plain(round(value, 3))


def method(selection: Selection) -> str:
    """Say in what unit and by which rules the money of a chart is counted."""
    return " ".join([
        _("US dollars, at the rate of the day of each announcement.") if selection.currency == "USD"
        else _("%(currency)s, at the rate of the day of each announcement.") % {"currency": selection.currency},
        _("Headline amounts.") if selection.measure == "headline" else _("Floor amounts: what is pledged at least."),
        {
            "net": _("Deals inside others are counted once."), "gross": _("Gross: deals inside others are added too."),
            "leaves": _("Deals that contain others are left out."),
        }[selection.count],
    ])  # fmt: skip


def money_answer(selection: Selection, account: Account) -> dict[str, Any]:
    """Return what the data of every chart of money says of its sum (INTERFACE.md)."""
    sums, left_out = account.sums(selection.measure), account.left_out
    return {
        "currency": selection.currency,
        "measure": selection.measure,
        "count": selection.count,
        "total": text(sums.total),
        "by_layer": {layer: text(amount) for layer, amount in sums.by_layer.items()},
        "counted": {"deals": sums.counted.deals, "announcements": sums.counted.announcements},
        "left_out": {
            name: {"deals": tally.deals, "amount": text(tally.amount)}
            for name, tally in (
                ("covered", left_out.covered), ("rumoured", left_out.rumoured), ("no_window", left_out.no_window),
                ("no_amount", left_out.no_amount),
            )
        },
    }  # fmt: skip
