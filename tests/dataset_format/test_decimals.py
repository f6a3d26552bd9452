"""Decimals of more places than are stored: shares, rates and coordinates are rounded, amounts are refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from investments.dataset.load import load
from investments.models import DataCenterProject, DealParty, ExchangeRate
from tests.dataset_format.test_load import COMPANIES, DEALS, PARTIES, SAID, SOURCES, a_package
from tests.dataset_format.test_mistakes import PARK, refusal_of

pytestmark = pytest.mark.django_db

THIRD = "0.3333333333333333333333333333"
SIXTH = "0.1666666666666666666666666667"


def a_deal_of(folder: Path, *shares: str) -> Path:
    companies = [COMPANIES[0] | {"slug": f"c{n}"} for n in range(len(shares))]
    parties = [PARTIES[0] | {"company": f"c{n}", "share": share} for n, share in enumerate(shares)]
    return a_package(folder, companies=companies, deals=DEALS, deal_parties=parties)


def stored() -> list[str]:
    return [f"{share:f}" for share in DealParty.objects.order_by("company__slug").values_list("share", flat=True)]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ((THIRD, THIRD, THIRD), ["0.33333333", "0.33333333", "0.33333333"]),
        (("0.123456785", "0.876543215"), ["0.12345678", "0.87654322"]),
        # 16666667 six times would be 1.00000002: two of them give way.
        ((SIXTH,) * 6, ["0.16666666", "0.16666666", *["0.16666667"] * 4]),
        # 2.6, 2.6 and 4.8 hundred-millionths beyond 0.9999999: the first of those rounded up the most gives way.
        (("0.300000026", "0.300000026", "0.399999948"), ["0.30000002", "0.30000003", "0.39999995"]),
        (("0.9697439875872769588828549263",), ["0.96974399"]),
    ],
)  # fmt: skip
def test_shares_are_rounded_half_to_even_and_a_side_stays_whole(
    tmp_path: Path, written: tuple[str, ...], kept: list[str]
) -> None:
    package = a_deal_of(tmp_path / "package", *written)
    load(package)
    assert stored() == kept
    assert load(package).changed == 0


def test_a_share_gives_way_to_what_is_stored_beside_it(tmp_path: Path) -> None:
    load(a_deal_of(tmp_path / "package", "0.5"))
    more = [PARTIES[0] | {"company": company, "share": "0.249999996"} for company in ("c1", "c2")]
    more += [PARTIES[0] | {"company": "c3", "share": "0.000000008"}]
    companies = [COMPANIES[0] | {"slug": f"c{n}"} for n in range(4)]
    load(a_package(tmp_path / "more", companies=companies, deal_parties=more))
    assert stored() == ["0.50000000", "0.24999999", "0.25000000", "0.00000001"]


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (("0.5", "0.500000006"), "deal_parties.csv, line 3, share: '1.00000001 in all': expected shares of the deal's payers"),
        (("0.16666667",) * 6, "deal_parties.csv, line 7, share: '1.00000002 in all'"),
        (("0.000000005",), "deal_parties.csv, line 2, share: '0.000000005': expected a plain decimal number above 0 to 1, in 8 places"),
        (("1.000000001",), "deal_parties.csv, line 2, share: '1.000000001': expected a plain decimal number above 0 to 1"),
    ],
)  # fmt: skip
def test_shares_above_one_and_those_that_round_to_nothing_are_refused(
    tmp_path: Path, shares: tuple[str, ...], told: str
) -> None:
    assert str(refusal_of(a_deal_of(tmp_path / "package", *shares)).problems[0]).startswith(told)


def test_rates_and_coordinates_are_rounded_half_to_even(tmp_path: Path) -> None:
    rate = {"currency": "XOF", "date": "2024-12-31", "per_usd": "0.9697439875872769588828549263", "origin": "manual"}
    park = PARK | {"latitude": "48.8566145", "longitude": "-2.352225"}
    package = a_package(tmp_path / "package", exchange_rates=[rate], projects=[park])
    load(package)
    assert ExchangeRate.objects.get(currency="XOF").rate == Decimal("0.969743987587276958882855")
    site = DataCenterProject.objects.get()
    assert (site.latitude, site.longitude) == (Decimal("48.85661"), Decimal("-2.35222"))
    assert load(package).changed == 0


def test_amounts_of_more_places_than_are_stored_are_refused(tmp_path: Path) -> None:
    said = SAID[0] | {"amount_high": "1.005"}
    package = a_package(tmp_path / "package", companies=COMPANIES, deals=DEALS, sources=SOURCES, announcements=[said])
    assert str(refusal_of(package).problems[0]) == (
        "announcements.csv, line 2, amount_high: '1.005': expected a number with at most 22 digits before and 2 after the point"
    )
