"""The dataset package: its files, their columns, and how a cell reads (DATASET.md).

Everything that loads, exports, checks or describes the package reads the declarations below.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from django.db import models

from investments import choices, iso
from investments.models import (
    Announcement,
    Company,
    DataCenterProject,
    Deal,
    DealParty,
    ExchangeRate,
    Forecast,
    Impact,
    Milestone,
    ProjectEnergy,
    ProjectParty,
    Source,
)
from investments.values import Period

_NUMBER = re.compile(r"-?[0-9]{1,24}(\.[0-9]+)?")
# A date outside of these years is a slip of the pen; charts and sums by period would run through all the years between.
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Wide enough to round any number that is read.
_WIDE = Context(prec=60)
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_URL = re.compile(r"(https?://|urn:)[^\s;]+")


class CellError(ValueError):
    """A cell that cannot be read; says what was expected."""


@dataclass(frozen=True)
class Cell:
    """One column of a file.

    ``read`` turns text into the values of ``columns`` (temporary columns, with their SQL types); ``refers`` names the
    file whose key the text is; ``many`` marks a list of such keys, kept in another table.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    read: Callable[[str], tuple[Any, ...]]
    kind: str = "text"
    required: bool = False
    refers: str | None = None
    many: bool = False


@dataclass(frozen=True)
class File:
    """One file of the package: its model, its natural key and its columns."""

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def path(self) -> str:
        return f"{self.name}.csv"

    @property
    def header(self) -> list[str]:
        return [cell.name for cell in self.cells]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def draft(self) -> str:
        """The temporary table that the file is read into."""
        return f"draft_{self.name}"

    def cell(self, name: str) -> Cell:
        return next(cell for cell in self.cells if cell.name == name)


def _longest(model: type[models.Model], name: str) -> int | None:
    return getattr(model._meta.get_field(name), "max_length", None)


def _text(model: type[models.Model], name: str, *, required: bool = False) -> Cell:
    longest = _longest(model, name)

    def read(text: str) -> tuple[str]:
        if longest and len(text) > longest:
            raise CellError(f"at most {longest} characters")
        if "\x00" in text:
            raise CellError("text without NUL characters")
        return (text,)

    return Cell(name, ((name, "text"),), read, required=required)


def _slug(name: str = "slug") -> Cell:
    def read(text: str) -> tuple[str]:
        if not _SLUG.fullmatch(text) or len(text) > 100:
            raise CellError("a slug of a-z, 0-9 and hyphens, at most 100 characters")
        return (text,)

    return Cell(name, ((name, "text"),), read, kind="slug", required=True)


def _enum(name: str, values: Iterable[str], *, required: bool = True, default: str = "") -> Cell:
    known = tuple(values)

    def read(text: str) -> tuple[str]:
        if not text:
            return (default,)
        if text not in known:
            raise CellError(f"one of {', '.join(known)}")
        return (text,)

    return Cell(name, ((name, "text"),), read, kind="enum", required=required)


def _code(name: str, codes: tuple[str, ...], expected: str, *, required: bool = False) -> Cell:
    def read(text: str) -> tuple[str]:
        if text and text not in codes:
            raise CellError(expected)
        return (text,)

    return Cell(name, ((name, "text"),), read, kind="code", required=required)


def _number(
    model: type[models.Model], name: str, *, column: str | None = None, low: Any = 0, high: Any = None,
    required: bool = False, above: bool = False, rounds: bool = False, exact: bool = False,
) -> Cell:  # fmt: skip
    """Return the column of a decimal number.

    More places than are stored are refused, or where it ``rounds`` are rounded half to even; an ``exact`` number is
    rounded later, once what stands beside it is known.
    """
    column = column or name
    field = model._meta.get_field(column)
    places, digits = field.decimal_places, field.max_digits  # type: ignore[union-attr]
    whole = digits - places
    bounds = f"a plain decimal number{f' from {low}' if low is not None and not above else ''}"
    bounds += f" above {low}" if above else ""
    bounds += f" to {high}" if high is not None else ""

    def read(text: str) -> tuple[Decimal | None]:
        if not text:
            return (None,)
        if not _NUMBER.fullmatch(text):
            raise CellError(f"{bounds}, such as 1500000.5")
        value = Decimal(text)
        stored = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, _WIDE)
        # What rounds to the bound that it may not reach would be refused by the database.
        if (low is not None and (stored <= low if above else value < low)) or (high is not None and value > high):
            raise CellError(f"{bounds}{f', in {places} places' if stored != value else ''}")
        if abs(stored) >= 10**whole or (stored != value and not rounds):
            raise CellError(f"a number with at most {whole} digits before and {places} after the point")
        return (_WIDE.plus(value) if exact or stored == value else stored,)

    return Cell(name, ((column, "numeric"),), read, kind="number", required=required)


def _date(name: str, *, last: bool = False, required: bool = False, precise: bool = True) -> Cell:
    def read(text: str) -> tuple[Any, ...]:
        if not text:
            return (None, "day") if precise else (None,)
        try:
            period = Period.parse(text)
        except ValueError:
            raise CellError("a date YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY") from None
        if not precise and period.precision != "day":
            raise CellError("a day YYYY-MM-DD")
        if not FIRST_YEAR <= period.first.year <= LAST_YEAR:
            raise CellError(f"a date from {FIRST_YEAR} to {LAST_YEAR}")
        day = period.last if last else period.first
        return (day, period.precision) if precise else (day,)

    columns = ((name, "date"), (f"{name}_precision", "text")) if precise else ((name, "date"),)
    return Cell(name, columns, read, kind="date", required=required)


def _ref(name: str, to: str, *, column: str | None = None, required: bool = False) -> Cell:
    return Cell(
        name, ((column or name, "text"),), lambda text: (text or None,), kind="ref", required=required, refers=to
    )


def _refs(name: str, to: str) -> Cell:
    def read(text: str) -> tuple[list[str]]:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if len(set(parts)) < len(parts):
            raise CellError("a list without repetition, separated by ;")
        return (parts,)

    return Cell(name, ((name, "text[]"),), read, kind="refs", refers=to, many=True)


def _list(name: str) -> Cell:
    return Cell(
        name,
        ((name, "text[]"),),
        lambda text: ([part.strip() for part in text.split(";") if part.strip()],),
        kind="list",
    )


def _url(model: type[models.Model], name: str, *, required: bool = False) -> Cell:
    longest = _longest(model, name)

    def read(text: str) -> tuple[str]:
        if (text and not _URL.fullmatch(text)) or len(text) > (longest or 0):
            raise CellError(
                f"an address with http://, https:// or urn:, without spaces or ;, at most {longest} characters"
            )
        return (text,)

    return Cell(name, ((name, "text"),), read, kind="url", required=required)


_COUNTRY = "an ISO 3166-1 code of two capital letters, such as US"
_CURRENCY = "an ISO 4217 code of three capital letters, such as USD"


def _country() -> Cell:
    return _code("country", iso.COUNTRY_CODES, _COUNTRY)


def _review() -> Cell:
    return _enum("review", choices.ReviewState.values, required=False, default="published")


FILES: tuple[File, ...] = (
    File("exchange_rates", ExchangeRate, ("currency", "date"), (
        _code("currency", tuple(code for code in iso.CURRENCY_CODES if code != "USD"), _CURRENCY, required=True),
        _date("date", required=True, precise=False),
        _number(ExchangeRate, "per_usd", column="rate", required=True, above=True, rounds=True),
        _enum("origin", ("peg", "manual")),
    )),
    File("companies", Company, ("slug",), (
        _slug(), _text(Company, "name", required=True), _list("aliases"),
        _enum("kind", choices.CompanyKind.values), _country(), _ref("parent", "companies"), _text(Company, "ticker"),
        _url(Company, "website"), _text(Company, "wikidata"), _text(Company, "summary"), _text(Company, "summary_fr"),
    )),
    File("sources", Source, ("url",), (
        _url(Source, "url", required=True), _text(Source, "publisher"), _text(Source, "title"), _date("published_on"),
        _text(Source, "language"), _url(Source, "archived_url"),
    )),
    File("projects", DataCenterProject, ("slug",), (
        _slug(), _text(DataCenterProject, "name", required=True), _text(DataCenterProject, "city"),
        _text(DataCenterProject, "region"), _country(),
        _number(DataCenterProject, "latitude", low=-90, high=90, rounds=True),
        _number(DataCenterProject, "longitude", low=-180, high=180, rounds=True),
        _enum("location_precision", choices.LocationPrecision.values, required=False),
        _enum("status", choices.ProjectStatus.values), _number(DataCenterProject, "planned_mw"),
        _text(DataCenterProject, "note"), _text(DataCenterProject, "note_fr"),
    )),
    File("deals", Deal, ("slug",), (
        _slug(), _text(Deal, "title", required=True), _text(Deal, "title_fr"), _enum("kind", choices.DealKind.values),
        _enum("stage", choices.DealStage.values), _date("window_start"), _date("window_end", last=True),
        _ref("part_of", "deals"), _refs("projects", "projects"), _text(Deal, "note"), _text(Deal, "note_fr"),
    )),
    File("deal_parties", DealParty, ("deal", "company", "role"), (
        _ref("deal", "deals", required=True), _ref("company", "companies", required=True),
        _enum("role", choices.PartyRole.values), _number(DealParty, "share", low=0, high=1, above=True, rounds=True, exact=True),
    )),
    File("project_parties", ProjectParty, ("project", "company", "role"), (
        _ref("project", "projects", required=True), _ref("company", "companies", required=True),
        _enum("role", choices.ProjectRole.values),
    )),
    File("announcements", Announcement, ("key",), (
        _text(Announcement, "key", required=True), _ref("deal", "deals"), _ref("project", "projects"),
        _date("date", required=True), _enum("event", choices.AnnouncementEvent.values),
        _number(Announcement, "amount_low"), _number(Announcement, "amount_high"),
        _code("currency", iso.CURRENCY_CODES, _CURRENCY), _enum("basis", choices.Basis.values, required=False),
        _enum("per", choices.Per.values, required=False), _number(Announcement, "mw"),
        _text(Announcement, "headline", required=True), _text(Announcement, "headline_fr"),
        _text(Announcement, "note"), _text(Announcement, "note_fr"), _refs("sources", "sources"), _review(),
    )),
    File("milestones", Milestone, ("project", "date", "kind"), (
        _ref("project", "projects", required=True), _date("date", required=True),
        _enum("kind", choices.MilestoneKind.values), _number(Milestone, "mw"), _text(Milestone, "note"),
        _text(Milestone, "note_fr"), _ref("source", "sources"), _review(),
    )),
    File("impacts", Impact, ("project", "metric", "as_of", "source"), (
        _ref("project", "projects", required=True), _enum("metric", choices.ImpactMetric.values),
        _date("as_of", required=True), _number(Impact, "value_low"), _number(Impact, "value_high"),
        _enum("unit", dict.fromkeys(choices.METRIC_UNITS.values())), _enum("basis", choices.ImpactBasis.values),
        _text(Impact, "note"), _text(Impact, "note_fr"), _ref("source", "sources"), _review(),
    )),
    File("energy", ProjectEnergy, ("project", "source_kind", "as_of"), (
        _ref("project", "projects", required=True), _enum("source_kind", choices.EnergyKind.values),
        _number(ProjectEnergy, "mw"), _date("as_of", required=True), _text(ProjectEnergy, "note"),
        _text(ProjectEnergy, "note_fr"), _ref("source", "sources"), _review(),
    )),
    File("forecasts", Forecast, ("slug",), (
        _slug(), Cell("forecaster", (("forecaster", "text"),), lambda text: (text,), required=True),
        _date("published_on", required=True), _text(Forecast, "subject", required=True),
        _number(Forecast, "amount_low"), _number(Forecast, "amount_high"), _enum("unit", choices.FORECAST_UNITS),
        _date("horizon_start"), _date("horizon_end", last=True), _text(Forecast, "headline", required=True),
        _text(Forecast, "headline_fr"), _ref("source", "sources"), _refs("disputes", "forecasts"), _review(),
    )),
)  # fmt: skip

BY_NAME = {file.name: file for file in FILES}


def written(value: Any) -> str:
    """Return a stored value as the text of its cell."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, list):
        return ";".join(value)
    return str(value)
