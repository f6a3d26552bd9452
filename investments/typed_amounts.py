"""Amounts as people type them: ``$30B``, ``1,5 Md€``, ``between 3 and 4 trillion dollars``, ``₹1.25 lakh crore``.

Pure. Either every word of a text is understood and a figure comes out, or none does and the complaints say why:
a figure that is only partly understood is worse than none.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from investments.choices import Basis, Per
from investments.iso import CURRENCY_CODES

LONGEST = 200
LARGEST = Decimal(10) ** 18
# A bare number below this is more likely short of its "billion" than a sum that anyone announces.
SMALLEST_WITHOUT_SCALE = 100_000

SCALES: dict[str, int] = {
    word: 10**power
    for power, words in {
        3: "k thousand thousands mille mil tausend",
        4: "万 萬",
        5: "lakh lakhs lac",
        6: "m mn mm mio mln mill million millions millones",
        7: "crore crores cr",
        8: "亿 億 억",
        9: "b bn bln bil md mds mrd mrds mia g billion billions milliard milliards milliarden",
        12: "t tn trn trillion trillions 兆 조",
    }.items()
    for word in words.split()
}
# Words that mean a thousand times more in French than in English.
LONG_SCALE = {"billion", "billions", "trillion", "trillions"}
FRENCH_SCALES = {"md", "mds", "milliard", "milliards", "million", "millions", "m"}

CURRENCIES: dict[str, str] = {
    "$": "USD", "us$": "USD", "us $": "USD", "$us": "USD", "usd$": "USD", "dollar": "USD", "dollars": "USD",
    "us dollars": "USD", "us dollar": "USD", "american dollars": "USD", "dollars américains": "USD",
    "a$": "AUD", "au$": "AUD", "australian dollars": "AUD", "dollars australiens": "AUD",
    "c$": "CAD", "ca$": "CAD", "canadian dollars": "CAD", "dollars canadiens": "CAD",
    "hk$": "HKD", "hong kong dollars": "HKD", "nt$": "TWD", "new taiwan dollars": "TWD", "taiwan dollars": "TWD",
    "s$": "SGD", "singapore dollars": "SGD", "nz$": "NZD", "new zealand dollars": "NZD", "r$": "BRL", "reais": "BRL",
    "mx$": "MXN", "mexican pesos": "MXN", "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pounds": "GBP",
    "pounds sterling": "GBP", "livres sterling": "GBP", "livres": "GBP", "jp¥": "JPY", "yen": "JPY", "yens": "JPY",
    "円": "JPY", "cn¥": "CNY", "yuan": "CNY", "yuans": "CNY", "rmb": "CNY", "renminbi": "CNY", "元": "CNY",
    "人民币": "CNY", "₹": "INR", "rs": "INR", "rupees": "INR", "rupee": "INR", "indian rupees": "INR",
    "roupies": "INR", "₩": "KRW", "won": "KRW", "wons": "KRW", "원": "KRW", "₪": "ILS", "shekels": "ILS", "₺": "TRY",
    "₽": "RUB", "zł": "PLN", "zloty": "PLN", "zlotys": "PLN", "rm": "MYR", "ringgit": "MYR", "rp": "IDR",
    "rupiah": "IDR", "฿": "THB", "baht": "THB", "₫": "VND", "dong": "VND", "sfr": "CHF", "swiss francs": "CHF",
    "francs suisses": "CHF", "saudi riyals": "SAR", "riyals saoudiens": "SAR", "uae dirhams": "AED", "dhs": "AED",
    "emirati dirhams": "AED", "dirhams émiratis": "AED", "kronor": "SEK", "swedish kronor": "SEK",
    "danish kroner": "DKK", "norwegian kroner": "NOK", "rand": "ZAR", "naira": "NGN",
    **{code.lower(): code for code in CURRENCY_CODES},
}  # fmt: skip
AMBIGUOUS_SIGNS = {
    "¥": "JPY, CNY", "kr": "SEK, NOK, DKK", "kroner": "NOK, DKK", "riyals": "SAR, QAR", "dirhams": "AED, MAD",
    "francs": "CHF, XOF, XAF", "pesos": "MXN, CLP, ARS",
}  # fmt: skip

BASES: dict[str, Basis] = {
    phrase: basis
    for basis, phrases in {
        Basis.UP_TO: "up to|as much as|at most|no more than|not more than|a maximum of|maximum|max|less than|under|"
        "below|jusqu'à|jusqu'a|jusque|au plus|au maximum|moins de|bis zu|<|≤|<=",
        Basis.AT_LEAST: "at least|more than|over|above|upwards of|no less than|not less than|a minimum of|minimum|min|"
        "exceeding|in excess of|or more|and more|au moins|plus de|plus d'|au minimum|ou plus|et plus|mindestens|>|≥|"
        ">=|+|plus",
        Basis.ABOUT: "about|around|approximately|approx|roughly|some|nearly|almost|close to|circa|ca|c|environ|"
        "près de|près d'|quelque|quelques|presque|autour de|de l'ordre de|rund|~|≈",
    }.items()
    for phrase in phrases.split("|")
}
YEARLY = (
    "a year|per year|per annum|each year|every year|annually|yearly|annual|/year|/yr|/ year|pa|par an|/an|/ an|"
    "chaque année|annuels|annuel|annuelle|annuelles"
).split("|")
SPANS = ("to", "-", "and", "et", "à", "bis", "until")
FILLERS = (
    "between|entre|from|of|de|d'|des|du|en|in|the|a|an|un|une|total|totalling|totaling|in total|au total|worth|"
    "investment|investments|investissement|investissements|deal|contract|contrat|funding|capex|for|pour|le|la|les"
).split("|")
FRENCH = {"de", "d'", "des", "du", "en", "entre", "et", "à", "environ", "jusqu'à", "au moins", "par an", "plus de"}
NUMBERS: dict[str, Decimal] = {
    word: Decimal(value)
    for value, words in {
        "0.5": "half a|a half|un demi|half",
        "0.25": "a quarter of a|quarter of a",
        "1": "one",
        "1.5": "one and a half|un et demi",
        "2": "two|deux|a couple of", "3": "three|trois", "4": "four|quatre", "5": "five|cinq", "6": "six",
        "7": "seven|sept", "8": "eight|huit", "9": "nine|neuf", "10": "ten|dix", "12": "twelve|douze",
        "15": "fifteen|quinze", "20": "twenty|vingt", "30": "thirty|trente", "40": "forty|quarante",
        "50": "fifty|cinquante", "100": "a hundred|one hundred|cent",
    }.items()
    for word in words.split("|")
}  # fmt: skip

_KINDS: dict[str, tuple[str, Any]] = {
    **{word: ("filler", word) for word in FILLERS},
    **{word: ("span", word) for word in SPANS},
    **{word: ("number", value) for word, value in NUMBERS.items()},
    **{word: ("ambiguous", codes) for word, codes in AMBIGUOUS_SIGNS.items()},
    **{word: ("currency", code) for word, code in CURRENCIES.items()},
    **{word: ("scale", value) for word, value in SCALES.items()},
    **{word: ("basis", basis) for word, basis in BASES.items()},
    **{word: ("year", word) for word in YEARLY},
}
_PHRASES = sorted(_KINDS, key=len, reverse=True)
_NUMBER = re.compile(
    r"\d{1,3}(?P<group>[ ,.'_])\d{3}(?:(?P=group)\d{3})*(?!\d)(?:[.,]\d+)?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?:\.\d+)?"
    r"|\d+(?:[.,]\d+)?(?:e\+?\d{1,2}(?![a-z\d]))?"
    r"|\.\d+",
    re.ASCII,
)
# How long the money lasts says nothing of how much it is.
_PERIOD = re.compile(
    r"\b(?:over|within|in|sur|en)(?: the)?(?: next)? [\w-]+ (?:years|year period|ans|années)\b"
    r"|\b(?:by|through|until|d'ici(?: à)?)(?: the end of)? 20\d\d\b"
)
_WORD = re.compile(r"[^\W\d_]+|\S")


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a text yields no figure: a code, and the piece of the text or the choices that it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """What a text says: bounds in units of ``currency`` (None where it names none), or complaints and no bounds.

    One bound alone is the one that the basis states: the high one of ``up to``, the low one of ``at least``.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None
    basis: Basis = Basis.EXACT
    per: Per = Per.TOTAL
    complaints: tuple[Complaint, ...] = ()

    @property
    def figures(self) -> bool:
        """Whether there is an amount at all."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number as written, and the power of ten that its words name (0 where there are none)."""

    text: str
    number: Decimal | None
    scales: tuple[str, ...] = ()

    @property
    def scale(self) -> int:
        product = 1
        for word in self.scales:
            product *= SCALES[word]
        return product if self.scales else 0


def read_typed_amount(text: str) -> TypedAmount:
    """Return what a text says; an empty one says nothing, and that is no complaint."""
    if len(text) > LONGEST:
        return TypedAmount(complaints=(Complaint("too_long", str(LONGEST)),))
    tokens = _tokens(_plain(text))
    if not tokens:
        return TypedAmount()
    unknown = [Complaint("unknown", token.text) for token in tokens if token.kind == "unknown"]
    unknown += [Complaint("which_currency", f"{t.text}: {t.value}") for t in tokens if t.kind == "ambiguous"]
    quantities, spans, stray = _quantities(tokens)
    complaints = (*unknown, *(Complaint("unknown", word) for word in stray), *_oddities(tokens, quantities, spans))
    if complaints:
        return TypedAmount(complaints=tuple(dict.fromkeys(complaints)))
    return _figures(tokens, quantities)


def _plain(text: str) -> str:
    """Return the text in lower case, with one kind of space, dash and apostrophe, without dots of abbreviation."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("‘", "'")
    text = re.sub(r"[–—−‐‑]", "-", re.sub(r"\s+", " ", text))
    text = _PERIOD.sub(" ", text.replace("u.s.", "us").replace("p.a.", "pa"))
    return re.sub(r"(?<=[^\W\d_])\.(?=\W|$)", "", text).strip(" .;")


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        if match := _NUMBER.match(text, place):
            tokens.append(_Token("number", match[0], None))
            place = match.end()
            continue
        found = _phrase(text, place)
        piece = found or (_WORD.match(text, place) or [text[place]])[0]
        tokens += [_Token(*_read(piece))] if found else _glued(piece)
        place += len(piece)
    return tokens


def _read(phrase: str) -> tuple[str, str, Any]:
    kind, value = _KINDS[phrase]
    return kind, phrase, value


def _phrase(text: str, place: int) -> str | None:
    """Return the longest known phrase that stands at a place and ends where a word ends."""
    for phrase in _PHRASES:
        if text.startswith(phrase, place):
            after = text[place + len(phrase) : place + len(phrase) + 1]
            if not (phrase[-1].isalpha() and after.isalpha()) or not phrase.isascii():
                return phrase
    return None


def _glued(piece: str) -> list[_Token]:
    """Read ``bnusd`` or ``meur``: a scale and a currency without a space."""
    for cut in range(1, len(piece)):
        head, tail = piece[:cut], piece[cut:]
        if head in SCALES and tail in CURRENCIES:
            return [_Token("scale", head, SCALES[head]), _Token("currency", tail, CURRENCIES[tail])]
    return [_Token("unknown", piece, None)]


def _quantities(tokens: list[_Token]) -> tuple[list[_Quantity], list[int], list[str]]:
    """Return the quantities, after how many of them each word of a range stands, and scales that follow no number."""
    quantities: list[_Quantity] = []
    spans: list[int] = []
    stray: list[str] = []
    before: _Token | None = None
    for token in tokens:
        if token.kind == "number":
            quantities.append(_Quantity(token.text, token.value))
        elif token.kind == "scale":
            if before and before.kind in {"number", "scale"} and quantities:
                last = quantities[-1]
                quantities[-1] = replace(last, scales=(*last.scales, token.text))
            # "a billion", "un milliard", "mille milliards": the article is the number, or nothing is.
            elif token.text == "mille" or (before and before.text in {"a", "un", "an"}):
                quantities.append(_Quantity("1", Decimal(1), (token.text,)))
            else:
                stray.append(token.text)
        elif token.kind == "span":
            spans.append(len(quantities))
        before = token
    return quantities, spans, stray


def _oddities(tokens: list[_Token], quantities: list[_Quantity], spans: list[int]) -> list[Complaint]:
    """Return what keeps understood words from making one figure or one range."""
    found: list[Complaint] = []
    if not quantities:
        found.append(Complaint("no_figure"))
    if len(quantities) > 2 or (len(quantities) == 2 and spans != [1]):
        found.append(Complaint("too_many_figures", ", ".join(quantity.text for quantity in quantities)))
    if len(quantities) == 1 and spans:
        found.append(Complaint("half_a_range"))
    currencies = dict.fromkeys(token.value for token in tokens if token.kind == "currency")
    if len(currencies) > 1:
        found.append(Complaint("two_currencies", ", ".join(currencies)))
    bases = dict.fromkeys(token.value for token in tokens if token.kind == "basis")
    if len(bases) > 1:
        found.append(Complaint("two_bases", ", ".join(t.text for t in tokens if t.kind == "basis")))
    french = any(token.text in FRENCH for token in tokens)
    for quantity in quantities:
        scales = [SCALES[word] for word in quantity.scales]
        if french and LONG_SCALE & set(quantity.scales):
            found.append(Complaint("long_scale", " ".join(quantity.scales)))
        if len(scales) > 2 or (len(scales) == 2 and scales[0] >= scales[1]):
            found.append(Complaint("unknown", " ".join(quantity.scales)))
    return found


def _number(quantity: _Quantity, scales: tuple[str, ...]) -> Decimal | None:
    """Return the number that a quantity's digits say; None where its separator can be read in two ways."""
    if quantity.number is not None:
        return quantity.number
    text = quantity.text
    separators = [sign for sign in text if sign in " ,.'_"]
    kinds = dict.fromkeys(separators)
    if not separators:
        return Decimal(text)
    if len(kinds) == 1 and len(separators) == 1:
        sign = separators[0]
        tail = text.partition(sign)[2].partition("e")[0]
        if sign in ",." and (len(tail) != 3 or text.startswith((".", "0"))):
            return Decimal(text.replace(",", "."))
        if sign == ".":
            # "1.275 billion" is one and a bit; a bare "1.500" is either of two numbers.
            return Decimal(text) if scales else None
        if sign == "," and set(scales) & FRENCH_SCALES and not set(scales) & {"million", "millions", "m"}:
            return Decimal(text.replace(",", "."))
        return Decimal(text.replace(sign, ""))
    last = separators[-1]
    if len(kinds) == 1:
        return Decimal(text.replace(last, ""))
    whole, _sign, fraction = text.rpartition(last)
    return Decimal("".join(digit for digit in whole if digit.isdigit()) + "." + fraction)


def _short(quantity: _Quantity) -> bool:
    """Whether a number without a scale is too small to be meant as it stands."""
    number = _number(quantity, ("bn",))
    return number is not None and number < SMALLEST_WITHOUT_SCALE and "e" not in quantity.text


def _figures(tokens: list[_Token], quantities: list[_Quantity]) -> TypedAmount:
    """Return the amount of one quantity or the range of two, or what is wrong with their size."""
    # "60-65 billion": the first number is meant in the second one's words.
    lent = quantities[-1].scales
    values: list[Decimal] = []
    for quantity in quantities:
        scales = quantity.scales or (lent if _short(quantity) else ())
        number = _number(quantity, scales)
        if number is None:
            return TypedAmount(complaints=(Complaint("which_number", quantity.text),))
        value = number * (replace(quantity, scales=scales).scale or 1)
        if not scales and 0 < value < SMALLEST_WITHOUT_SCALE and "e" not in quantity.text:
            return TypedAmount(complaints=(Complaint("no_scale", quantity.text),))
        if value >= LARGEST:
            return TypedAmount(complaints=(Complaint("too_large", quantity.text),))
        if value != round(value, 2):
            return TypedAmount(complaints=(Complaint("too_fine", quantity.text),))
        values.append(round(value, 2))
    if values[0] > values[-1]:
        return TypedAmount(complaints=(Complaint("low_above_high", " - ".join(q.text for q in quantities)),))
    basis = next((token.value for token in tokens if token.kind == "basis"), None)
    if basis is None:
        basis = Basis.EXACT if len(values) == 1 else Basis.ABOUT
    low: Decimal | None = values[0]
    high: Decimal | None = values[-1]
    if len(values) == 1 and basis == Basis.UP_TO:
        low = None
    if len(values) == 1 and basis == Basis.AT_LEAST:
        high = None
    currency = next((token.value for token in tokens if token.kind == "currency"), None)
    per = Per.YEAR if any(token.kind == "year" for token in tokens) else Per.TOTAL
    return TypedAmount(low, high, currency, basis, per)


def write_typed_amount(amount: TypedAmount) -> str:
    """Return a text that reads back as the same amount: ``up to 100 bn USD``."""
    if not amount.figures:
        return ""
    bounds = dict.fromkeys(bound for bound in (amount.low, amount.high) if bound is not None)
    words = {Basis.UP_TO: "up to ", Basis.AT_LEAST: "at least ", Basis.ABOUT: "about "}
    text = words.get(amount.basis, "") + " to ".join(_written(bound) for bound in bounds)
    return f"{text} {amount.currency or ''}".rstrip() + (" a year" if amount.per == Per.YEAR else "")


def _written(bound: Decimal) -> str:
    for power, name in ((10**12, "tn"), (10**9, "bn"), (10**6, "m")):
        if bound >= power and bound % (power // 1000) == 0:
            return f"{(bound / power).normalize():f} {name}"
    # A small sum is told from one that lacks its scale by its exponent.
    return (f"{bound:,.2f}" if bound >= SMALLEST_WITHOUT_SCALE else f"{bound:.2f}e0").replace(".00", "")
