"""What the admin says: complaints about typed amounts, doubts about announcements, refused actions."""

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from investments import amounts
from investments.actions import Refused
from investments.choices import Basis, Per
from investments.doubts import Doubt
from investments.models import Announcement, Deal
from investments.typed_amounts import Complaint, TypedAmount

# Capacity that is typed where money belongs.
POWERS = {"kw", "mw", "gw", "kilowatts", "megawatt", "megawatts", "mégawatts", "gigawatt", "gigawatts"}


def language() -> str:
    """Return the language of the page: ``en`` or ``fr``."""
    return "fr" if get_language() == "fr" else "en"


def complained(complaint: Complaint) -> str:
    """Return why a typed amount yields no figure, and what to type."""
    about = complaint.about
    match complaint.code:
        case "unknown" if about in POWERS:
            return _("Amount: “%(about)s” is power, not money. Write it under “Capacity and notes”.") % {"about": about}
        case "unknown":
            return _("Amount: “%(about)s” is not understood.") % {"about": about}
        case "which_currency":
            return _("Amount: %(about)s: several currencies share this sign. Write the code.") % {"about": about}
        case "which_number":
            return _("Amount: “%(about)s” can be read in two ways. Write it without the point, or with its scale.") % {
                "about": about
            }
        case "no_scale":
            return _("Amount: %(about)s of what? Add its scale, such as m, bn or tn.") % {"about": about}
        case "no_figure":
            return _("Amount: there is no figure in it. Write one, such as $30B or 500 milliards d’euros.")
        case "two_currencies":
            return _("Amount: two currencies, %(about)s. Write one.") % {"about": about}
        case "two_bases":
            return _("Amount: “%(about)s” contradict each other. Keep one.") % {"about": about}
        case "long_scale":
            return _("Amount: “%(about)s” means a thousand times more in French. Write milliards, bn or tn.") % {
                "about": about
            }
        case "too_many_figures":
            return _("Amount: several figures, %(about)s. Write one, or two with “to” between them.") % {"about": about}
        case "half_a_range":
            return _("Amount: a range with one end. Write both ends, and no minus sign.")
        case "low_above_high":
            return _("Amount: %(about)s runs downwards. Write the lower figure first, each with its scale.") % {
                "about": about
            }
        case "too_long":
            return _("Amount: expected at most %(about)s characters.") % {"about": about}
        case "too_fine":
            return _("Amount: “%(about)s” has fractions of a cent.") % {"about": about}
    return _("Amount: “%(about)s” is larger than any sum of money.") % {"about": about}


def read_back(amount: TypedAmount, currency: str, usd: Decimal | None) -> list[tuple[str, str]]:
    """Return a typed amount as it was understood: label and value of each part."""
    spoken = language()
    bounds = [amounts.money_exact(b, currency, spoken) for b in (amount.low, amount.high) if b is not None]
    parts = [
        (_("Figure"), " – ".join(dict.fromkeys(bounds))),
        (_("Currency"), currency if amount.currency else _("%(code)s, because none is named") % {"code": currency}),
        (_("Basis"), f"{Basis(amount.basis).label}, {Per(amount.per).label}"),
    ]
    return parts if usd is None else [*parts, (_("In US dollars"), amounts.money_exact(usd, "USD", spoken))]


def stated(row: Announcement) -> str:
    """Return the amount of an announcement as lists show it: ``up to $100 bn``, a dash where it states none."""
    known = [bound for bound in (row.amount_low, row.amount_high) if bound is not None]
    if not known:
        return "–"
    figure = amounts.money_range(known[0], known[-1], row.currency, language())
    basis = "" if row.basis in {"", Basis.EXACT} else f"{Basis(row.basis).label} "
    return f"{basis}{figure}{f', {Per.YEAR.label}' if row.per == Per.YEAR else ''}"


def spanned(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """Return two bounds and their unit as lists show them: ``$3–5 tn``, ``10–20 ha``."""
    known = [bound for bound in (low, high) if bound is not None]
    if not known:
        return "–"
    currency, _slash, per = unit.partition("/")
    if currency in {"USD", "EUR"}:
        money = amounts.money_range(known[0], known[-1], currency, language())
        return f"{money}, {Per.YEAR.label}" if per else money
    figures = [format_decimal(bound, format="#,##0.####", locale=language()) for bound in known]
    return f"{' – '.join(dict.fromkeys(figures))} {unit}"


def _usd(amount: Decimal | None) -> str:
    return amounts.money(amount or Decimal(0), "USD", language())


def doubted(doubt: Doubt) -> str:
    """Return a doubt as a sentence that an editor confirms or acts upon."""
    figures = {"this": _usd(doubt.this_usd), "other": _usd(doubt.other_usd)}
    match doubt.code:
        case "duplicate_in_deal":
            return _("This deal has a statement of nearly this amount within 30 days: %(other)s.") % {
                "other": _announcement(doubt.other)
            }
        case "duplicate_parties":
            return _("Another deal of the same parties has nearly this amount within 30 days: %(other)s.") % {
                "other": _announcement(doubt.other)
            }
        case "same_source":
            return _("Another announcement cites this source: %(other)s.") % {"other": _announcement(doubt.other)}
        case "smaller":
            return (
                _("The total is smaller than before, %(this)s after %(other)s, and the event is not “reduced”.")
                % figures
            )
        case "jump":
            return (
                _("%(this)s, where another statement on this deal says %(other)s: a slip of billion and trillion?")
                % figures
            )
        case "parts_larger":
            return _("The deals inside “%(container)s” come to %(this)s, more than its own %(other)s.") % {
                **figures, "container": Deal.objects.filter(pk=doubt.other or 0).first() or "",
            }  # fmt: skip
        case "no_source":
            return _("There is no source.")
        case "future":
            return _("The date is in the future.")
        case "cancelled_amount":
            return _("The event is a cancellation, after which the total is zero: the amount will not count.")
    return _("The event is a delay, and a delay moves no total: the amount will not count.")


def compared(doubt: Doubt) -> str:
    """Return the address of what an announcement is compared with; nothing where that is only itself."""
    if doubt.other is None:
        return ""
    noun = "deal" if doubt.code == "parts_larger" else "announcement"
    return reverse(f"admin:investments_{noun}_change", args=[doubt.other])


def _announcement(pk: int | None) -> Any:
    return Announcement.objects.select_related("deal").filter(pk=pk or 0).first() or ""


def refused(error: Refused) -> str:
    """Return why an action was not taken."""
    if error.code == "gone":
        return _("Not possible: %(about)s, to which it refers, is gone. Bring that back first.") % {
            "about": error.about
        }
    if error.code == "invalid":
        return error.about
    return _("The database refuses this: %(about)s") % {"about": error.about}
