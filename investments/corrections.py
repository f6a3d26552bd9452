"""Corrections that readers send: kept as drafts for editors, a few from each sender, and marked when dealt with."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import get_language_from_path, override

from investments.choices import CorrectionState
from investments.models import Correction

# How many corrections of one sender, and of all together, are taken within a time.
PER_SENDER = ((5, timedelta(hours=1)), (20, timedelta(days=1)))
OVERALL = (500, timedelta(days=1))
# The pages that a correction may be about, by the names of their addresses.
PAGES = {
    "overview", "announcements", "deals", "deal", "companies", "company", "projects", "project", "impacts", "forecasts",
    "forecast", "charts", "chart", "search", "about", "glossary",
}  # fmt: skip
# The first key of the advisory lock under which corrections are counted and added.
LOCK = 7055


class TooMany(Exception):
    """No more corrections are taken now; the next one is after ``wait``. ``own``: the sender's own have filled it."""

    def __init__(self, number: int, within: timedelta, wait: timedelta, own: bool) -> None:
        super().__init__(number, within, wait, own)
        self.number, self.within, self.wait, self.own = number, within, wait, own


def page_at(page: str) -> ResolverMatch | None:
    """Return what answers at the path of a page, in whichever language; None where no page of the public does."""
    try:
        path = urlsplit(page).path
        with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
            match = resolve(path)
    except (ValueError, Resolver404):
        return None
    return match if match.url_name in PAGES and not match.app_name else None


@transaction.atomic
def send(*, page: str, text: str, source: str, language: str, sender: str, now: datetime) -> Correction:
    """Keep a reader's report as a draft; raise TooMany where its sender, or all together, have sent enough.

    ``sender`` tells senders apart and is forgotten after a day. Counted in the database, so the limit holds across
    all processes that serve.
    """
    with connection.cursor() as cursor:
        # Two at once would both find room for one.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    for number, within in PER_SENDER:
        _limited(Correction.objects.filter(sender=sender), number, within, now, own=True)
    _limited(Correction.objects.all(), *OVERALL, now, own=False)
    Correction.objects.filter(sent_at__lt=now - timedelta(days=1)).exclude(sender="").update(sender="")
    return Correction.objects.create(page=page, text=text, source=source, language=language, sender=sender, sent_at=now)


def _limited(rows: Any, number: int, within: timedelta, now: datetime, own: bool) -> None:
    """Raise TooMany where ``number`` of the rows were sent within a time before now."""
    sent = rows.filter(sent_at__gt=now - within).order_by("-sent_at").values_list("sent_at", flat=True)
    if len(latest := list(sent[:number])) == number:
        raise TooMany(number, within, latest[-1] + within - now, own)


@transaction.atomic
def handle(*, corrections: Any, by: Any, now: datetime) -> int:
    """Mark the drafts among the corrections as dealt with; return how many they were."""
    drafts = Correction.objects.filter(pk__in=corrections, state=CorrectionState.DRAFT)
    return drafts.update(state=CorrectionState.HANDLED, handled_by=by, handled_at=now)


@transaction.atomic
def reopen(*, corrections: Any, by: Any) -> int:
    """Make the handled ones among the corrections drafts again; return how many they were."""
    handled = Correction.objects.filter(pk__in=corrections, state=CorrectionState.HANDLED)
    return handled.update(state=CorrectionState.DRAFT, handled_by=None, handled_at=None)
