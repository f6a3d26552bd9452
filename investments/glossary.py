"""The words that a newcomer may not know, each explained once: pages show them beside the word and all together."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Term:
    """A word of the trade and what it means here; ``slug`` is its place on the page of all of them."""

    slug: str
    name: Any
    meaning: Any


TERMS = (
    Term("headline", _("Headline"), _(
        "The figure as it was announced, the upper one of a range: of “up to $100 bn” it is $100 bn. Every page leads with it and "
        "shows the floor beside it.")),
    Term("floor", _("Floor"), _(
        "What is pledged at least: the lower figure of a range. Of “up to $100 bn” it is 0, of “$60-65 bn” it is $60 bn.")),
    Term("layer", _("Layers"), _(
        "Where in its round a dollar is told: raised (financing), promised to a supplier (contract), spent on sites (build). The same "
        "dollar passes through all three, so layers are never added to each other.")),
    Term("build", pgettext_lazy("layer", "Build"), _(
        "Money to be spent on sites and machines: capital expenditure, joint ventures, public programmes.")),
    Term("contract", pgettext_lazy("layer", "Contract"), _(
        "Money promised to a supplier: cloud contracts, chips, leases, electricity.")),
    Term("financing", pgettext_lazy("layer", "Financing"), _("Money raised: equity, debt, acquisitions.")),
    Term("covered", _("Covered"), _(
        "A deal whose money lies inside another deal of the same selection, such as a contract within a programme. It is shown, and "
        "not added a second time.")),
    Term("counting", _("Net, gross, leaves"), _(
        "Three ways to add deals that lie inside each other. Net counts the outer deal, once. Gross adds all of them. Leaves counts "
        "only the innermost.")),
    Term("rumoured", pgettext_lazy("term", "Rumoured"), _(
        "Reported by the press and confirmed by nobody who takes part. Left out of every sum until you ask for it.")),
    Term("letter_of_intent", _("Letter of intent (LOI)"), _(
        "Parties say that they mean to agree. It binds nobody, as a rule; many become contracts, some smaller ones, some none.")),
    Term("stages", _("Follow-through"), _(
        "What became of a promise: letter of intent, announced, signed, under way, completed, or cancelled; and how much is known to have "
        "been spent (delivered). A deal that reports nothing is unknown, which is not the same as zero.")),
    Term("delivered", pgettext_lazy("term", "Delivered"), _(
        "Money that is known to have been spent, drawn or paid so far. It is kept apart from what is announced and never added to it.")),
    Term("increment", _("What it added"), _(
        "What one announcement added to its deal: the deal’s total after it less the total before. A confirmation adds nothing.")),
    Term("disputed", pgettext_lazy("term", "Disputed"), _(
        "Two sources give different figures. Both are shown with their sources; none is chosen silently.")),
    Term("basis", _("Up to, about, at least"), _(
        "How firmly the source states its figure. “Up to” is a ceiling: its floor is 0. “At least” and “about” count as stated.")),
    Term("per_year", pgettext_lazy("term", "A year"), _(
        "An amount that a source gives per year counts as one year of it, and says so wherever it is shown.")),
    Term("window", _("Spending window"), _(
        "The days over which a deal’s money is to be spent, as far as its sources say. The planned view spreads the money evenly over "
        "it; deals without a window are left out of that view.")),
    Term("capacity", _("MW and GW"), _(
        "Megawatts and gigawatts (1 GW = 1,000 MW) say how much power a site can draw at a moment, not how much energy it uses. They are "
        "never turned into money.")),
    Term("energy", _("MWh and TWh"), _(
        "Energy used over time: 1 MW drawn through a whole year is 8,760 MWh. A terawatt-hour (TWh) is a million MWh.")),
    Term("in_service", _("In service"), _(
        "The power that runs today by the site’s latest milestone. Planned is the site as announced, once it is complete.")),
    Term("pue", _("PUE"), _(
        "Power usage effectiveness: all energy that a site uses, divided by what its computers use. 1.0 would be no loss at all; new "
        "sites state 1.1 to 1.3.")),
    Term("ppa", _("Power purchase agreement (PPA)"), _(
        "A contract to buy the electricity of a plant for years, often at a fixed price.")),
    Term("hyperscaler", pgettext_lazy("term", "Hyperscaler"), _(
        "A company that runs computing for others at very large scale: Amazon, Microsoft, Google, Meta and few more.")),
    Term("circular", _("Ring of money"), _(
        "Companies that pay each other in a circle: a supplier invests in its customer, who pays the supplier. Each step is a deal of "
        "its own; the ring is shown so that nobody takes it for new money.")),
    Term("trillion", _("bn and tn"), _(
        "A billion (bn) is 1,000,000,000, a trillion (tn) is 1,000 billion. French says milliard (Md) for billion, and 1,000 Md for trillion.")),
)  # fmt: skip
BY_SLUG = {term.slug: term for term in TERMS}
