"""Names found by typing: what the pickers beside a list ask for."""

from typing import Any

from django.db.models import QuerySet, Value
from django.http import HttpRequest, JsonResponse

from investments.models import Company, DataCenterProject
from investments.models.fields import Fold
from investments.search import matches, words_of

MOST = 12


def companies(request: HttpRequest) -> JsonResponse:
    """``/companies/picks.json?q=``: companies whose names hold the words, best first."""
    return _answer(request, Company.objects.public())


def projects(request: HttpRequest) -> JsonResponse:
    """``/projects/picks.json?q=``: the same of data-center projects."""
    return _answer(request, DataCenterProject.objects.public())


def _answer(request: HttpRequest, rows: QuerySet[Any]) -> JsonResponse:
    words = request.GET.get("q", "").replace("\x00", "")
    if not words_of(words):
        return JsonResponse({"results": []})
    # Names that begin with what was typed stand before those that hold it.
    starting = rows.filter(sort_name__startswith=Fold(Value(words.strip()))).order_by("sort_name", "pk")
    found = list(starting.values_list("slug", "name")[:MOST])
    if len(found) < MOST:
        holding = rows.filter(matches("search", words)).order_by("sort_name", "pk").values_list("slug", "name")
        found += [pair for pair in holding[: 2 * MOST] if pair not in found]
    return JsonResponse({"results": [{"slug": slug, "name": name} for slug, name in found[:MOST]]})
