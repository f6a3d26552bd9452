"""More of the slow reference: what stands beside a sum, what became of promises, and who pays whom (rules 6, 8, 10, 11)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.reference import (
    LAYERS,
    PAYEES,
    PAYERS,
    Reading,
    World,
    counted,
    entries,
    has_total,
    listed,
    pieces,
    selected,
    shares,
)

ZERO = Decimal(0)


@dataclass
class Beside:
    """The deals whose money is added, and those whose is not, by reason."""

    counted: set[str]
    covered: set[str]
    rumoured: set[str]
    no_amount: set[str]
    no_window: set[str]


def beside(world: World, reading: Reading) -> Beside:
    """Tell the deals of a reading apart."""
    chosen = selected(world, reading)
    with_reports = selected(world, replace(reading, rumoured=True))
    shown = listed(reading, chosen)
    added = counted(world, chosen, reading.count) & shown
    open_ended = {slug for slug in added if not (world.deals[slug].start and world.deals[slug].end)}
    return Beside(
        counted=added,
        covered=shown - added,
        rumoured=listed(reading, with_reports) - set(chosen),
        no_amount={slug for slug in added if not has_total(world.deals[slug])},
        no_window=open_ended if reading.view == "planned" else set(),
    )


def money(world: World, reading: Reading, deals: Iterable[str]) -> Decimal:
    """Add up the money of some deals as a reading tells it."""
    return sum((piece.amount for slug in deals for piece in pieces(world, reading, slug)), ZERO)


def left_out(world: World, reading: Reading) -> dict[str, tuple[int, Decimal]]:
    """Return how many deals of the reader's segments a reading leaves out for each reason, and their money there."""
    told = beside(world, reading)
    statuses = {slug: status for slug, (_made, status) in selected(world, replace(reading, rumoured=True)).items()}
    for reason in ("covered", "rumoured", "no_window", "no_amount"):
        inside = {slug for slug in getattr(told, reason) if in_segments(world, reading, slug, statuses[slug])}
        setattr(told, reason, inside)
    # Money that no window spreads is told whole.
    whole = replace(reading, view="announced", after=None, before=None, events=[])
    return {
        "covered": (len(told.covered), money(world, reading, told.covered)),
        "rumoured": (len(told.rumoured), money(world, reading, told.rumoured)),
        "no_window": (len(told.no_window), money(world, whole, told.no_window)),
        "no_amount": (len(told.no_amount), ZERO),
    }


def by_layer(world: World, reading: Reading) -> dict[str, Decimal]:
    """Return the sums of a reading (rule 11)."""
    sums = dict.fromkeys(("build", "contract", "financing"), ZERO)
    for slug in beside(world, reading).counted:
        sums[LAYERS[world.deals[slug].kind]] += money(world, reading, [slug])
    return sums


def made_of(world: World, reading: Reading) -> tuple[int, int]:
    """Return how many deals and announcements a sum is made of; a plan is made of no announcements."""
    found = [piece for slug in beside(world, reading).counted for piece in pieces(world, reading, slug)]
    told = {(piece.deal, piece.announcement) for piece in found if piece.announcement >= 0}
    return len({piece.deal for piece in found}), len(told)


def in_segments(world: World, reading: Reading, slug: str, status: str) -> bool:
    """Tell whether a deal has a share in every segment that the reader asks for."""
    deal = world.deals[slug]
    payers = [name for name, _share in shares(deal, PAYERS)]
    named = {
        "payer": payers, "country": [world.countries.get(name) or "unknown" for name in payers],
        "payee": [name for name, _share in shares(deal, PAYEES)],
        "kind": [deal.kind], "layer": [LAYERS[deal.kind]], "status": [status],
    }  # fmt: skip
    return all(any((one in values) != without for one in named[name]) for name, values, without in reading.slices)


def shown(world: World, reading: Reading) -> set[str]:
    """Return the deals that a list shows: with a share in every segment, and of a plan with days in the reader's window."""
    chosen = selected(world, reading)
    found = set()
    for slug in listed(reading, chosen):
        deal = world.deals[slug]
        if not in_segments(world, reading, slug, chosen[slug][1]):
            continue
        if reading.view == "planned" and not (
            deal.start and deal.end
            and (not reading.after or deal.end >= reading.after) and (not reading.before or deal.start <= reading.before)
        ):  # fmt: skip
            continue
        found.add(slug)
    return found


def flows(world: World, reading: Reading) -> dict[tuple[str, str, str], Decimal]:
    """Return the money from payer to payee by kind (rule 8)."""
    cells: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for slug in beside(world, reading).counted:
        for piece in pieces(world, reading, slug, ("payer", "payee")):
            cells[piece.labels["payer"], piece.labels["payee"], piece.labels["kind"]] += piece.amount
    return {cell: amount for cell, amount in cells.items() if amount}


def fates(world: World, reading: Reading) -> dict[tuple[str, str, str], Decimal]:
    """Return what became of the promises of each year, by layer (rule 10)."""
    cells: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    delivered = replace(reading, measure="delivered" if reading.measure == "headline" else "delivered_floor")
    for slug in beside(world, reading).counted:
        made, status = entries(world, world.deals[slug])
        told = pieces(world, reading, slug)
        promised = sum((piece.amount for piece in told), ZERO)
        if status == "cancelled":
            promised = -sum((piece.amount for piece in told if made[piece.announcement].event == "cancelled"), ZERO)
        if promised <= 0:
            continue
        done = min(max(money(world, delivered, [slug]), ZERO), promised)
        year, layer = str(made[0].day.year), LAYERS[world.deals[slug].kind]
        cells[year, "delivered", layer] += done
        cells[year, "unknown" if status == "completed" else status, layer] += promised - done
    return {cell: amount for cell, amount in cells.items() if amount}
