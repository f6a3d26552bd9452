"""A signed-in reader's API keys: made, listed, withdrawn."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from investments.models import ApiKey

LONGEST_NAME = 80
# Keys that one reader may hold at a time.
MOST = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """``/keys/``: the reader's keys; by POST a new one, whose text is shown in this answer only."""
    user: Any = request.user
    own = ApiKey.objects.filter(user=user)
    context: dict[str, Any] = {
        "keys": own, "by_address": settings.API_PER_MINUTE, "by_key": settings.API_PER_MINUTE_BY_KEY,
    }  # fmt: skip
    if request.method == "POST":
        name = " ".join(request.POST.get("name", "").replace("\x00", "").split())[:LONGEST_NAME]
        if not name:
            context["problem"] = _("A key needs a name, by which you tell it from others.")
        elif own.count() >= MOST:
            context["problem"] = _("You hold %(most)s keys, which is all: withdraw one first.") % {"most": MOST}
        else:
            _key, context["made"] = ApiKey.objects.make(user=user, name=name)
    return render(request, "investments/keys.html", context, status=400 if "problem" in context else 200)


@login_required
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """``/keys/<number>/drop/``: withdraw one of the reader's own keys."""
    key = get_object_or_404(ApiKey, pk=number, user_id=request.user.pk)
    key.delete()
    messages.success(request, _("The key “%(name)s” is withdrawn.") % {"name": key.name})
    return redirect("keys")
