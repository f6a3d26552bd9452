"""The map of sites: where they are, how large they are meant to be, how far they have come."""

from decimal import Decimal
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from investments.charts import places as chart
from investments.charts.places import Place
from investments.choices import ProjectStatus
from investments.resources.charts import MapFilters
from investments.resources.projects import with_milestones
from investments.templatetags.display import address, country, label
from investments.views.charts.frame import PAGING, Cell, Drawn, Head, Problems, Sheet, Table, megawatts
from investments.views.charts.words import power

# Rows of the table; all of them are in the CSV.
SHOWN = 100


def read(query: QueryDict) -> Drawn | Problems:
    """Return the map of a query, or what is wrong with the query."""
    asked = MapFilters(query, with_milestones())
    if asked.problems:
        return asked.problems
    return drawn_of(list(asked.rows.order_by(F("planned_mw").desc(nulls_last=True), "sort_name", "pk")), query)


def drawn_of(sites: list[Any], query: QueryDict) -> Drawn:
    """Return the map of the sites that a query selects, the largest first."""
    placed = [site for site in sites if site.latitude is not None]
    return Drawn(
        title=_("Where it is built"),
        subtitle=_("The area of a mark is the planned capacity, its shape and colour are the status."),
        finding=_finding(placed),
        figure=map_figure(placed),
        table=_table(placed),
        sheet=Sheet(
            ("slug", "name", "country", "latitude", "longitude", "status", "planned_mw", "in_service_mw"),
            [tuple(_row(site).values()) for site in placed],
        ),
        answer={
            "sites": [_row(site) for site in placed],
            "counted": {"sites": len(placed)},
            "left_out": {"no_place": {"sites": len(sites) - len(placed)}},
        },
        behind=address(reverse("projects"), query, **dict.fromkeys(PAGING)),
        behind_label=_("The sites behind this map, each with its sources"),
        notes=[
            *_unplaced(len(sites) - len(placed)),
            _(
                "Many places are those of the city or region, not of the building. Outlines: Natural Earth, public domain."
            ),
        ],
    )


def map_figure(sites: list[Any]) -> dict[str, Any]:
    """Return the map of sites with coordinates; each mark leads to its site."""
    places = [place_of(site) for site in sites if site.latitude is not None and site.longitude is not None]
    return chart.figure(places, label=lambda one: label(one, "project_status"), statuses=ProjectStatus.values)


def place_of(site: Any) -> Place:
    """Return a site as maps draw it."""
    return Place(
        site.name, site.standing, site.latitude, site.longitude, site.planned_mw,
        f"{label(site.standing, 'project_status')}, {_planned(site.planned_mw)}", reverse("project", args=[site.slug]),
    )  # fmt: skip


def _planned(planned_mw: Decimal | None) -> str:
    return _("capacity not told") if planned_mw is None else _("%(power)s planned") % {"power": power(planned_mw)}


def _row(site: Any) -> dict[str, Any]:
    """Return a site as chart data has it."""
    return {
        "slug": site.slug, "name": site.name, "country": site.country, "latitude": str(site.latitude),
        "longitude": str(site.longitude), "status": site.standing, "planned_mw": megawatts(site.planned_mw),
        "in_service_mw": megawatts(site.in_service_mw),
    }  # fmt: skip


def _unplaced(number: int) -> list[str]:
    """Say how many sites cannot be drawn; nothing where all can."""
    said = ngettext(
        "%(number)s site without known coordinates is left out.",
        "%(number)s sites without known coordinates are left out.", number,
    )  # fmt: skip
    return [said % {"number": number}] if number else []


def _finding(sites: list[Any]) -> str:
    if not sites:
        return _("No site of this selection has known coordinates.")
    powers: dict[str, Decimal] = {}
    for site in sites:
        powers[site.country] = powers.get(site.country, Decimal(0)) + (site.planned_mw or 0)
    first = max(powers, key=lambda code: (powers[code], code))
    if len(powers) == 1:
        said = ngettext("%(number)s site in %(country)s.", "%(number)s sites in %(country)s.", len(sites)) % {
            "number": len(sites), "country": country(first)}  # fmt: skip
        largest = _("The largest is planned with %(size)s: %(site)s.") % {"site": sites[0].name, "size": power(sites[0].planned_mw)}  # fmt: skip
        return f"{said} {largest}" if powers[first] else said
    said = _("%(number)s sites in %(countries)s countries.") % {"number": len(sites), "countries": len(powers)}
    if not powers[first]:
        return said
    return said + " " + _("Most capacity is planned in %(country)s (%(power)s); the largest site is %(site)s (%(size)s).") % {
        "country": country(first), "power": power(powers[first]), "site": sites[0].name, "size": power(sites[0].planned_mw)}  # fmt: skip


def _table(sites: list[Any]) -> Table:
    return Table(
        caption=_("Sites by planned capacity, the largest first"),
        heads=[
            Head(_("Site"), number=False), Head(_("Country"), number=False), Head(_("Status"), number=False),
            Head(_("Planned")), Head(_("In service")),
        ],
        rows=[
            [
                Cell(site.name, reverse("project", args=[site.slug]), number=False), Cell(country(site.country), number=False),
                Cell(label(site.standing, "project_status"), number=False), Cell(power(site.planned_mw)),
                Cell(power(site.in_service_mw)),
            ]
            for site in sites[:SHOWN]
        ],
    )  # fmt: skip
