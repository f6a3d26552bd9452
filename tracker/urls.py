"""Addresses (INTERFACE.md). English has no prefix; French stands under /fr/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.contrib.sitemaps import views as sitemap_views
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, re_path

from investments.api.charts import ChartView
from investments.views import (
    about,
    corrections,
    dataset,
    details,
    exports,
    keys,
    lists,
    pages,
    picks,
    preferences,
    saved,
    search,
    sitemaps,
    styleguide,
)
from investments.views.charts import rooms, sites, steps
from investments.views.conditional import conditional
from tracker import errors, health

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    # Browsers ask for it on pages that name no icon, such as the admin's.
    path("favicon.ico", lambda request: redirect(static("img/logo.svg"))),
    path("metrics", health.metrics),
    path("robots.txt", sitemaps.robots),
    path(
        "sitemap.xml",
        conditional(sitemap_views.index),
        {"sitemaps": sitemaps.SITEMAPS, "sitemap_url_name": "sitemap-part"},
        name="sitemap",
    ),
    path(
        "sitemap-<slug:section>.xml",
        conditional(sitemap_views.sitemap),
        {"sitemaps": sitemaps.SITEMAPS},
        name="sitemap-part",
    ),
    path("api/v1/", include("investments.api.urls")),
    path("dataset.zip", conditional(dataset.package), name="dataset"),
    *i18n_patterns(
        path("", pages.overview, name="overview"),
        path("announcements/", lists.announcements, name="announcements"),
        path("deals/", lists.deals, name="deals"),
        path("deals/<slug:slug>/", details.deal, name="deal"),
        re_path(
            r"^deals/(?P<slug>[-\w]+)/steps\.(?P<form>json|csv)$", conditional(steps.deal_steps), name="deal-steps"
        ),
        path("companies/", lists.companies, name="companies"),
        path("companies/picks.json", picks.companies, name="companies-picks"),
        path("projects/picks.json", picks.projects, name="projects-picks"),
        path("companies/<slug:slug>/", details.company, name="company"),
        path("projects/", lists.projects, name="projects"),
        path("projects/<slug:slug>/", details.project, name="project"),
        re_path(
            r"^projects/(?P<slug>[-\w]+)/growth\.(?P<form>json|csv)$",
            conditional(sites.site_growth),
            name="project-growth",
        ),
        path("projects/<slug:slug>/place.json", conditional(sites.site_place), name="project-place"),
        path("impacts/", lists.impacts, name="impacts"),
        path("forecasts/", lists.forecasts, name="forecasts"),
        path("forecasts/<slug:slug>/", details.forecast, name="forecast"),
        path("charts/", rooms.room, name="charts"),
        path("charts/<slug:name>.json", conditional(ChartView.as_view()), name="chart-data"),
        path("charts/<slug:name>.csv", conditional(rooms.sheet), name="chart-csv"),
        path("charts/<slug:name>/", rooms.room, name="chart"),
        path("charts/<slug:name>/embed/", rooms.embed, name="chart-embed"),
        re_path(
            r"^(?P<name>announcements|deals|companies|projects|impacts|forecasts)/export\.(?P<form>csv|xlsx|json)$",
            exports.export,
            name="export",
        ),
        re_path(r"^(?P<name>projects)/export\.(?P<form>geojson)$", exports.export, name="export"),
        re_path(r"^(?P<name>announcements|deals)/feed\.atom$", conditional(exports.feed), name="feed"),
        path("about/", about.about, name="about"),
        path("glossary/", about.glossary, name="glossary"),
        path("tour/", about.end_tour, name="tour"),
        path("corrections/", corrections.report, name="corrections"),
        path("corrections/sent/", corrections.sent, name="corrections-sent"),
        path("signin/", LoginView.as_view(), name="signin"),
        path("signout/", LogoutView.as_view(next_page="overview"), name="signout"),
        path("views/", saved.keep, name="views"),
        path("views/<str:token>/", saved.follow, name="view"),
        path("views/<str:token>/looked/", saved.looked, name="view-looked"),
        path("views/<str:token>/drop/", saved.drop, name="view-drop"),
        path("keys/", keys.keys, name="keys"),
        path("keys/<int:number>/drop/", keys.drop, name="key-drop"),
        path("preferences/", preferences.save, name="preferences"),
        path("search/", search.search, name="search"),
        path("search/suggest.json", search.suggest, name="suggest"),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]

if settings.DEBUG:
    urlpatterns += i18n_patterns(
        path("styleguide/", styleguide.styleguide, name="styleguide"), prefix_default_language=False
    )
