"""The newest rows that a query selects, as an Atom feed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import IO

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

ENTRIES = 50


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: its stable id, title, address, text and day."""

    key: str
    title: str
    link: str
    text: str
    day: date


def write(entries: Iterable[Entry], *, title: str, link: str, feed_url: str, language: str, handle: IO[str]) -> None:
    """Write the entries as an Atom 1.0 feed."""
    feed = Atom1Feed(
        title=title, link=link, description="", language=language, feed_url=feed_url, feed_guid=feed_url,
        author_name=settings.SITE_NAME,
    )  # fmt: skip
    for entry in entries:
        moment = datetime.combine(entry.day, time(), UTC)
        feed.add_item(
            title=entry.title,
            link=entry.link,
            description=entry.text,
            unique_id=entry.key,
            unique_id_is_permalink=False,
            pubdate=moment,
            updateddate=moment,
        )
    feed.write(handle, "utf-8")
