"""Amounts of money: how people type them, and how each language writes them.

Pure functions. Numbers, symbols and separators are Babel's; `$500 bn` in English is `500 Md $` in French.
"""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import format_currency, format_decimal, get_currency_symbol

# How many written amounts are kept: pages repeat them.
KEPT = 8192
NBSP = "\u00a0"
MINUS = "−"
DASH = "–"
# What a thousand, a million and so on are called beside a figure; French counts in milliards as far as it goes.
_SHORT = {
    "en": ((10**12, "tn"), (10**9, "bn"), (10**6, "m")),
    "fr": ((10**9, "Md"), (10**6, "M")),
}
LARGEST = Decimal(10) ** 21

_PLAIN = re.compile(r"(\d+(?:[.,]\d+)?(?:e\+?\d{1,2})?)\s*([a-z]*)", re.IGNORECASE)
# A thousand and more to some, one and a bit to others.
_EITHER = re.compile(r"[1-9]\d{0,2},\d{3}")
_SCALES = {
    "": 1, "k": 10**3, "thousand": 10**3,
    "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6, "millions": 10**6,
    "b": 10**9, "bn": 10**9, "md": 10**9, "mds": 10**9, "billion": 10**9, "billions": 10**9,
    "milliard": 10**9, "milliards": 10**9,
    "t": 10**12, "tn": 10**12, "trn": 10**12, "trillion": 10**12, "trillions": 10**12,
}  # fmt: skip


class AmountError(ValueError):
    """Text that is no amount; carries the text."""


def read_plain_amount(text: str) -> Decimal:
    """Return the amount that a filter names: ``1500000000``, ``1.5e9``, ``1.5bn``, ``300m``; raise AmountError."""
    match = _PLAIN.fullmatch(text.strip().replace(NBSP, "").replace(" ", "").replace("_", ""))
    if not match or match[2].lower() not in _SCALES or _EITHER.fullmatch(match[1]):
        raise AmountError(text)
    try:
        amount = Decimal(match[1].replace(",", ".")) * _SCALES[match[2].lower()]
    except InvalidOperation as error:
        raise AmountError(text) from error
    if amount >= LARGEST:
        raise AmountError(text)
    return amount


def _scale(amount: Decimal, language: str) -> tuple[int, str]:
    """Return the power of ten, and its name, in which the size of ``amount`` reads best."""
    # 999.96 million rounds to a billion and is told as one.
    return next(
        ((power, name) for power, name in _SHORT[language] if abs(amount) >= power * Decimal("0.9995")), (1, "")
    )


def _figure(amount: Decimal, power: int, language: str) -> str:
    """Return the figure to three significant digits, whole above a thousand."""
    scaled = abs(amount) / power
    digits = 0 if scaled >= 100 or power == 1 else 1 if scaled >= 10 else 2
    return format_decimal(round(scaled, digits), format="#,##0.##", locale=language)


def _symbol(currency: str, language: str) -> str:
    return "$" if currency == "USD" else get_currency_symbol(currency, locale=language)


def _around(figure: str, name: str, currency: str, language: str) -> str:
    """Return the figure with its scale and currency where the language puts them."""
    symbol = _symbol(currency, language)
    if language == "fr":
        return NBSP.join(part for part in (figure, name, symbol) if part)
    gap = NBSP if len(symbol) == 3 and symbol.isalpha() else ""
    return f"{symbol}{gap}{figure}{NBSP + name if name else ''}"


@lru_cache(maxsize=KEPT)
def money(amount: Decimal, currency: str = "USD", language: str = "en") -> str:
    """Return an amount as it reads in running text: ``$500 bn``, ``500 Md $``."""
    amount = Decimal(amount)
    power, name = _scale(amount, language)
    text = _around(_figure(amount, power, language), name, currency, language)
    return MINUS + text if amount < 0 else text


@lru_cache(maxsize=KEPT)
def money_range(low: Decimal, high: Decimal, currency: str = "USD", language: str = "en") -> str:
    """Return two bounds in one figure: ``$100–500 bn``; a single one where they read the same."""
    low, high = Decimal(low), Decimal(high)
    if money(low, currency, language) == money(high, currency, language):
        return money(high, currency, language)
    if low < 0 or high < 0:
        return f"{money(low, currency, language)} {DASH} {money(high, currency, language)}"
    power, name = _scale(high, language)
    if low and _scale(low, language)[0] != power and low * 1000 < high:
        return f"{money(low, currency, language)}{NBSP}{DASH}{NBSP}{money(high, currency, language)}"
    return _around(f"{_figure(low, power, language)}{DASH}{_figure(high, power, language)}", name, currency, language)


@lru_cache(maxsize=KEPT)
def money_exact(amount: Decimal, currency: str = "USD", language: str = "en") -> str:
    """Return an amount to the last cent, without cents where there are none."""
    amount = Decimal(amount)
    digits = "#,##0.00" if amount % 1 else "#,##0"
    pattern = f"{digits}\u00a0¤" if language == "fr" else f"¤{digits}"
    text = format_currency(abs(amount), currency, format=pattern, locale=language, currency_digits=False)
    text = text.replace("$US", "$") if currency == "USD" else text
    return MINUS + text if amount < 0 else text
