"""The worked examples of docs/counting.md: the app is given their facts and must answer their figures."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from investments.models import Company, Deal, ExchangeRate
from tests.builders import a_company, a_deal, an_announcement

DOC = Path(__file__).parents[2] / "docs" / "counting.md"
Rows = list[dict[str, str]]
EXAMPLES = dict(re.findall(r"^### (E\d+)\. [^\n]+\n(.*?)(?=^##)", DOC.read_text(), re.DOTALL | re.MULTILINE))
STATED = re.compile(r"(?:(up to|at least|about) )?(.+ bn)(?: ([A-Z]{3}))?")
BASES = {"up to": "up_to", "at least": "at_least", "about": "about", None: "exact"}


def amount(text: str) -> Decimal:
    """Read ``+2.343 bn`` or ``0``, in units."""
    found = re.fullmatch(r"([+-]?\d+(?:\.\d+)?) bn|0", text)
    assert found, text
    return Decimal(found[1] or 0) * 10**9


def tables(text: str) -> Iterator[tuple[str, Rows]]:
    """Yield the tables of an example in their order, each under the name of its last column."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _rule, *lines = (
            [cell.strip() for cell in line.strip("|\n").split("|")] for line in block.splitlines(True)
        )
        yield head[-1], [dict(zip(head, line, strict=True)) for line in lines]


def enter_rates(rows: Rows, client: Client) -> None:
    for row in rows:
        ExchangeRate.objects.update_or_create(
            currency=row["currency"],
            date=row["day"],
            defaults={"rate": 1 / Decimal(row["in dollars"]), "origin": "manual"},
        )


def enter_deals(rows: Rows, client: Client) -> None:
    def parties(text: str) -> list[Any]:
        found = re.findall(r"(\w+)(?: \((.+?)\))?", text)
        return [(Company.objects.filter(slug=slug).first() or a_company(slug), share or None) for slug, share in found]

    for row in rows:
        window = {}
        if spends := row.get("spends"):
            window = dict(
                zip(("window_start", "window_end"), map(date.fromisoformat, spends.split(" to ")), strict=True)
            )
        container = Deal.objects.get(slug=row["inside"]) if row["inside"] else None
        a_deal(
            row["deal"], kind=row["kind"], part_of=container, payers=parties(row["pays"]), payees=parties(row["is paid"]),
            **window,
        )  # fmt: skip


def announce(rows: Rows, client: Client) -> None:
    """Enter what was not said before, and compare what each announcement adds."""
    for row in rows:
        deal = Deal.objects.filter(slug=row["deal"]).first() or a_deal(row["deal"])
        if not deal.announcements.filter(date=row["day"], event=row["event"]).exists():
            if row["states"]:
                basis, figure, currency = STATED.fullmatch(row["states"]).groups()  # type: ignore[union-attr]
                stated = {"amount": amount(figure), "basis": BASES[basis], "currency": currency or "USD"}
            else:
                stated = {}
            an_announcement(deal, row["day"], event=row["event"], **stated)
    response: Any = client.get("/announcements/export.csv?include=rumoured&sort=date")
    entries = csv.DictReader(b"".join(response.streaming_content).decode().splitlines())
    adds = {
        (entry["deal"], entry["date"], entry["event"]): (
            Decimal(entry["increment_usd"]),
            Decimal(entry["increment_floor_usd"]),
        )
        for entry in entries
    }
    told = {(row["deal"], row["day"], row["event"]): (amount(row["adds"]), amount(row["at least"])) for row in rows}
    assert adds == told


def ask(rows: Rows, client: Client) -> None:
    for row in rows:
        address = row["asked"].strip("`")
        for measure in ("headline", "floor"):
            data = client.get(f"{address}{'&' if '?' in address else '?'}measure={measure}").json()
            parts = {"": Decimal(data["total"])}
            for one in data["series"]:
                for name in (one["period"], one["segment"]):
                    parts[name] = parts.get(name, Decimal(0)) + Decimal(one["amount"])
            assert parts.get(row["part"], Decimal(0)) == amount(row[measure]), (row, measure)


STEPS = {"in dollars": enter_rates, "is paid": enter_deals, "spends": enter_deals, "at least": announce, "floor": ask}


def test_all_examples_are_there() -> None:
    assert list(EXAMPLES) == [f"E{number}" for number in range(1, 9)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_app_works_out_what_the_docs_say(client: Client, name: str) -> None:
    taken = []
    for kind, rows in tables(EXAMPLES[name]):
        assert rows
        STEPS[kind](rows, client)
        taken.append(kind)
    assert {"at least", "floor"} <= set(taken)
