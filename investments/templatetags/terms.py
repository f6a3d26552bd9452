"""Words of the trade with their meaning beside them: a button that opens a note, without a script."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from investments.glossary import BY_SLUG

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: dict[str, Any], slug: str, word: Any = "") -> SafeString:
    """Write a word that opens its meaning by mouse, touch or keyboard; ``word`` is how it reads here."""
    known = BY_SLUG[slug]
    # The same word may stand on a page several times, and each note has a name of its own.
    request = context.get("request")
    number = getattr(request, "terms", 0) + 1
    if request is not None:
        request.terms = number
    name = f"term-{slug}-{number}"
    return format_html(
        '<button type="button" class="term" popovertarget="{}">{}</button>'
        '<span popover id="{}" class="meaning"><strong>{}</strong> {} <a href="{}#{}">{}</a></span>',
        name, word or known.name, name, known.name, known.meaning, reverse("glossary"), slug, _("Glossary"),
    )  # fmt: skip
