"""What answers are made of, as JSON schemas."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model

from investments.choices import AnnouncementEvent, Basis, EnergyKind, PartyRole, Per, ProjectRole
from investments.resources.base import Column, Resource

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
FLAG: Json = {"type": "boolean"}
ADDRESS: Json = {"type": "string", "format": "uri"}
DECIMAL: Json = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "example": "1500000000.00"}
PERIOD: Json = {
    "type": "string", "pattern": r"^\d{4}(-Q[1-4]|-\d{2}(-\d{2})?)?$", "example": "2025-Q1",
    "description": "A day, month, quarter or year: as much of the date as is known.",
}  # fmt: skip


def thing(**properties: Json) -> Json:
    """Return the schema of an object that has all of these properties and no other."""
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def many(of: Json) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": of}


def one_of(values: Any, *, or_none: bool = False) -> Json:
    """Return the schema of a value of a vocabulary; ``or_none`` adds the empty text of what is not known."""
    return {"type": "string", "enum": [str(value) for value in values] + [""] * or_none}


def maybe(schema: Json) -> Json:
    """Return the schema of a value that may be unknown."""
    return {**schema, "nullable": True, **({"enum": [*schema["enum"], None]} if "enum" in schema else {})}


PROBLEM: Json = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT,
        "errors": {"type": "object", "additionalProperties": many(TEXT),
                   "description": "Of a query: parameter -> what is wrong with it."},
    },
}  # fmt: skip

SOURCE = thing(url=TEXT, publisher=TEXT, title=TEXT)
# A figure that is disputed, or the one that it stands against.
FIGURE = {
    "date": PERIOD, "key": TEXT, "headline": TEXT, "amount_low": maybe(DECIMAL), "amount_high": maybe(DECIMAL),
    "currency": TEXT, "sources": many(SOURCE),
}  # fmt: skip
NESTED_SCHEMAS: dict[str, Json] = {
    "parties": many(thing(company=TEXT, name=TEXT, role=one_of(PartyRole.values), share=maybe(DECIMAL))),
    "site_parties": many(thing(company=TEXT, name=TEXT, role=one_of(ProjectRole.values))),
    "entries": many(thing(
        date=PERIOD, key=TEXT, event=one_of(AnnouncementEvent.values), headline=TEXT, amount_low=maybe(DECIMAL),
        amount_high=maybe(DECIMAL), currency=TEXT, basis=one_of(Basis.values, or_none=True),
        per=one_of(Per.values, or_none=True), increment_usd=maybe(DECIMAL), increment_floor_usd=maybe(DECIMAL),
        sources=many(SOURCE),
    )),
    "conflicts": many(thing(**FIGURE, against=maybe(thing(**FIGURE)))),
    "energy": many(thing(
        source_kind=one_of(EnergyKind.values), mw=maybe(DECIMAL), as_of=PERIOD, note=TEXT, note_fr=TEXT,
        source=maybe(TEXT),
    )),
    "inside": many(TEXT),
    "disputes": many(TEXT),
    "sources": many(SOURCE),
}  # fmt: skip


def row_schema(resource: Resource, nested: list[str], *, with_url: bool) -> Json:
    """Return the schema of one row; ``fields`` may leave any of it out."""
    properties = {column.name: column_schema(resource, column) for column in resource.written}
    for name in nested:
        of_site = resource.name == "projects" and name == "parties"
        properties[name] = NESTED_SCHEMAS["site_parties" if of_site else name]
    if with_url:
        properties["url"] = {**ADDRESS, "description": "Address of the page that shows it."}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def column_schema(resource: Resource, column: Column) -> Json:
    """Return the JSON schema of a column's values."""
    field, unknown = (
        stored(resource.model, column.source or column.name) if isinstance(column.source, str) else (None, True)
    )
    schema = {"description": str(column.label), **_plain_schema(column, field)}
    return maybe(schema) if unknown and column.kind not in ("count", "flag", "labels") and not column.always else schema


def _plain_schema(column: Column, field: Field | None) -> Json:
    match column.kind:
        case "money" | "power" | "number":
            return DECIMAL
        case "count":
            return NUMBER
        case "flag":
            return FLAG
        case "labels":
            return many(TEXT)
        case "period":
            return PERIOD
        case "date":
            return {"type": "string", "format": "date"}
    if field is not None and field.choices:
        return one_of([key for key, _label in field.flatchoices], or_none=field.blank or not field.editable)
    return TEXT


def stored(model: type[Model], path: str) -> tuple[Field | None, bool]:
    """Return the field at the end of a path such as ``deal__kind``, and whether it may hold nothing."""
    unknown = False
    field: Any = None
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None, True
        unknown = unknown or field.null or field.one_to_one
        model = field.related_model
    return field, unknown
