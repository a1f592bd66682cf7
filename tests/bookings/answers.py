"""How the API's answers are read in tests."""

from typing import Any

from django.http import HttpResponse


def problem(response: HttpResponse) -> tuple[int, str]:
    """Status and code of a refusal, which must be problem+json."""
    assert response["Content-Type"] == "application/problem+json", response.content
    body = response.json()
    assert body["status"] == response.status_code
    assert body["type"] == f"/problems/{body['code']}"
    return response.status_code, body["code"]


def wrong_fields(response: HttpResponse) -> dict[str, str]:
    """The code of the error of each field, of a 400."""
    assert problem(response) == (400, "invalid")
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def names(response: HttpResponse) -> list[Any]:
    """The names of the rows of a page."""
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def at(response: HttpResponse) -> dict[str, str]:
    """Headers of a write that was decided on this answer."""
    return {"If-Match": response["ETag"]}


ANY_VERSION = {"If-Match": "*"}
