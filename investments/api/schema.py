"""The OpenAPI schema: parameters from the filters, answers from the columns, so that neither can be forgotten."""

from typing import Any

from django.forms import Field
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from investments.models import Announcement
from investments.resources import fields
from investments.resources.base import Column, StrictFilterSet

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NAMES: Json = {"type": "array", "items": TEXT}
DECIMAL: Json = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
PERIOD: Json = {"type": "string", "pattern": r"^\d{4}(-Q[1-4]|-\d{2}(-\d{2})?)?$"}
PROBLEM: Json = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT,
        "errors": {"type": "object", "additionalProperties": NAMES,
                   "description": "Of a query: parameter -> what is wrong with it."},
    },
}  # fmt: skip

# What each parameter means (docs/api.md has the same at length), and an example of its value.
PARAMETERS: dict[str, tuple[str, str]] = {
    "q": ("Words that must all be found; the beginnings of words count, accents and case do not.", "stargate"),
    "kind": ("Any of these kinds.", "equity"),
    "status": ("Any of these standings.", "announced"),
    "event": ("Any of these kinds of announcement.", "increased"),
    "layer": ("Any of these layers (rule 11): they are never added to each other.", "build"),
    "count": ("How contained deals are counted (rule 6).", "net"),
    "has": ("What the deal has, or with a leading - lacks.", "-amount"),
    "company": ("Companies, by slug or name.", "openai"),
    "role": ("Roles that those companies hold.", "investor"),
    "payer": ("Companies in a paying role.", "softbank"),
    "payee": ("Companies in a receiving role.", "oracle"),
    "country": ("ISO 3166-1 codes of a party or of a site.", "FR"),
    "project": ("Data-center projects, by slug or name.", "stargate-abilene"),
    "after": ("From this day, month or year on.", "2025"),
    "before": ("Up to and with this day, month or year.", "2026-06"),
    "min": ("Deals whose headline total in USD is at least this.", "1.5bn"),
    "max": ("Deals whose headline total in USD is at most this.", "300m"),
    "include": ("Takes rumoured deals in.", "rumoured"),
    "currency": ("Reporting currency of sums, ISO 4217.", "EUR"),
    "measure": ("Which bound of a figure is added up.", "floor"),
    "slice": ("Only the part of the selection that falls in this segment, dimension:value.", "payer:openai"),
    "left_out": ("Only the rows that the sums leave out for this reason.", "covered"),
    "sort": ("A column; with a leading - the largest first.", "-headline_usd"),
    "per_page": ("Rows a page.", "50"),
    "min_mw": ("Planned megawatts, at least.", "100"),
    "max_mw": ("Planned megawatts, at most.", "1500.5"),
    "energy": ("Sites with any of these energy sources.", "gas_on_site"),
    "discloses": ("Sites that disclose any of these metrics.", "water_m3_per_year"),
    "show": ("How the page shows the rows; it selects nothing.", "map"),
    "metric": ("Any of these metrics.", "water_m3_per_year"),
    "basis": ("Any of these bases.", "permit"),
    "forecaster": ("Companies that made the estimate, by slug or name.", "goldman-sachs"),
    "unit": ("Any of these units.", "USD"),
    "by": ("Length of a period.", "quarter"),
    "split": ("What the bars are divided by.", "layer"),
    "view": ("By the day of announcement, or spread over the days on which money is planned to be spent.", "announced"),
    "cumulative": ("1 for the sums of all periods up to each.", "0"),
    "top": ("Segments before “other”.", "8"),
    "scale": ("Whether the figure’s amounts stand on a linear or a logarithmic axis.", "linear"),
    "estimates": ("1 to draw published estimates of the market’s spending beside the bars, by year.", "0"),
    "cursor": ("Where the page begins; taken from “next” or “previous” of another page.", ""),
    "fields": ("Names of the fields wanted, separated by commas; all without it.", "slug,title,headline_usd"),
}  # fmt: skip

NESTED_SCHEMAS: dict[str, Json] = {
    "parties": {"type": "array", "items": {
        "type": "object", "required": ["company", "name", "role"],
        "properties": {"company": TEXT, "name": TEXT, "role": TEXT, "share": {**DECIMAL, "nullable": True}},
    }},
    "entries": {"type": "array", "items": {
        "type": "object", "required": ["date", "key", "event", "headline", "increment_usd", "increment_floor_usd"],
        "properties": {
            "date": PERIOD, "key": TEXT, "event": TEXT, "headline": TEXT, "amount_low": {**DECIMAL, "nullable": True},
            "amount_high": {**DECIMAL, "nullable": True}, "currency": TEXT, "basis": TEXT, "per": TEXT,
            "increment_usd": DECIMAL, "increment_floor_usd": DECIMAL, "sources": {"type": "array", "items": {
                "type": "object", "properties": {"url": TEXT, "publisher": TEXT, "title": TEXT}}},
        },
    }},
    "conflicts": {"type": "array", "items": {
        "type": "object", "properties": {
            "date": PERIOD, "key": TEXT, "headline": TEXT, "amount_low": {**DECIMAL, "nullable": True},
            "amount_high": {**DECIMAL, "nullable": True}, "currency": TEXT},
    }},
    "energy": {"type": "array", "items": {
        "type": "object", "required": ["source_kind", "as_of"],
        "properties": {"source_kind": TEXT, "mw": {**DECIMAL, "nullable": True}, "as_of": PERIOD, "note": TEXT,
                       "note_fr": TEXT, "source": {**TEXT, "nullable": True}},
    }},
    "inside": NAMES,
    "disputes": NAMES,
    "sources": {"type": "array", "items": {
        "type": "object", "required": ["url"], "properties": {"url": TEXT, "publisher": TEXT, "title": TEXT}}},
}  # fmt: skip


def parameter(name: str, field: Field) -> OpenApiParameter:
    """Return a filter as a parameter of the schema."""
    text, example = PARAMETERS[name]
    repeated = isinstance(field.widget, fields.RepeatedWidget)
    known: Any = getattr(field, "choices", None)
    one: Json = {**TEXT, "enum": [str(key) for key, _label in known]} if known else TEXT
    schema: Json = {"type": "array", "items": one} if repeated else one
    return OpenApiParameter(
        name,
        schema,
        description=text,
        explode=repeated or None,
        style="form" if repeated else None,
        examples=[OpenApiExample(name, value=[example] if repeated else example)] if example else [],
    )


def parameters(filters: StrictFilterSet, *, without: tuple[str, ...] = ()) -> list[OpenApiParameter]:
    """Return the filters of a set as parameters of the schema."""
    form = filters.form
    return [parameter(name, form.fields[name]) for name in form.fields if name not in without]


def column_schema(column: Column) -> Json:
    """Return the JSON schema of a column's values."""
    match column.kind:
        case "money" | "power" | "number":
            return {**DECIMAL, "nullable": True}
        case "count":
            return {"type": "integer"}
        case "flag":
            return {"type": "boolean"}
        case "labels":
            return NAMES
        case "period" | "date":
            return {**PERIOD, "nullable": True}
    return {**TEXT, "nullable": True}


class ResourceSchema(AutoSchema):
    """What the schema says of a resource's list and of its single rows."""

    def get_operation_id(self) -> str:
        return f"{self.view.resource.name}_{self.view.action}"

    def get_description(self) -> str:
        doc = getattr(self.view, self.view.action).__doc__
        return f"{self.view.resource.label}. {doc}"

    def get_override_parameters(self) -> list[OpenApiParameter]:
        own = [
            OpenApiParameter(name, TEXT, description=PARAMETERS[name][0])
            for name in ("fields", *(["cursor"] if self.view.action == "rows" else []))
        ]
        if self.view.action == "row":
            name = OpenApiParameter("slug", TEXT, OpenApiParameter.PATH, description="The name of the row.")
            return [name, *own]
        return [*parameters(self.view.resource.filter(None), without=("page",)), *own]

    def get_request_serializer(self) -> None:
        return None

    def get_response_serializers(self) -> Any:
        row = self.row()
        page = {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**TEXT, "nullable": True, "description": "Address of the page after."},
                "previous": {**TEXT, "nullable": True, "description": "Address of the page before."},
                "results": {"type": "array", "items": row},
            },
        }
        problems = [400] if self.view.action == "rows" else [400, 404]
        return {
            200: OpenApiResponse(page if self.view.action == "rows" else row, "The rows that the query selects."),
            **{(code, "application/problem+json"): OpenApiResponse(PROBLEM, "What is wrong.") for code in problems},
        }

    def row(self) -> Json:
        """Return the schema of one row; ``fields`` may leave any of it out."""
        properties = {column.name: column_schema(column) for column in self.view.resource.written}
        properties |= {name: NESTED_SCHEMAS[name] for name in self.view.nested_names}
        if self.view.has_page:
            properties["url"] = {**TEXT, "description": "Address of the page."}
        return {"type": "object", "properties": properties}


AMOUNTS: Json = {"type": "object", "additionalProperties": DECIMAL}
TALLY: Json = {"type": "object", "properties": {"deals": {"type": "integer"}, "amount": DECIMAL}}
CHART: Json = {
    "type": "object",
    "required": ["currency", "measure", "total", "by_layer", "count", "series", "counted", "left_out", "figure"],
    "properties": {
        "currency": TEXT, "measure": TEXT, "by": TEXT, "split": TEXT, "view": TEXT, "cumulative": {"type": "boolean"},
        "total": DECIMAL, "by_layer": AMOUNTS, "count": TEXT,
        "series": {"type": "array", "items": {
            "type": "object", "required": ["period", "segment", "amount"],
            "properties": {"period": PERIOD, "segment": TEXT, "amount": DECIMAL}}},
        "counted": {"type": "object", "properties": {"deals": {"type": "integer"}, "announcements": {"type": "integer"}}},
        "left_out": {"type": "object", "additionalProperties": TALLY},
        "figure": {"type": "object", "description": "A plotly figure: data and layout."},
    },
}  # fmt: skip


class ChartSchema(AutoSchema):
    """What the schema says of a chart's data."""

    def get_operation_id(self) -> str:
        return f"charts_{self.view.name}"

    def get_description(self) -> str:
        return str(self.view.get.__doc__)

    def get_override_parameters(self) -> list[OpenApiParameter]:
        return parameters(self.view.filterset(None, Announcement.objects.none()), without=("page", "per_page", "sort"))

    def get_request_serializer(self) -> None:
        return None

    def get_response_serializers(self) -> Any:
        problem = OpenApiResponse(PROBLEM, "What is wrong.")
        return {200: OpenApiResponse(CHART, "The chart's data."), (400, "application/problem+json"): problem}
