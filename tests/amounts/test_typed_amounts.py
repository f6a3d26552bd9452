"""Amounts as people type them: what each spelling says, and that nothing half understood becomes a figure."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investments.choices import Basis, Per
from investments.typed_amounts import TypedAmount, read_typed_amount, write_typed_amount

EXACT, ABOUT, UP_TO, AT_LEAST = Basis.EXACT, Basis.ABOUT, Basis.UP_TO, Basis.AT_LEAST

# text, low, high, currency, basis; bounds as decimal text, "" where there is none
SPELLINGS = [
    ("$30B", "30e9", "30e9", "USD", EXACT),
    ("30 bn USD", "30e9", "30e9", "USD", EXACT),
    ("EUR 20 bn", "20e9", "20e9", "EUR", EXACT),
    ("€109bn", "109e9", "109e9", "EUR", EXACT),
    ("500 milliards de dollars", "500e9", "500e9", "USD", EXACT),
    ("1,5 Md€", "1.5e9", "1.5e9", "EUR", EXACT),
    ("up to $100 billion", "", "100e9", "USD", UP_TO),
    ("at least 6.5bn", "6.5e9", "", None, AT_LEAST),
    ("$60-65 billion", "60e9", "65e9", "USD", ABOUT),
    ("between 3 and 4 trillion dollars", "3e12", "4e12", "USD", ABOUT),
    ("₹1.25 lakh crore", "1.25e12", "1.25e12", "INR", EXACT),
    ("$1.5 billion", "1.5e9", "1.5e9", "USD", EXACT),
    ("$1.275 billion", "1275e6", "1275e6", "USD", EXACT),
    ("1,275 milliard de dollars", "1275e6", "1275e6", "USD", EXACT),
    ("$1,275 million", "1275e6", "1275e6", "USD", EXACT),
    ("$500,000,000", "500e6", "500e6", "USD", EXACT),
    ("US$1,500,000,000.50", "1500000000.50", "1500000000.50", "USD", EXACT),
    ("1 500 000 000 $", "1.5e9", "1.5e9", "USD", EXACT),
    ("1 500 000 000 €", "1.5e9", "1.5e9", "EUR", EXACT),
    ("1.500.000.000 €", "1.5e9", "1.5e9", "EUR", EXACT),
    ("CHF 1'500'000'000", "1.5e9", "1.5e9", "CHF", EXACT),
    ("1_000_000_000 USD", "1e9", "1e9", "USD", EXACT),
    ("1e9 USD", "1e9", "1e9", "USD", EXACT),
    ("1.5e9", "1.5e9", "1.5e9", None, EXACT),
    ("US$ 30 billion", "30e9", "30e9", "USD", EXACT),
    ("U.S. $5 billion", "5e9", "5e9", "USD", EXACT),
    ("USD30bn", "30e9", "30e9", "USD", EXACT),
    ("30bnUSD", "30e9", "30e9", "USD", EXACT),
    ("30 MEUR", "30e6", "30e6", "EUR", EXACT),
    ("1,2 Mds €", "1.2e9", "1.2e9", "EUR", EXACT),
    ("109 milliards d'euros", "109e9", "109e9", "EUR", EXACT),
    ("109 milliards d’euros", "109e9", "109e9", "EUR", EXACT),
    ("jusqu’à 20 milliards d’euros", "", "20e9", "EUR", UP_TO),
    ("plus de 7 milliards de dollars", "7e9", "", "USD", AT_LEAST),
    ("au moins 2,5 milliards d'euros", "2.5e9", "", "EUR", AT_LEAST),
    ("environ 800 millions d'euros", "800e6", "800e6", "EUR", ABOUT),
    ("près de 10 milliards de dollars", "10e9", "10e9", "USD", ABOUT),
    ("un milliard d'euros", "1e9", "1e9", "EUR", EXACT),
    ("mille milliards de dollars", "1e12", "1e12", "USD", EXACT),
    ("de 3 à 4 milliards d'euros", "3e9", "4e9", "EUR", ABOUT),
    ("entre 30 et 50 milliards d'euros", "30e9", "50e9", "EUR", ABOUT),
    ("deux milliards de dollars", "2e9", "2e9", "USD", EXACT),
    ("300 M€", "300e6", "300e6", "EUR", EXACT),
    ("1,7 milliard de livres sterling", "1.7e9", "1.7e9", "GBP", EXACT),
    ("2,5 Md$", "2.5e9", "2.5e9", "USD", EXACT),
    ("2,5 Md USD", "2.5e9", "2.5e9", "USD", EXACT),
    ("$500 billion over four years", "500e9", "500e9", "USD", EXACT),
    ("$600 billion by 2028", "600e9", "600e9", "USD", EXACT),
    ("20 milliards d'euros sur cinq ans", "20e9", "20e9", "EUR", EXACT),
    ("about $15 billion", "15e9", "15e9", "USD", ABOUT),
    ("approx. £3.2bn", "3.2e9", "3.2e9", "GBP", ABOUT),
    ("~$40bn", "40e9", "40e9", "USD", ABOUT),
    ("nearly $1 trillion", "1e12", "1e12", "USD", ABOUT),
    ("some 14 billion pounds", "14e9", "14e9", "GBP", ABOUT),
    ("more than $7.1 billion", "7.1e9", "", "USD", AT_LEAST),
    ("over 100 billion yuan", "100e9", "", "CNY", AT_LEAST),
    ("$30bn+", "30e9", "", "USD", AT_LEAST),
    (">€2bn", "2e9", "", "EUR", AT_LEAST),
    ("$10 billion or more", "10e9", "", "USD", AT_LEAST),
    ("as much as $300bn", "", "300e9", "USD", UP_TO),
    ("max. 5 bn EUR", "", "5e9", "EUR", UP_TO),
    ("≤ $4bn", "", "4e9", "USD", UP_TO),
    ("up to $60–65bn", "60e9", "65e9", "USD", UP_TO),
    ("$500 million to $1 billion", "500e6", "1e9", "USD", ABOUT),
    ("from $3.5bn to $4bn", "3.5e9", "4e9", "USD", ABOUT),
    ("€1.2–1.5 bn", "1.2e9", "1.5e9", "EUR", ABOUT),
    ("$1.4tn", "1.4e12", "1.4e12", "USD", EXACT),
    ("1.4T USD", "1.4e12", "1.4e12", "USD", EXACT),
    ("a billion dollars", "1e9", "1e9", "USD", EXACT),
    ("half a billion dollars", "500e6", "500e6", "USD", EXACT),
    ("two billion US dollars", "2e9", "2e9", "USD", EXACT),
    ("a total of $12 billion", "12e9", "12e9", "USD", EXACT),
    ("an investment of $4 billion", "4e9", "4e9", "USD", EXACT),
    ("Rs 1,00,000 crore", "1e12", "1e12", "INR", EXACT),
    ("₹60,000 crore", "600e9", "600e9", "INR", EXACT),
    ("INR 500 cr", "5e9", "5e9", "INR", EXACT),
    ("10兆円", "10e12", "10e12", "JPY", EXACT),
    ("1.5 trillion yen", "1.5e12", "1.5e12", "JPY", EXACT),
    ("3800亿元", "380e9", "380e9", "CNY", EXACT),
    ("RMB 380 billion", "380e9", "380e9", "CNY", EXACT),
    ("₩7 trillion", "7e12", "7e12", "KRW", EXACT),
    ("NT$16 billion", "16e9", "16e9", "TWD", EXACT),
    ("A$20bn", "20e9", "20e9", "AUD", EXACT),
    ("C$2.4 billion", "2.4e9", "2.4e9", "CAD", EXACT),
    ("R$ 200 bn", "200e9", "200e9", "BRL", EXACT),
    ("CHF 2.5 Mrd.", "2.5e9", "2.5e9", "CHF", EXACT),
    ("11 Milliarden Euro", "11e9", "11e9", "EUR", EXACT),
    ("100 billion Saudi riyals", "100e9", "100e9", "SAR", EXACT),
    ("AED 3.67bn", "3.67e9", "3.67e9", "AED", EXACT),
    ("SEK 33.7 bn", "33.7e9", "33.7e9", "SEK", EXACT),
    ("$0.4bn", "400e6", "400e6", "USD", EXACT),
    ("$.5bn", "500e6", "500e6", "USD", EXACT),
    ("250k EUR", "250e3", "250e3", "EUR", EXACT),
    ("$ 30 000 million", "30e9", "30e9", "USD", EXACT),
    ("30 thousand million dollars", "30e9", "30e9", "USD", EXACT),
    ("$0", "0", "0", "USD", EXACT),
]


@pytest.mark.parametrize(("text", "low", "high", "currency", "basis"), SPELLINGS, ids=[row[0] for row in SPELLINGS])
def test_a_spelling_says_its_amount(text: str, low: str, high: str, currency: str | None, basis: Basis) -> None:
    read = read_typed_amount(text)
    assert read.complaints == ()
    assert (read.low, read.high) == (Decimal(low) if low else None, Decimal(high) if high else None)
    assert (read.currency, read.basis, read.per) == (currency, basis, Per.TOTAL)


def test_there_are_at_least_eighty_spellings() -> None:
    assert len({row[0] for row in SPELLINGS}) >= 80


@pytest.mark.parametrize(
    "text", ["$7bn a year", "7 milliards de dollars par an", "USD 7bn p.a.", "$7 billion annually", "$7bn/year"]
)
def test_an_amount_a_year_says_so(text: str) -> None:
    read = read_typed_amount(text)
    assert (read.high, read.currency, read.per) == (Decimal("7e9"), "USD", Per.YEAR)


@pytest.mark.parametrize(
    ("text", "code", "about"),
    [
        ("$30 bazillion", "unknown", "bazillion"),
        ("$30", "no_scale", "30"),
        ("1.500 EUR", "which_number", "1.500"),
        ("¥100bn", "which_currency", "¥: JPY, CNY"),
        ("$30bn EUR", "two_currencies", "USD, EUR"),
        ("3 billions de dollars", "long_scale", "billions"),
        ("$4-3bn", "low_above_high", "4 - 3"),
        ("$3bn $4bn", "too_many_figures", "3, 4"),
        ("to $4bn", "half_a_range", ""),
        ("-5bn", "half_a_range", ""),
        ("dollars", "no_figure", ""),
        ("at least about $3bn", "two_bases", "at least, about"),
        ("$0.001", "no_scale", "0.001"),
        ("$2000000tn", "too_large", "2000000"),
        ("$30 billion billion", "unknown", "billion billion"),
        ("5 GW", "unknown", "gw"),
        ("x" * 201, "too_long", "200"),
    ],
)
def test_what_is_not_understood_is_said_and_yields_no_figure(text: str, code: str, about: str) -> None:
    read = read_typed_amount(text)
    assert not read.figures
    assert code in [complaint.code for complaint in read.complaints]
    assert about in [complaint.about for complaint in read.complaints]


def test_an_empty_text_says_nothing() -> None:
    assert read_typed_amount("  ") == TypedAmount()


PIECES = [
    "$",
    "30",
    "bn",
    "1,5",
    "€",
    "up to",
    "and",
    "milliards",
    "-",
    "1.",
    ",",
    "¥",
    "trillion",
    "USD",
    "12 34",
    "+",
]
JUNK = ["qwx", "§", "#", "@", "billon", "%", "\x00", "☃", "zzz", "NaN", "inf", "0x1F", "'; DROP", "٣", "é", "\u202e"]


def garbage() -> list[str]:
    """Return 200 texts, each with at least one piece that no amount has."""
    chance = random.Random(7)
    texts = []
    for _number in range(200):
        pieces = [chance.choice(PIECES) for _ in range(chance.randint(0, 6))]
        pieces.insert(chance.randint(0, len(pieces)), chance.choice(JUNK))
        texts.append(chance.choice(["", " "]).join(pieces))
    return texts


def test_two_hundred_strings_of_garbage_yield_no_figure_and_say_why() -> None:
    for text in garbage():
        read = read_typed_amount(text)
        assert not read.figures and read.complaints, text


@pytest.mark.parametrize("row", SPELLINGS, ids=[row[0] for row in SPELLINGS])
def test_a_written_amount_reads_back_as_itself(row: tuple[str, str, str, str | None, Basis]) -> None:
    read = read_typed_amount(row[0])
    assert read_typed_amount(write_typed_amount(read)) == read


CENTS = st.integers(0, 10**17).map(lambda cents: Decimal(cents) / 100)


@given(
    st.tuples(CENTS, CENTS),
    st.sampled_from(list(Basis)),
    st.sampled_from(list(Per)),
    st.sampled_from([None, "USD", "XAF"]),
)
@settings(max_examples=200, deadline=None)
def test_any_stored_amount_reads_back_as_itself(
    bounds: tuple[Decimal, Decimal], basis: Basis, per: Per, currency: str
) -> None:
    low, high = sorted(bounds)
    if low == high:
        low, high = {Basis.UP_TO: (None, high), Basis.AT_LEAST: (low, None)}.get(basis, (low, high))  # type: ignore[assignment]
    amount = TypedAmount(low, high, currency, Basis.ABOUT if basis == Basis.EXACT and low != high else basis, per)
    assert read_typed_amount(write_typed_amount(amount)) == amount
