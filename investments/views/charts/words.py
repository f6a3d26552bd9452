"""Words that several charts use: names of segments, the addresses behind bars."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from investments.amounts import NBSP
from investments.ledger.selection import UNKNOWN
from investments.models import Company
from investments.templatetags import display
from investments.templatetags.display import country, label
from investments.values import Period


def segment_labels(split: str, segments: Iterable[str]) -> Callable[[str], str]:
    """Return the function that names a segment of a split in the reader's language."""
    special = {"other": _("Other"), UNKNOWN: _("Unknown"), "all": _("All")}
    wanted = set(segments)
    named: dict[str, Any] = {}
    if split in ("payer", "payee", "operator", "company"):
        named = dict(Company.objects.filter(slug__in=wanted).values_list("slug", "name"))
    elif split == "country":
        named = {code: country(code) for code in wanted}
    elif split != "none":
        named = {segment: label(segment, split) for segment in wanted}
    return lambda segment: special.get(segment) or str(named.get(segment, segment))


def power(megawatts: Any) -> str:
    """Write a capacity as mere text: sentences and figures take no markup."""
    return strip_tags(display.power(megawatts))


def estimate(forecast: Any) -> str:
    """Write the figure of a forecast as mere text."""
    return strip_tags(display.estimate(forecast))


def impact_value(impact: Any) -> str:
    """Write the figure of an impact as mere text."""
    return strip_tags(display.impact_value(impact))


def unbroken(when: Period) -> str:
    """Write a period that stays on one line in a narrow column."""
    return display.period(when).replace(" ", NBSP)


def publishers(sources: Iterable[Any]) -> str:
    """Name who published the sources, each once; of a source without a publisher, the place where it is."""
    named = [source.publisher or urlsplit(source.url).netloc or source.url for source in sources if source]
    return ", ".join(dict.fromkeys(named))


def sourced(said: str, sources: Iterable[Any]) -> str:
    """Return what a mark says with a line for its sources; without any, as it is."""
    named = publishers(sources)
    return f"{said}<br>{_('Source:')} {named}" if named else said
