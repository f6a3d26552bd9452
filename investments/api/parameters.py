"""The parameters of the API, from the filters themselves, each with what it means and an example."""

from typing import Any

from django.forms import Field
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from investments.api.answers import TEXT, Json, many
from investments.ledger.selection import UNKNOWN
from investments.resources import fields
from investments.resources.base import StrictFilterSet

# What each parameter means (docs/api.md has the same at length), and an example of its value.
PARAMETERS: dict[str, tuple[str, str]] = {
    "q": ("Words that must all be found; the beginnings of words count, accents and case do not.", "stargate"),
    "kind": ("Any of these kinds.", "equity"),
    "status": ("Any of these standings.", "announced"),
    "event": ("Any of these kinds of announcement.", "increased"),
    "layer": ("Any of these layers (rule 11): they are never added to each other.", "build"),
    "count": ("How contained deals are counted (rule 6).", "net"),
    "has": ("What the deal has, or with a leading - lacks: any of these.", "-amount"),
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
    "units": ("System of units in which figures are drawn.", "metric"),
}  # fmt: skip


# What the slugs of a parameter name, where that is not any company.
NOUNS = {"project": "site", "forecaster": "forecaster"}
# An empty value is as if it was not given: forms send such.
YEAR = r"(19|20)\d\d"
DAY: Json = {
    "anyOf": [
        {"type": "string", "pattern": rf"^({YEAR}(-(0[1-9]|1[0-2]|Q[1-4]))?)?$"},
        {"type": "string", "format": "date"},
    ]
}
FIGURE: Json = {"type": "string", "pattern": r"^$|^\d{1,20}(\.\d{1,4})?$|^\d{1,8}(\.\d{1,4})?(k|m|bn|tn|e\d)$"}
WORDS: Json = {"type": "string", "pattern": r"^[^\u0000]*$"}


def _segments(dimension: str) -> str:
    one = f"({'|'.join([*fields.SEGMENTS[dimension], UNKNOWN])})"
    return f"{dimension}:-?{one}(;{one})*"


# The format names companies of the tracker after payer and payee, and countries.
SEGMENT: Json = {
    "anyOf": [
        {"type": "string", "pattern": f"^({'|'.join(map(_segments, fields.SEGMENTS))})?$"},
        {"type": "string", "format": "segment"},
    ]
}


def parameter(name: str, field: Field, default: str = "") -> OpenApiParameter:
    """Return a filter as a parameter of the schema; ``default`` is what it means to leave it out."""
    text, example = PARAMETERS[name]
    one = value_schema(field, NOUNS.get(name, "company"))
    known = [str(value) for value in one.get("enum", ())]
    if known and example not in known:
        example = default if default in known else known[0]
    repeated = isinstance(field.widget, fields.RepeatedWidget) and not getattr(field, "single", False)
    value: Any = int(example) if one.get("type") == "integer" else example
    schema = many(one) if repeated else one
    if default and not repeated:
        schema = {**schema, "default": int(default) if one.get("type") == "integer" else default}
    return OpenApiParameter(
        name,
        schema,
        description=text,
        explode=repeated or None,
        style="form" if repeated else None,
        examples=[OpenApiExample(str(example), value=[value] if repeated else value)],
    )


def value_schema(field: Field, noun: str) -> Json:
    """Return the JSON schema of one value that a field of the query language takes; ``noun`` is what slugs name."""
    match field:
        case fields.SlugsField():
            return {"anyOf": [{**TEXT, "format": noun}, {**TEXT, "maxLength": 0}]}
        case fields.CodesField():
            return {**TEXT, "enum": [*sorted(field.codes), ""]}
        case fields.DayField():
            return DAY
        case fields.AmountField() | fields.NumberField():
            return FIGURE
        case fields.SlicesField():
            return SEGMENT
        case fields.ChoicesField() | fields.ChoiceField():
            known = fields.known_values(field)
            if all(value.isdecimal() for value in known):
                return {"type": "integer", "enum": [int(value) for value in known]}
            return {**TEXT, "enum": [*known, ""]}
    return WORDS


def parameters(filters: StrictFilterSet, *, without: tuple[str, ...] = (), **defaults: str) -> list[OpenApiParameter]:
    """Return the filters of a set as parameters of the schema; ``defaults`` join those of the set."""
    defaults = {**filters.defaults, **defaults}
    form = filters.form
    return [parameter(name, form.fields[name], defaults.get(name, "")) for name in form.fields if name not in without]
