"""Circular money: companies that pay each other in a ring. Found over a selection's flows with networkx."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import networkx as nx

from investments.ledger.flows import FlowRow
from investments.ledger.selection import UNKNOWN

# At most this many companies in a ring, and this many rings.
LONGEST, MOST = 5, 100


@dataclass(frozen=True, slots=True)
class Circle:
    """A ring of companies, each paying the next and the last the first.

    ``amounts`` holds what each pays the next, in the reporting currency; ``smallest`` is the least of them: no more
    than that can have gone round.
    """

    companies: tuple[str, ...]
    amounts: tuple[Decimal, ...]

    @property
    def smallest(self) -> Decimal:
        return min(self.amounts)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Payer and payee of each link."""
        return list(pairwise((*self.companies, self.companies[0])))


def circles(rows: Sequence[FlowRow], longest: int = LONGEST, most: int = MOST) -> tuple[list[Circle], bool]:
    """Return the rings with the largest smallest link, those first, and whether there are more than ``most``.

    Links are taken in from the largest down, so that each ring is found when its smallest link comes: the first
    ``most`` found are the ones wanted, and nothing else has to be listed.
    """
    amounts: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        if UNKNOWN not in (row.payer, row.payee) and row.payer != row.payee:
            link = (row.payer, row.payee)
            amounts[link] = amounts.get(link, Decimal(0)) + row.amount
    whole = nx.DiGraph(link for link, amount in amounts.items() if amount > 0)
    # A link between companies that no way leads back from is in no ring.
    part = {company: at for at, group in enumerate(nx.strongly_connected_components(whole)) for company in group}
    links = [link for link in whole.edges if part[link[0]] == part[link[1]]]
    grown = nx.DiGraph()
    grown.add_nodes_from(whole)
    found: list[Circle] = []
    for payer, payee in sorted(links, key=lambda link: (-amounts[link], link)):
        for way in nx.all_simple_paths(grown, payee, payer, cutoff=longest - 1):
            if len(found) == most:
                return found, True
            first = way.index(min(way))
            ring = (*way[first:], *way[:first])
            found.append(Circle(ring, tuple(amounts[link] for link in pairwise((*ring, ring[0])))))
        grown.add_edge(payer, payee)
    return found, False
