"""The API's reference as a page, drawn from its schema."""

from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from softfactory.kernel.api.schema import METHODS, schema
from softfactory.kernel.http import cached_reads

type Schema = Mapping[str, Any]


class Kind(NamedTuple):
    """What a value is: words, and the name of a shape that ends them, if it has one."""

    words: str
    shape: str = ""


class Field(NamedTuple):
    """One member of a shape, or one parameter of an operation."""

    name: str
    kind: Kind
    is_required: bool
    note: str
    place: str = ""


class Answer(NamedTuple):
    """What an operation answers with one status."""

    status: str
    phrase: str
    kind: Kind | None


class Operation(NamedTuple):
    """One method at one address."""

    anchor: str
    method: str
    path: str
    summary: str
    who: list[str]
    parameters: list[Field]
    body: Kind | None
    answers: list[Answer]


class Shape(NamedTuple):
    """A named schema: an object's fields, or the values that a text may have."""

    name: str
    note: str
    fields: list[Field]
    values: list[str]


@cache
def operations_by_tag() -> dict[str, list[Operation]]:
    """Return every operation under the tag that it belongs to, as the schema orders them."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema()["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                tag = operation.get("tags", [""])[0]
                found.setdefault(tag, []).append(_operation(path, method, operation))
    return found


@cache
def shapes() -> list[Shape]:
    """Return every named schema, by name."""
    named = schema()["components"]["schemas"]
    return [_shape(name, named[name]) for name in sorted(named)]


@csrf_exempt
@require_safe
@cached_reads()
def show_reference(request: HttpRequest) -> HttpResponse:
    """The reference: who may call what, with which fields, and what comes back."""
    context = {"operations_by_tag": operations_by_tag(), "shapes": shapes()}
    return render(request, "api_reference.html", context)


def _operation(path: str, method: str, operation: Schema) -> Operation:
    body = operation.get("requestBody")
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary") or operation.get("description", ""),
        who=_who(operation.get("security", [{}])),
        parameters=[_parameter(parameter) for parameter in operation.get("parameters", [])],
        body=_content_kind(body) if body else None,
        answers=list(_answers(operation["responses"])),
    )


def _who(security: list[Mapping]) -> list[str]:
    """Return the ways to be known that an operation takes; none means anyone."""
    return [] if {} in security else [name for way in security for name in way]


def _parameter(parameter: Schema) -> Field:
    return Field(
        name=parameter["name"],
        kind=kind_of(parameter["schema"]),
        is_required=parameter.get("required", False),
        note=parameter.get("description", ""),
        place=parameter["in"],
    )


def _answers(responses: Mapping[str, Schema]) -> Iterator[Answer]:
    for status, response in responses.items():
        if status.isdecimal():
            yield Answer(status, HTTPStatus(int(status)).phrase, _content_kind(response))


def _content_kind(holder: Schema) -> Kind | None:
    content = holder.get("content", {})
    return kind_of(next(iter(content.values()))["schema"]) if content else None


def _shape(name: str, described: Schema) -> Shape:
    required = described.get("required", [])
    fields = [
        Field(field, kind_of(value), field in required, value.get("description", ""))
        for field, value in described.get("properties", {}).items()
    ]
    values = [str(value) for value in described.get("enum", [])]
    return Shape(name, described.get("description", ""), fields, values)


def kind_of(described: Schema) -> Kind:
    """Return what a schema describes, in a few words: `list of`, `Token`; `date-time or null`."""
    if "$ref" in described:
        return Kind("", described["$ref"].rpartition("/")[2])
    for combination in ("allOf", "oneOf", "anyOf"):
        if combination in described:
            return _combined(described[combination])
    kinds = described.get("type", "anything")
    names = [kinds] if isinstance(kinds, str) else list(kinds)
    if "array" in names:
        inner = kind_of(described.get("items", {}))
        return Kind(f"list of {inner.words}".strip(), inner.shape)
    if members := described.get("properties"):
        return Kind(f"object of {', '.join(members)}")
    names = [described.get("format", name) if name != "null" else name for name in names]
    return Kind(" or ".join(names) + _bounds(described))


def _combined(parts: list[Schema]) -> Kind:
    kinds = [kind_of(part) for part in parts]
    shape = next((kind.shape for kind in kinds if kind.shape), "")
    others = [kind.words for kind in kinds if kind.words]
    return Kind(" or ".join(others) + (" or" if others and shape else ""), shape)


def _bounds(described: Schema) -> str:
    least, most = described.get("minimum"), described.get("maximum")
    if least is not None and most is not None:
        return f", {least}–{most}"
    if longest := described.get("maxLength"):
        return f", at most {longest} characters"
    return ""
