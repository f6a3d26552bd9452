"""What the head of a page tells machines: its one address, its languages, its preview, the dataset behind it."""

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from investments.templatetags.display import language

register = template.Library()

# White space that a line may be broken at; a non-breaking one stays.
WHITE = re.compile(r"[ \t\r\n]+")
# What a script element must not hold as it is.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Addresses:
    """The addresses of a page with host and scheme: its own, by language, and the picture that previews show."""

    canonical: str
    languages: list[tuple[str, str]]
    default: str
    picture: str


@register.simple_tag(takes_context=True)
def addresses(context: dict[str, Any]) -> Addresses | None:
    """Return the addresses of the page; None where nothing answers at its address.

    Filtered and sorted lists stand for the whole list: only the number of the page is kept.
    """
    request: HttpRequest = context["request"]
    if request.resolver_match is None:
        return None
    path = request.path + _page(request.GET)
    by_language = [(code, request.build_absolute_uri(translate_url(path, code))) for code, _name in settings.LANGUAGES]
    return Addresses(
        canonical=request.build_absolute_uri(path),
        languages=by_language,
        default=dict(by_language)[settings.LANGUAGE_CODE],
        picture=request.build_absolute_uri(static(f"img/preview_{language()}.png")),
    )


def _page(query: QueryDict) -> str:
    number = query.get("page", "")
    return f"?page={number}" if list(query) == ["page"] and number.isdecimal() and int(number[:9]) > 1 else ""


@register.simple_tag(takes_context=True)
def again(context: Any, name: str) -> str:
    """Return what a block of the page holds, as mere text."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return WHITE.sub(" ", unescape(strip_tags(block.render(context)))).strip(" ")


@register.filter
def json_ld(told: dict[str, Any]) -> SafeString:
    """Write structured data as the content of a script element that is data and is not run."""
    # Entities mean nothing inside a script element: what could end it is escaped as JSON escapes.
    return mark_safe(json.dumps(told, ensure_ascii=False).translate(ESCAPES))
