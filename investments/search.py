"""Finding facts by words: folding, matching, ranking."""

import re
import unicodedata

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


def fold(text: str) -> str:
    """Return text without case and accents, letter for letter, so that places in it are places in the original."""
    return "".join(unicodedata.normalize("NFKD", letter)[0] for letter in text).casefold() if text else ""


def marks(text: str, words: str) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether it begins like one of the words."""
    wanted = [fold(word) for word in words_of(words).split()]
    pieces: list[tuple[str, bool]] = []
    last = 0
    for match in _WORD.finditer(text):
        folded = fold(match[0])
        longest = max((len(word) for word in wanted if folded.startswith(word)), default=0)
        if longest and len(folded) == len(match[0]):
            pieces += [(text[last : match.start()], False), (text[match.start() : match.start() + longest], True)]
            last = match.start() + longest
    pieces.append((text[last:], False))
    return [piece for piece in pieces if piece[0]]
