"""Addresses of the API."""

from django.urls import path

from investments.api import views
from investments.api.charts import ChartView
from investments.api.docs import DocsView, SchemaView
from investments.api.limits import Limit
from investments.views.conditional import conditional

LISTS = {"get": "rows"}
ROW = {"get": "row"}

urlpatterns = [
    path("announcements/", conditional(views.AnnouncementsView.as_view(LISTS)), name="api-announcements"),
    path("announcements/<path:slug>/", conditional(views.AnnouncementsView.as_view(ROW)), name="api-announcement"),
    path("deals/", conditional(views.DealsView.as_view(LISTS)), name="api-deals"),
    path("deals/<slug:slug>/", conditional(views.DealsView.as_view(ROW)), name="api-deal"),
    path("companies/", conditional(views.CompaniesView.as_view(LISTS)), name="api-companies"),
    path("companies/<slug:slug>/", conditional(views.CompaniesView.as_view(ROW)), name="api-company"),
    path("projects/", conditional(views.ProjectsView.as_view(LISTS)), name="api-projects"),
    path("projects/<slug:slug>/", conditional(views.ProjectsView.as_view(ROW)), name="api-project"),
    path("milestones/", conditional(views.MilestonesView.as_view(LISTS)), name="api-milestones"),
    path("impacts/", conditional(views.ImpactsView.as_view(LISTS)), name="api-impacts"),
    path("forecasts/", conditional(views.ForecastsView.as_view(LISTS)), name="api-forecasts"),
    path("forecasts/<slug:slug>/", conditional(views.ForecastsView.as_view(ROW)), name="api-forecast"),
    path("sources/", conditional(views.SourcesView.as_view(LISTS)), name="api-sources"),
    path("spending/", conditional(ChartView.as_view(chart="spending", throttle_classes=(Limit,))), name="api-spending"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(url_name="api-schema"), name="api-docs"),
]
