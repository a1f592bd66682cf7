"""The API's schema: OpenAPI as generated, told that everything may be refused, served as JSON."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import OpenApiParameter

from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.http import cached_reads

METHODS = ("get", "post", "put", "patch", "delete")

PROBLEM = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In words, what to do next."},
        "code": {"type": "string", "description": "For programs; it does not change."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "What is wrong with which field; there for every 400.",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the version that is to be changed, or * for any.",
    "schema": {"type": "string"},
}


IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="Names the request, so that sending it again for 24 hours has no further effect.",
)


class OperationSchema(AutoSchema):
    """drf-spectacular's, which also knows the actions that may be repeated by a key."""

    def get_override_parameters(self) -> list[Any]:
        action = getattr(self.view, getattr(self.view, "action", None) or "", None)
        return [IDEMPOTENCY_KEY] if getattr(action, "is_idempotent", False) else []


class StrictShape(OpenApiSerializerExtension):
    """Tells that a body may hold no other fields."""

    target_class = StrictSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        shape = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return shape | {"additionalProperties": False} if direction == "request" else shape


def add_problems(result: dict, generator: Any, request: Any, public: bool) -> dict:
    """Add what every operation has in common; drf-spectacular calls this.

    Each may answer with a problem, and a PUT or PATCH says which version it changes.
    """
    refusal = {
        "description": "A refusal",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for method in METHODS & operations.keys():
            operations[method]["responses"].setdefault("default", refusal)
        for method in {"put", "patch"} & operations.keys():
            operations[method].setdefault("parameters", []).append(IF_MATCH)
    return result


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI document; it changes with the code alone."""
    generator: SchemaGenerator = spectacular_settings.DEFAULT_GENERATOR_CLASS()
    return generator.get_schema(request=None, public=True)


@cache
def _schema_as_json() -> bytes:
    return json.dumps(schema(), ensure_ascii=False, default=str).encode()


@csrf_exempt  # so that another method is told that it is the method
@require_safe
@cached_reads()
def show_schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as JSON."""
    return HttpResponse(_schema_as_json(), content_type="application/vnd.oai.openapi+json")
