"""The form by which any reader reports an error: a draft for editors, no account, a few from each network."""

import math
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from investments.corrections import TooMany, page_at, send
from investments.models.correction import LONGEST, LONGEST_PAGE, LONGEST_SOURCE, SHORTEST
from investments.templatetags.display import address, number
from investments.views.readers import network_of


class CorrectionForm(forms.Form):
    """What a reader says is wrong, where, and how that is known."""

    page = forms.CharField(
        label=gettext_lazy("Page"),
        error_messages={
            "required": gettext_lazy("Page: nothing is typed. Expected an address such as /deals/stargate/.")
        },
    )
    text = forms.CharField(
        label=gettext_lazy("What is wrong, and what is right?"),
        error_messages={"required": gettext_lazy("What is wrong: nothing is typed. Say which figure, date or name.")},
    )
    source = forms.CharField(label=gettext_lazy("Where is it said?"), required=False)
    # Hidden from people; what fills in every field fills in this one too.
    website = forms.CharField(required=False)

    def __init__(self, host: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.host = host

    def clean_page(self) -> str:
        page = local_page(self.cleaned_data["page"], self.host)
        if page is None:
            raise forms.ValidationError(
                _("Page: “%(value)s” is no page of this site. Expected an address such as /deals/stargate/.")
                % {"value": self.cleaned_data["page"][:200]}
            )
        return page

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if not SHORTEST <= len(text) <= LONGEST:
            expected = {"length": number(len(text)), "least": number(SHORTEST), "most": number(LONGEST)}
            raise forms.ValidationError(
                _("What is wrong: %(length)s characters; expected %(least)s to %(most)s.") % expected
            )
        return text

    def clean_source(self) -> str:
        source = self.cleaned_data["source"]
        if len(source) > LONGEST_SOURCE:
            expected = {"length": number(len(source)), "most": number(LONGEST_SOURCE)}
            raise forms.ValidationError(
                _("Where it is said: %(length)s characters; expected at most %(most)s.") % expected
            )
        return source


def local_page(page: str, host: str) -> str | None:
    """Return a public page of this site, given with or without its host, as a path; None where there is none."""
    try:
        parts = urlsplit(page.strip())
    except ValueError:
        return None
    path = parts._replace(scheme="", netloc="").geturl()
    known = parts.netloc in {"", host} and not path.startswith("//") and page_at(path) is not None
    return path if known and len(path) <= LONGEST_PAGE else None


def sender(request: HttpRequest) -> str:
    """Return what tells the reader's network from others, as a keyed digest from which it cannot be read back."""
    return salted_hmac("corrections", network_of(request), algorithm="sha256").hexdigest()


def report(request: HttpRequest) -> HttpResponse:
    """``/corrections/``: the form; what it takes becomes a draft that editors see beside its page."""
    form = CorrectionForm(request.get_host(), request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "longest": LONGEST, "shortest": SHORTEST}
    if request.method != "POST":
        page = local_page(request.GET.get("page", ""), request.get_host()) or ""
        return render(request, "investments/corrections/form.html", {**context, "page": page})
    context["page"] = request.POST.get("page", "")
    if not form.is_valid():
        return render(request, "investments/corrections/form.html", context, status=400)
    told = {name: form.cleaned_data[name] for name in ("page", "text", "source")}
    if not form.cleaned_data["website"]:
        try:
            send(**told, language=get_language() or "en", sender=sender(request), now=timezone.now())
        except TooMany as limit:
            context["limit"] = limit_words(limit)
            response = render(request, "investments/corrections/form.html", context, status=429)
            response["Retry-After"] = str(math.ceil(limit.wait.total_seconds()))
            return response
    return redirect(address(reverse("corrections-sent"), page=told["page"]))


def sent(request: HttpRequest) -> HttpResponse:
    """``/corrections/sent/``: thanks, and the way back to the page."""
    page = local_page(request.GET.get("page", ""), request.get_host())
    return render(request, "investments/corrections/sent.html", {"page": page})


def limit_words(limit: TooMany) -> list[str]:
    """Say why no more is taken now, and when it will be."""
    hours, minutes = limit.within // timedelta(hours=1), math.ceil(limit.wait.total_seconds() / 60)
    many = {"number": number(limit.number), "hours": number(hours)}
    if limit.own:
        why = ngettext(
            "%(number)s corrections came from your network within the last hour, and no more are taken.",
            "%(number)s corrections came from your network within the last %(hours)s hours, and no more are taken.",
            hours,
        )
    else:
        why = ngettext(
            "%(number)s corrections came from all readers within the last hour, and no more are taken.",
            "%(number)s corrections came from all readers within the last %(hours)s hours, and no more are taken.",
            hours,
        )
    when = ngettext(
        "What you typed is kept below: send it again in %(minutes)s minute.",
        "What you typed is kept below: send it again in %(minutes)s minutes.",
        minutes,
    )
    return [why % many, when % {"minutes": number(minutes)}]
