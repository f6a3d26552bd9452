"""What a reader sees of a page."""

import re
from html import unescape


def text(html: str) -> str:
    """Return a page's text, white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())
