"""The API's schema, valid and complete, and the page that is drawn from it."""

import re

import pytest
from openapi_spec_validator import validate

from softfactory.kernel.api.reference import Kind, kind_of
from softfactory.kernel.api.schema import METHODS

SCHEMA = "/api/schema"
DOCS = "/api/docs"


def test_the_schema_is_valid_openapi(client):
    response = client.get(SCHEMA)

    assert response["Content-Type"] == "application/vnd.oai.openapi+json"
    document = response.json()
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_says_what_it_does_and_that_it_may_refuse(client):
    for path, operations in client.get(SCHEMA).json()["paths"].items():
        for method in METHODS & operations.keys():
            operation = operations[method]
            assert operation.get("summary") or operation.get("description"), (method, path)
            assert operation["tags"], (method, path)
            refusal = operation["responses"]["default"]["content"]
            assert list(refusal) == ["application/problem+json"]


def test_a_body_is_said_to_take_no_other_fields(client):
    document = client.get(SCHEMA).json()
    shapes = document["components"]["schemas"]
    bodies = [
        body["schema"]["$ref"]
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if "requestBody" in operation and path != "/api/platform/webhooks/stripe"  # its own
        for body in operation["requestBody"]["content"].values()
    ]

    assert bodies
    for reference in bodies:
        assert shapes[reference.rpartition("/")[2]]["additionalProperties"] is False


def test_the_schema_is_made_once(db, client, django_assert_num_queries):
    etag = client.get(SCHEMA)["ETag"]

    with django_assert_num_queries(0):
        assert client.get(SCHEMA, headers={"If-None-Match": etag}).status_code == 304


def test_the_page_names_every_operation_and_shape(client):
    document = client.get(SCHEMA).json()
    page = client.get(DOCS).content.decode()

    assert all(path in page for path in document["paths"])
    assert all(f'id="shape-{name}"' in page for name in document["components"]["schemas"])


def test_the_page_leads_nowhere_that_is_not_there(client):
    page = client.get(DOCS).content.decode()

    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


def test_the_page_is_not_for_writing(client):
    assert client.post(DOCS).status_code == 405
    assert client.post(SCHEMA).status_code == 405


@pytest.mark.parametrize(
    ("described", "kind"),
    [
        ({"type": "string"}, Kind("string")),
        ({"type": "string", "format": "date-time"}, Kind("date-time")),
        ({"type": ["string", "null"], "format": "uri"}, Kind("uri or null")),
        ({"type": "integer", "minimum": 1, "maximum": 9}, Kind("integer, 1–9")),
        ({"type": "string", "maxLength": 9}, Kind("string, at most 9 characters")),
        ({"$ref": "#/components/schemas/Chef"}, Kind("", "Chef")),
        ({"allOf": [{"$ref": "#/components/schemas/Chef"}]}, Kind("", "Chef")),
        (
            {"oneOf": [{"$ref": "#/components/schemas/Chef"}, {"type": "null"}]},
            Kind("null or", "Chef"),
        ),
        (
            {"type": "array", "items": {"$ref": "#/components/schemas/Chef"}},
            Kind("list of", "Chef"),
        ),
        ({"type": "object", "properties": {"amount": {}}}, Kind("object of amount")),
        ({}, Kind("anything")),
    ],
)
def test_a_kind_is_said_in_a_few_words(described, kind):
    assert kind_of(described) == kind


@pytest.mark.parametrize(
    ("path", "method", "takes"),
    [
        ("/api/coocook/bookings", "post", True),
        ("/api/coocook/bookings/{id}/confirm", "post", True),
        ("/api/coocook/bookings", "get", False),
        ("/api/auth/tokens", "post", False),
    ],
)
def test_what_may_be_repeated_takes_an_idempotency_key(client, path, method, takes):
    parameters = client.get(SCHEMA).json()["paths"][path][method].get("parameters", [])

    assert ("Idempotency-Key" in {parameter["name"] for parameter in parameters}) == takes


@pytest.mark.parametrize("path", [SCHEMA, DOCS])
def test_both_are_drawn_once_a_release_and_then_known_by_their_tag(client, monkeypatch, path):
    first = client.get(path)

    assert client.get(path).content == first.content
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert first["Cache-Control"].startswith("public")
    assert first["Cache-Tag"] == "release"

    monkeypatch.setattr("softfactory.kernel.http.caching.release", lambda: "another")
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200
