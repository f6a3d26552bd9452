"""Frozen values that travel between the rooms. Imports nothing of ours."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

_PERIOD = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|([0-9]{2})(?:-([0-9]{2}))?))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A day, month, quarter or year: its first day and how much of the date is known.

    ``precision`` is one of ``day``, ``month``, ``quarter``, ``year``; the text form carries it:
    ``2025-01-21``, ``2025-01``, ``2025-Q1``, ``2025``.
    """

    first: date
    precision: str

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read ``YYYY-MM-DD``, ``YYYY-MM``, ``YYYY-Qn`` or ``YYYY``; raise ValueError otherwise."""
        match = _PERIOD.fullmatch(text.strip())
        if not match:
            raise ValueError(f"not a date: {text!r}")
        year, quarter, month, day = match.groups()
        if day:
            return cls(date(int(year), int(month), int(day)), "day")
        if month:
            return cls(date(int(year), int(month), 1), "month")
        if quarter:
            return cls(date(int(year), 3 * int(quarter) - 2, 1), "quarter")
        return cls(date(int(year), 1, 1), "year")

    @classmethod
    def containing(cls, day: date, precision: str) -> "Period":
        """Return the period of that precision in which ``day`` lies."""
        match precision:
            case "day":
                return cls(day, precision)
            case "month":
                return cls(day.replace(day=1), precision)
            case "quarter":
                return cls(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), precision)
            case "year":
                return cls(date(day.year, 1, 1), precision)
        raise ValueError(f"not a precision: {precision!r}")

    @property
    def last(self) -> date:
        """The last day of the period."""
        match self.precision:
            case "day":
                return self.first
            case "month":
                return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
            case "quarter":
                month = self.first.month + 2
                return date(self.first.year, month, calendar.monthrange(self.first.year, month)[1])
        return date(self.first.year, 12, 31)

    def next(self) -> "Period":
        """Return the period that follows."""
        return Period.containing(self.last + timedelta(days=1), self.precision)

    def __str__(self) -> str:
        match self.precision:
            case "day":
                return self.first.isoformat()
            case "month":
                return f"{self.first:%Y-%m}"
            case "quarter":
                return f"{self.first.year:04}-Q{(self.first.month + 2) // 3}"
        return f"{self.first.year:04}"


@dataclass(frozen=True, slots=True)
class SpendingRow:
    """What one segment adds in one period: ``amount`` in the reporting currency."""

    period: str
    segment: str
    layer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """A market-wide estimate as a chart draws it: bounds in the chart's unit, for one year."""

    year: int
    low: Decimal
    high: Decimal
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Largest:
    """One announcement by what it adds: ``amount`` in the reporting currency."""

    announcement: int
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of deals, of announcements, and the money they stand for in the reporting currency."""

    deals: int = 0
    announcements: int = 0
    amount: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of a selection in the reporting currency: by layer, and what they are made of."""

    by_layer: dict[str, Decimal]
    counted: Tally

    @property
    def total(self) -> Decimal:
        """The plain sum of what was asked for, whatever its layers."""
        return sum(self.by_layer.values(), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a selection names and its sums do not hold, with the reason as the field's name."""

    covered: Tally
    rumoured: Tally
    no_window: Tally
    no_amount: Tally


@dataclass(frozen=True, slots=True)
class Account:
    """What a selection's money comes to in the reporting currency, in both measures.

    ``left_out``, ``periods`` and ``largest`` are in the selection's own measure. What was not asked for is empty.
    """

    headline: Sums
    floor: Sums
    left_out: LeftOut
    periods: list[SpendingRow]
    floor_periods: list[SpendingRow]
    largest: list[Largest]

    def sums(self, measure: str) -> Sums:
        """Return the sums in one of the measures."""
        return self.headline if measure == "headline" else self.floor


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """What became of promises, by layer in the reporting currency; ``reporting`` deals state what was delivered."""

    announced: dict[str, Decimal]
    signed: dict[str, Decimal]
    delivered: dict[str, Decimal]
    cancelled: dict[str, Decimal]
    unknown: dict[str, Decimal]
    reporting: int
