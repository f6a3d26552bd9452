"""Addresses of the API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from investments.api import views

LISTS = {"get": "rows"}
ROW = {"get": "row"}

urlpatterns = [
    path("announcements/", views.AnnouncementsView.as_view(LISTS), name="api-announcements"),
    path("announcements/<path:slug>/", views.AnnouncementsView.as_view(ROW)),
    path("deals/", views.DealsView.as_view(LISTS), name="api-deals"),
    path("deals/<slug:slug>/", views.DealsView.as_view(ROW)),
    path("companies/", views.CompaniesView.as_view(LISTS), name="api-companies"),
    path("companies/<slug:slug>/", views.CompaniesView.as_view(ROW)),
    path("projects/", views.ProjectsView.as_view(LISTS), name="api-projects"),
    path("projects/<slug:slug>/", views.ProjectsView.as_view(ROW)),
    path("milestones/", views.MilestonesView.as_view(LISTS), name="api-milestones"),
    path("impacts/", views.ImpactsView.as_view(LISTS), name="api-impacts"),
    path("forecasts/", views.ForecastsView.as_view(LISTS), name="api-forecasts"),
    path("forecasts/<slug:slug>/", views.ForecastsView.as_view(ROW)),
    path("sources/", views.SourcesView.as_view(LISTS), name="api-sources"),
    path("spending/", views.SpendingView.as_view(), name="api-spending"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
