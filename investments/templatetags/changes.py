"""How a deal's public page tells what changed in it."""

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def told(change: Any) -> str:
    """Return one change of a deal's public page as a sentence."""
    what = change.what
    if change.kind == "deal":
        return _("The deal itself changed.")
    headline = what.headline_fr if get_language() == "fr" and what.headline_fr else what.headline
    match change.kind:
        case "added":
            return _("Published: %(headline)s") % {"headline": headline}
        case "taken_back":
            return _("Withdrawn: %(headline)s") % {"headline": headline}
    return _("Corrected: %(headline)s") % {"headline": headline}


@register.simple_tag
def figure_changed(changes: list[Any]) -> Any:
    """Return when a change last moved the figure; None where none did."""
    return next((change.at for change in changes if change.moves_figure), None)
