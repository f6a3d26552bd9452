"""What explains the tracker: the page about it, the glossary, and the tour for a first visit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from investments.glossary import TERMS
from investments.ledger.remembered import numbers_of
from investments.models import Announcement, Company, DataCenterProject, Deal, Source
from investments.search import fold
from investments.views.preferences import RESOURCES, YEAR
from investments.views.structured import FORMS, dataset

TOUR = "tour"


def known() -> dict[str, int]:
    """Return how many public rows the tracker has of each noun."""
    nouns = {
        "announcements": Announcement.objects.published(),
        "deals": Deal.objects.public(),
        "companies": Company.objects.public(),
        "sites": DataCenterProject.objects.public(),
        "sources": Source.objects.public(),
    }
    return dict(zip(nouns, numbers_of(*nouns.values()), strict=True))


def about(request: HttpRequest) -> HttpResponse:
    """``/about/``: what is counted and what is not, where it comes from, how to report an error, the data."""
    context = {
        "numbers": known(),
        "resources": RESOURCES.values(),
        "forms": FORMS,
        "dataset": dataset(request),
    }
    return render(request, "investments/about.html", context)


def glossary(request: HttpRequest) -> HttpResponse:
    """``/glossary/``: every word that pages explain, in the order of the reader's alphabet."""
    return render(request, "investments/glossary.html", {"terms": sorted(TERMS, key=lambda term: fold(str(term.name)))})


def tour(request: HttpRequest) -> dict[str, Any]:
    """Return whether the overview shows the tour: on a first visit, and whenever it is asked for."""
    return {"tour": request.GET.get(TOUR) == "1" or TOUR not in request.COOKIES}


@require_POST
def end_tour(request: HttpRequest) -> HttpResponse:
    """``/tour/``: the reader has seen the tour; a cookie of the reader's own says so for a year."""
    response = redirect("overview")
    response.set_cookie(TOUR, "seen", max_age=YEAR, samesite="Lax", httponly=True)
    return response
