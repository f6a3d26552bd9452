"""Dates as people type them: ``3 March 2025``, ``March 3, 2025``, ``mars 2025``, ``Q2 2025``, ``2025/03/03``.

Pure. The precision is that of what was typed; a text that can be read in two ways is refused, not guessed at.
"""

import re
import unicodedata

from investments.values import Period

_NAMES = {
    name: number
    for number, names in enumerate(
        (
            "january janvier jan janv", "february fevrier feb fevr fev", "march mars mar", "april avril apr avr", "may mai",
            "june juin jun", "july juillet jul juil", "august aout aug", "september septembre sep sept",
            "october octobre oct", "november novembre nov", "december decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_NAMES, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er)?"
_YEAR = r"(?P<year>\d{4})"
_QUARTER = r"(?:[qt](?P<quarter>[1-4])|(?P<quarter2>[1-4])(?:q|t|er trimestre|e trimestre|eme trimestre))"
_FORMS = [
    re.compile(form, re.ASCII)
    for form in (
        rf"{_YEAR}[-/.](?P<number>\d{{1,2}})(?:[-/.]{_DAY})?",
        rf"{_YEAR}[- ]?{_QUARTER}",
        rf"{_QUARTER}[- /]?{_YEAR}",
        rf"(?:{_DAY} )?{_MONTH} {_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        r"(?P<year>\d{4})(?P<number>\d{2})(?P<day>\d{2})",
    )
]
_EITHER = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.]{_YEAR}", re.ASCII)


class DateError(ValueError):
    """Text that is no date; carries why: ``unknown``, ``no_such_day`` or ``two_readings``."""


def unaccented(text: str) -> str:
    """Return the words of a text in lower case, without accents, one space between them."""
    letters = (one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return " ".join("".join(letters).split())


def read_typed_date(text: str) -> Period:
    """Return the period that a text names; raise DateError."""
    plain = unaccented(text)
    try:
        return Period.parse(plain.upper())
    except ValueError:
        pass
    if match := _EITHER.fullmatch(plain):
        return _either(int(match[1]), int(match[2]), match["year"])
    for form in _FORMS:
        if match := form.fullmatch(plain):
            return _period(match.groupdict())
    raise DateError("unknown")


def _either(one: int, two: int, year: str) -> Period:
    """Return a day of which nobody says whether the day or the month stands first; raise where both could."""
    if one <= 12 and two <= 12 and one != two:
        raise DateError("two_readings")
    return _parsed(f"{year}-{min(one, two):02}-{max(one, two):02}")


def _period(found: dict[str, str | None]) -> Period:
    year, quarter = found["year"], found.get("quarter") or found.get("quarter2")
    if quarter:
        return _parsed(f"{year}-Q{quarter}")
    name, number, day = found.get("month"), found.get("number"), found.get("day")
    month = _NAMES[name] if name else int(number or 0)
    return _parsed(f"{year}-{month:02}-{int(day):02}" if day else f"{year}-{month:02}")


def _parsed(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError:
        raise DateError("no_such_day") from None
