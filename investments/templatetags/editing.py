"""How the admin tells changes."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from investments.templatetags.display import plain_money

register = template.Library()


@register.filter
def did(change: Any) -> str:
    """Return what was done, and to what kind of fact."""
    noun = change.model._meta.verbose_name
    match change.kind:
        case "insert":
            return _("added the %(noun)s") % {"noun": noun}
        case "delete":
            return _("removed the %(noun)s") % {"noun": noun}
    return _("changed the %(noun)s") % {"noun": noun}


@register.simple_tag
def revert_address(change: Any, revertible: dict[str, str] | None) -> str:
    """Return the address that makes a row again what it was after a change; empty where that is not offered."""
    start = (revertible or {}).get(change.model._meta.model_name, "")
    return f"{start}{change.event}/" if start else ""


@register.filter
def usd(amount: Any) -> str:
    """Write an amount in US dollars, a dash where there is none."""
    return "–" if amount is None else plain_money(amount)


@register.filter
def editing_page(row: Any) -> str:
    """Return the name of the address at which a fact is edited."""
    return f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
