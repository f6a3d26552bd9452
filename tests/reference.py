"""The ledger as slow, obvious Python: DOMAIN.md's rules 1 to 11 word for word, over plain objects.

It shares nothing with the app but the vocabulary. Tests compare the database's answers with it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

CENT = Decimal("0.01")
MOVING = ("announced", "increased", "reduced", "confirmed", "completed")
PAYERS = ("investor", "customer", "lender", "acquirer", "sponsor", "developer")
PAYEES = ("recipient", "supplier", "borrower", "target")
LAYERS = {
    "capex_commitment": "build", "joint_venture": "build", "public_programme": "build",
    "cloud_contract": "contract", "chip_supply": "contract", "lease": "contract", "power_purchase": "contract",
    "equity": "financing", "debt": "financing", "acquisition": "financing",
}  # fmt: skip


@dataclass
class Said:
    """An announcement."""

    key: str
    day: date
    event: str
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = "USD"
    basis: str = "exact"
    review: str = "published"


@dataclass
class Party:
    company: str
    role: str
    share: Decimal | None = None


@dataclass
class Deal:
    slug: str
    kind: str
    stage: str = "announced"
    part_of: str | None = None
    start: date | None = None
    end: date | None = None
    parties: list[Party] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


@dataclass
class Entry:
    deal: str
    day: date
    event: str
    low: Decimal
    high: Decimal
    got_low: Decimal = Decimal(0)
    got_high: Decimal = Decimal(0)


@dataclass
class World:
    """Deals, the countries of companies, and units of each currency per dollar by day."""

    deals: dict[str, Deal]
    countries: dict[str, str]
    rates: dict[str, dict[date, Decimal]]

    def rate(self, currency: str, day: date) -> Decimal:
        """Rule 5."""
        if currency == "USD":
            return Decimal(1)
        for back in range(8):
            if (found := self.rates[currency].get(day - timedelta(days=back))) is not None:
                return found
        raise LookupError(currency, day)


def cents(value: Fraction | Decimal) -> Decimal:
    """Round to cents, half away from zero."""
    exact = Fraction(value) * 100
    whole, rest = divmod(abs(exact), 1)
    rounded = int(whole) + (1 if rest >= Fraction(1, 2) else 0)
    with localcontext() as context:
        context.prec = 60
        return (Decimal(rounded if exact >= 0 else -rounded) / 100).quantize(CENT, ROUND_HALF_UP)


def bounds(said: Said) -> tuple[Decimal, Decimal] | None:
    """Rule 1."""
    if said.low is None and said.high is None:
        return None
    if said.low is not None and said.high is not None:
        return said.low, said.high
    given = said.high if said.high is not None else said.low
    assert given is not None
    return (Decimal(0) if said.basis == "up_to" else given), given


def entries(world: World, deal: Deal) -> tuple[list[Entry], str]:
    """Rules 2 to 4: the entries of a deal, and its status."""
    said = sorted((s for s in deal.said if s.review == "published"), key=lambda s: (s.day, s.key))  # rule 3
    firm = any(s.event == "cancelled" or (s.event in MOVING and bounds(s)) for s in said)
    rumoured = not firm and any(s.event == "reported" for s in said)
    made: list[Entry] = []
    before = {"low": Decimal(0), "high": Decimal(0)}
    got = {"low": Decimal(0), "high": Decimal(0)}
    currency = got_in = None
    cancelled = False
    for one in said:
        now = bounds(one)
        added = {"low": Decimal(0), "high": Decimal(0)}
        moves = one.event in MOVING or (rumoured and one.event == "reported")
        if one.event == "cancelled":
            for side in added:
                added[side] = -sum((getattr(e, side) for e in made), Decimal(0))
                before[side] = Decimal(0)
            cancelled = True
        elif moves and now:
            for side, after in zip(("low", "high"), now, strict=True):
                so_far = sum((getattr(e, side) for e in made), Decimal(0))
                added[side] = increment(world, one, before[side], after, so_far, currency)
                before[side] = after
            currency = one.currency
            cancelled = False
        elif one.event == "delivered" and now:  # rule 10
            for side, after in zip(("low", "high"), now, strict=True):
                so_far = sum((getattr(e, f"got_{side}") for e in made), Decimal(0))
                added[f"got_{side}"] = increment(world, one, got[side], after, so_far, got_in)
                got[side] = after
            got_in = one.currency
        made.append(Entry(deal.slug, one.day, one.event, **added))
    return made, "rumoured" if rumoured else "cancelled" if cancelled else deal.stage


def increment(
    world: World, one: Said, before: Decimal, after: Decimal, so_far: Decimal, currency: str | None
) -> Decimal:
    """Rule 4 for one bound."""
    rate = Fraction(world.rate(one.currency, one.day))
    if currency not in (None, one.currency):
        return cents(Fraction(after) / rate) - so_far
    if after >= before:
        return cents(Fraction(after - before) / rate)
    return -cents(Fraction(so_far) * Fraction(before - after) / Fraction(before))


@dataclass
class Reading:
    """What a reader asks: filters, and how to read."""

    kinds: list[str] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    companies: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    payers: list[str] = field(default_factory=list)
    payees: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    smallest: Decimal | None = None
    largest: Decimal | None = None
    rumoured: bool = False
    count: str = "net"
    measure: str = "headline"
    currency: str = "USD"
    view: str = "announced"
    by: str = "quarter"
    split: str = "layer"
    after: date | None = None
    before: date | None = None
    # Dimension, values, and whether they are left out.
    slices: list[tuple[str, tuple[str, ...], bool]] = field(default_factory=list)
    # Read as a list of deals: days bound the first announcement, and events cut nothing.
    of_deals: bool = False


def selected(world: World, reading: Reading) -> dict[str, tuple[list[Entry], str]]:
    """The set S of rule 6, with each deal's entries and status."""
    chosen = {}
    for deal in world.deals.values():
        made, status = entries(world, deal)
        if not made:
            continue  # not public
        total = sum(e.high for e in made) if has_total(deal) else None
        if reading.kinds and deal.kind not in reading.kinds:
            continue
        if reading.layers and LAYERS[deal.kind] not in reading.layers:
            continue
        if reading.statuses and status not in reading.statuses:
            continue
        if reading.events and not any(e.event in reading.events for e in made):
            continue
        if (reading.companies or reading.roles) and not any(
            (not reading.companies or p.company in reading.companies) and (not reading.roles or p.role in reading.roles)
            for p in deal.parties
        ):
            continue
        if reading.payers and not any(p.role in PAYERS and p.company in reading.payers for p in deal.parties):
            continue
        if reading.payees and not any(p.role in PAYEES and p.company in reading.payees for p in deal.parties):
            continue
        if reading.countries and not any(world.countries[p.company] in reading.countries for p in deal.parties):
            continue
        if reading.smallest is not None and (total is None or total < reading.smallest):
            continue
        if reading.largest is not None and (total is None or total > reading.largest):
            continue
        if status == "rumoured" and not (reading.rumoured or "rumoured" in reading.statuses):
            continue
        chosen[deal.slug] = (made, status)
    return chosen


def has_total(deal: Deal) -> bool:
    """Whether any announcement of the deal states or cancels a total."""
    said = [s for s in deal.said if s.review == "published"]
    if any(s.event == "cancelled" or (s.event in MOVING and bounds(s)) for s in said):
        return True
    return any(s.event == "reported" and bounds(s) for s in said)


def containers(world: World, slug: str) -> list[str]:
    found = []
    container = world.deals[slug].part_of
    while container:
        found.append(container)
        container = world.deals[container].part_of
    return found


def counted(world: World, chosen: dict[str, tuple[list[Entry], str]], count: str) -> set[str]:
    """Rule 6."""
    rich = {slug for slug, (made, status) in chosen.items() if any(e.low or e.high for e in made)}
    if count == "gross":
        return set(chosen)
    if count == "leaves":
        return {slug for slug in chosen if not any(slug in containers(world, other) for other in rich)}
    return {slug for slug in chosen if not any(container in rich for container in containers(world, slug))}


def shares(deal: Deal, roles: tuple[str, ...]) -> list[tuple[str, Fraction]]:
    """Rule 8: segments with their fractions, the one that absorbs the rounding last."""
    given: dict[str, Fraction | None] = {}
    for party in deal.parties:
        if party.role in roles:
            known = given.get(party.company)
            mine = Fraction(party.share) if party.share is not None else None
            given[party.company] = mine if known is None else known if mine is None else known + mine
    if not given:
        return [("unknown", Fraction(1))]
    rest = 1 - sum((s for s in given.values() if s is not None), Fraction(0))
    open_ones = [c for c, s in given.items() if s is None]
    parts = [(c, s if s is not None else rest / len(open_ones)) for c, s in sorted(given.items())]
    if not open_ones and rest > 0:
        parts.append(("unknown", rest))
    return parts


def divided(amount: Decimal, parts: list[tuple[str, Fraction]]) -> list[tuple[str, Decimal]]:
    """Divide an amount exactly: each part rounded, the last one takes what is left."""
    made = [(name, cents(Fraction(amount) * fraction)) for name, fraction in parts]
    last = made[-1][0]
    return [*made[:-1], (last, amount - sum((a for n, a in made[:-1]), Decimal(0)))]


def period(day: date, by: str) -> str:
    if by == "year":
        return f"{day.year:04}"
    if by == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    return f"{day:%Y-%m}"


@dataclass
class Piece:
    """Money of one deal with all that it may be told apart by."""

    deal: str
    announcement: int
    day: date
    labels: dict[str, str]
    amount: Decimal


def listed(reading: Reading, chosen: dict[str, tuple[list[Entry], str]]) -> set[str]:
    """Return those of the deals that the reader's days name: all, or of a list those first announced in them."""
    if not reading.of_deals or reading.view == "planned":
        return set(chosen)
    return {
        slug for slug, (made, _status) in chosen.items()
        if (not reading.after or made[0].day >= reading.after) and (not reading.before or made[0].day <= reading.before)
    }  # fmt: skip


def pieces(world: World, reading: Reading, slug: str, sides: tuple[str, ...] = ()) -> list[Piece]:
    """Return a deal's money in the reader's days and segments, divided as the reading asks, or by ``sides``."""
    deal = world.deals[slug]
    made, status = entries(world, deal)
    wanted = {reading.split, *sides, *(dimension for dimension, _values, _without in reading.slices)}
    found = []
    for number, day, amount in moneys(world, deal, made, reading):
        parts = [({"kind": deal.kind, "layer": LAYERS[deal.kind], "status": status, "none": "all"}, amount)]
        if wanted & {"payer", "country"}:
            parts = [
                (labels | {"payer": name, "country": world.countries.get(name) or "unknown"}, part)
                for labels, whole in parts for name, part in divided(whole, shares(deal, PAYERS))
            ]  # fmt: skip
        if "payee" in wanted:
            parts = [
                (labels | {"payee": name}, part)
                for labels, whole in parts for name, part in divided(whole, shares(deal, PAYEES))
            ]  # fmt: skip
        found += [
            Piece(slug, number, day, labels, part)
            for labels, part in parts
            if part and all((labels[name] in values) != without for name, values, without in reading.slices)
        ]
    return found


def spending(world: World, reading: Reading) -> dict[tuple[str, str], Decimal]:
    """The chart's series: (period, segment) -> amount in the reporting currency."""
    chosen = selected(world, reading)
    cells: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for slug in counted(world, chosen, reading.count):
        for piece in pieces(world, reading, slug):
            cells[period(piece.day, reading.by), piece.labels[reading.split]] += piece.amount
    return {cell: amount for cell, amount in cells.items() if amount}


def moneys(world: World, deal: Deal, made: list[Entry], reading: Reading) -> list[tuple[int, date, Decimal]]:
    """Rules 5 and 7: announcements and days with amounts in the reporting currency, inside the reader's window."""
    side = {"headline": "high", "floor": "low", "delivered": "got_high", "delivered_floor": "got_low"}[reading.measure]
    told = [
        (number, e, cents(Fraction(getattr(e, side)) * Fraction(world.rate(reading.currency, e.day))))
        for number, e in enumerate(made)
        if getattr(e, side)
    ]
    if reading.view == "announced" and reading.of_deals:
        return [(number, e.day, amount) for number, e, amount in told]
    if reading.view == "announced":
        return [
            (number, e.day, amount) for number, e, amount in told
            if (not reading.after or e.day >= reading.after) and (not reading.before or e.day <= reading.before)
            and (not reading.events or e.event in reading.events)
        ]  # fmt: skip
    if not deal.start or not deal.end or not told:
        return []
    total = sum((amount for _number, e, amount in told), Decimal(0))
    days = (deal.end - deal.start).days + 1
    months: dict[date, Decimal] = defaultdict(Decimal)
    day = deal.start
    before = Decimal(0)
    while day <= deal.end:
        upto = cents(Fraction(total) * ((day - deal.start).days + 1) / days)
        if (not reading.after or day >= reading.after) and (not reading.before or day <= reading.before):
            months[day.replace(day=1)] += upto - before
        before = upto
        day += timedelta(days=1)
    # A month's money is divided among parties as a whole.
    return [(-1, day, amount) for day, amount in months.items()]
