"""What an import expected, in the language of the page: the loader says it in English, to the command line too."""

import re
from functools import lru_cache

from django.utils.translation import gettext, gettext_noop

# As the loader writes them (investments/dataset); a longer one stands before a shorter one that would match it too.
SENTENCES = (
    gettext_noop("a value"),
    gettext_noop("one of %(known)s"),
    gettext_noop("at most %(longest)s characters"),
    gettext_noop("text without NUL characters"),
    gettext_noop("text in UTF-8"),
    gettext_noop("a slug of a-z, 0-9 and hyphens, at most 100 characters"),
    gettext_noop("an ISO 3166-1 code of two capital letters, such as US"),
    gettext_noop("an ISO 4217 code of three capital letters, such as USD"),
    gettext_noop("a plain decimal number from %(low)s to %(high)s, such as 1500000.5"),
    gettext_noop("a plain decimal number from %(low)s to %(high)s"),
    gettext_noop("a plain decimal number from %(low)s, such as 1500000.5"),
    gettext_noop("a plain decimal number from %(low)s"),
    gettext_noop("a plain decimal number above %(low)s to %(high)s, such as 1500000.5"),
    gettext_noop("a plain decimal number above %(low)s to %(high)s"),
    gettext_noop("a plain decimal number above %(low)s, such as 1500000.5"),
    gettext_noop("a plain decimal number above %(low)s"),
    gettext_noop("a number with at most %(whole)s digits before and %(places)s after the point"),
    gettext_noop("a date YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY"),
    gettext_noop("a day YYYY-MM-DD"),
    gettext_noop("a date from %(first)s to %(last)s"),
    gettext_noop("a date on or after %(other)s"),
    gettext_noop("a list without repetition, separated by ;"),
    gettext_noop("an address with http://, https:// or urn:, without spaces or ;, at most %(longest)s characters"),
    gettext_noop("a row of its own: line %(line)s has the same key"),
    gettext_noop("the %(key)s of a %(noun)s in %(places)s"),
    gettext_noop("a deal or a project"),
    gettext_noop("the currency of the amount"),
    gettext_noop("at most %(other)s"),
    gettext_noop(
        "a currency with an exchange rate on that day or in the 7 days before; a manual rate can be added in exchange_rates.csv"
    ),
    gettext_noop("a low or a high value"),
    gettext_noop("the unit in which the metric is kept"),
    gettext_noop("a deal that does not lie inside this one"),
    gettext_noop("both coordinates or neither, and not 0, 0"),
    gettext_noop("another company, which does not lie under this one"),
    gettext_noop("other forecasts"),
    gettext_noop("shares of the deal's payers that add up to at most 1"),
    gettext_noop("shares of the deal's payees that add up to at most 1"),
    gettext_noop("%(cells)s cells, as in the header"),
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (sentence, re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(sentence)))) for sentence in SENTENCES
    )


def expected(text: str) -> str:
    """Return what the loader expected, translated; as it stands where the sentence is not known."""
    for sentence, pattern in _patterns():
        if match := pattern.fullmatch(text):
            return gettext(sentence) % match.groupdict()
    return text
