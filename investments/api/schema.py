"""The OpenAPI schema: parameters from the filters, answers from the columns, so that neither can be forgotten."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from investments.api.answers import ADDRESS, PROBLEM, TEXT, Json, many, maybe, row_schema, thing
from investments.api.base import header_parameters
from investments.api.parameters import parameters
from investments.resources.base import DEFAULT_PAGE_SIZE
from investments.views.problems import MEDIA_TYPE

PROBLEM_NAMED: Json = {"$ref": "#/components/schemas/Problem"}
# What each status means that is no answer to the question.
STATUSES = {
    400: "The query was not understood; `errors` names each parameter.",
    401: "The API key is not known.",
    404: "There is nothing of that name.",
    406: "The answer is JSON; the request asks for something else.",
    429: "Too many requests: wait as long as `Retry-After` says.",
}


class KeyScheme(OpenApiAuthenticationExtension):
    """How a key is sent."""

    target_class = "investments.api.keys.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> Json:
        return {"type": "http", "scheme": "bearer", "description": "An API key: more requests a minute (docs/api.md)."}


class ApiSchema(AutoSchema):
    """What the schema says of every address: parameters, answer, problems and headers."""

    ok = ""

    @property
    def problems(self) -> tuple[int, ...]:
        """The statuses of what can go wrong with a question."""
        return (400, 401, 406)

    @property
    def codes(self) -> tuple[int, ...]:
        """The statuses of problems; 429 where requests are counted."""
        return (*self.problems, 429) if self.view.throttle_classes else self.problems

    def get_override_parameters(self) -> list[OpenApiParameter]:
        headers = header_parameters([200, 400, 429]) if self.view.throttle_classes else []
        return [*self.own_parameters(), *headers]

    def get_request_serializer(self) -> None:
        return None

    def get_response_serializers(self) -> Any:
        return {
            200: OpenApiResponse(self.answer(), self.ok),
            **{(code, MEDIA_TYPE): OpenApiResponse(PROBLEM_NAMED, STATUSES[code]) for code in self.codes},
        }

    def is_deprecated(self) -> bool:
        return self.view.retires is not None

    def own_parameters(self) -> list[OpenApiParameter]:
        """Return what the address takes."""
        raise NotImplementedError

    def answer(self) -> Json:
        """Return the schema of the answer itself."""
        raise NotImplementedError


class ResourceSchema(ApiSchema):
    """What the schema says of a resource's list and of its single rows."""

    ok = "The rows that the query selects."

    @property
    def problems(self) -> tuple[int, ...]:
        return (400, 401, 404, 406) if self.view.action == "row" else (400, 401, 406)

    def get_operation_id(self) -> str:
        return f"{self.view.resource.name}_{self.view.action}"

    def get_tags(self) -> list[str]:
        return [self.view.resource.name]

    def get_description(self) -> str:
        doc = getattr(self.view, self.view.action).__doc__
        return f"{self.view.resource.label}. {doc}"

    def own_parameters(self) -> list[OpenApiParameter]:
        resource = self.view.resource
        if self.view.action == "row":
            return [self.name_parameter(), self.fields_parameter()]
        cursor = OpenApiParameter(
            "cursor",
            {**TEXT, "format": f"{resource.name}-cursor"},
            description="Where the page begins: taken from `next` or `previous` of a page in the same order.",
            examples=[OpenApiExample("the rows without a value to order by", value=self.view.first_cursor)],
        )
        filters = parameters(
            resource.filter(None), without=("page",), sort=resource.default_sort, per_page=str(DEFAULT_PAGE_SIZE)
        )
        return [*filters, self.fields_parameter(), cursor]

    def name_parameter(self) -> OpenApiParameter:
        """Return the parameter that names a row."""
        noun = self.view.resource.name
        return OpenApiParameter(
            "slug", {**TEXT, "format": f"{noun}-name"}, OpenApiParameter.PATH,
            description=f"The name of the row: its `{self.view.lookup_field}`.",
            examples=[OpenApiExample("name", value=self.view.example)],
        )  # fmt: skip

    def fields_parameter(self) -> OpenApiParameter:
        """Return the parameter that narrows rows."""
        known = self.view.known_fields
        one = f"({'|'.join(known)})"
        return OpenApiParameter(
            "fields", {**TEXT, "pattern": f"^{one}(,{one})*$"},
            description=f"Names of the fields wanted, separated by commas; all without it. Known: {', '.join(known)}.",
            examples=[OpenApiExample("two fields", value=",".join(known[:2]))],
        )  # fmt: skip

    def answer(self) -> Json:
        row = row_schema(self.view.resource, self.view.nested_names, with_url=self.view.has_page)
        if self.view.action == "row":
            return row
        beside = {
            name: {**maybe(ADDRESS), "description": f"Address of the page {where}; null where there is none."}
            for name, where in (("next", "after"), ("previous", "before"))
        }
        return thing(**beside, results=many(row))


def with_problem(result: Json, **generator: Any) -> Json:
    """Put the schema of problems beside the paths that name it (a hook of the schema's generator)."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    return result
