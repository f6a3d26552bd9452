"""The schema, and the page on which it is read and tried; both are served from here alone."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from investments.api.base import ApiView


class SchemaView(ApiView, SpectacularAPIView):
    """``/api/v1/schema/``: OpenAPI 3, as YAML or with ``Accept: application/json`` as JSON."""


class DocsView(ApiView, SpectacularSwaggerSplitView):
    """``/api/v1/docs/``: the schema as a page."""

    template_name = "investments/api.html"
