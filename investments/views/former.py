"""Former addresses lead to where a thing is now."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from investments.choices import Noun
from investments.models import Company, DataCenterProject, Deal, Forecast, FormerSlug

MODELS: dict[Noun, Any] = {
    Noun.COMPANY: Company, Noun.DEAL: Deal, Noun.PROJECT: DataCenterProject, Noun.FORECAST: Forecast,
}  # fmt: skip


def with_former_slugs(noun: Noun) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let the page of a noun answer under slugs that it once had; where it is not public there is nothing to lead to."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, slug: str) -> HttpResponse:
            try:
                return view(request, slug)
            except Http404:
                target = FormerSlug.objects.filter(noun=noun, slug=slug).values("target")
                now = MODELS[noun]._default_manager.filter(pk__in=target).values_list("slug", flat=True).first()
                if now is None or now == slug:
                    raise
                # Not public is not found, and tells nobody the new name.
                view(request, now)
                query = f"?{request.GET.urlencode()}" if request.GET else ""
                return HttpResponsePermanentRedirect(reverse(str(noun), args=[now]) + query)

        return answer

    return decorate
