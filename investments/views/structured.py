"""The dataset as search engines for datasets read it (schema.org)."""

from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from investments.models import Announcement
from investments.views.conditional import last_modified
from investments.views.preferences import RESOURCES

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
FORMS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def dataset(request: HttpRequest) -> dict[str, Any]:
    """Return the public facts as a schema.org Dataset with its downloads."""
    publisher = {
        "@type": "Organization",
        "name": settings.SITE_NAME,
        "url": request.build_absolute_uri(reverse("overview")),
    }
    told = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": _("Announced investment in AI infrastructure"),
        "description": _(
            "Public announcements of money for AI infrastructure worldwide: who pays whom, for what, when and how firmly, each "
            "with its source; deals with their headline and floor in US dollars and what lies inside what; data-center "
            "sites with megawatts, milestones, and environmental and social figures; market-wide forecasts beside them."
        ),
        "url": request.build_absolute_uri(reverse("about")),
        "inLanguage": get_language(),
        "license": LICENSE,
        "isAccessibleForFree": True,
        "creator": publisher,
        "publisher": publisher,
        "keywords": [
            _("artificial intelligence"), _("data centers"), _("investment"), _("capital expenditure"), _("electricity"),
        ],
        "variableMeasured": [_("announced amount, US dollars"), _("delivered amount, US dollars"), _("capacity, megawatts")],
        "spatialCoverage": _("Worldwide"),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": _("Everything, as a data package"),
                "encodingFormat": "application/zip",
                "contentUrl": request.build_absolute_uri(reverse("dataset")),
            },
            *({
                "@type": "DataDownload",
                "name": f"{resource.label} ({form.upper()})",
                "encodingFormat": encoding,
                "contentUrl": request.build_absolute_uri(reverse("export", args=[resource.name, form])),
            }
            for resource in RESOURCES.values()
            for form, encoding in FORMS.items()),
        ],
    }  # fmt: skip
    days = Announcement.objects.published().aggregate(first=Min("date"), last=Max("date"))
    if days["first"]:
        told["temporalCoverage"] = f"{days['first'].isoformat()}/{days['last'].isoformat()}"
    if changed := last_modified(request):
        told["dateModified"] = changed.date().isoformat()
    return told
