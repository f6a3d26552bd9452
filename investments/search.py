"""Finding facts by words: folding, matching, ranking."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

_WORD = re.compile(r"[^\W_]+")


class WordQuery(SearchQuery):
    """The words of a reader as the SQL function ``tracker_query`` reads them: every word must match."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.function = "tracker_query"


def words_of(text: str) -> str:
    """Return the words of a search, separated by spaces, without punctuation."""
    return " ".join(_WORD.findall(text))


def matches(column: str, text: str) -> Q:
    """Return the condition that the document in ``column`` holds every word; nothing matches mere punctuation."""
    words = words_of(text)
    return Q(**{column: WordQuery(words)}) if words else Q(pk__in=[])
