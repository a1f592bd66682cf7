"""What no endpoint of CooCook takes: it answers with a problem, and nothing changes."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Chef
from tests.bookings.answers import ANY_VERSION, problem, wrong_fields
from tests.makers import make_booking, noon_utc

JSON = "application/json"


@pytest.fixture
def writes(ana, chef):
    """Every write of Ana's, or of Ben's, by name: who, method, path."""
    booking = make_booking(chef, ana)
    one = f"/api/coocook/bookings/{booking.pk}"
    return {
        "create chef": ("post", "/api/coocook/chefs"),
        "replace chef": ("put", f"/api/coocook/chefs/{chef.pk}"),
        "edit chef": ("patch", f"/api/coocook/chefs/{chef.pk}"),
        "availability": ("put", f"/api/coocook/chefs/{chef.pk}/availability"),
        "book": ("post", "/api/coocook/bookings"),
        "edit booking": ("patch", one),
        "confirm": ("post", f"{one}/confirm"),
        "review": ("post", f"{one}/review"),
        "batch": ("post", "/api/platform/batch-create-bookings"),
    }


EVERY_WRITE = pytest.mark.parametrize(
    "name",
    [
        "create chef",
        "replace chef",
        "edit chef",
        "availability",
        "book",
        "edit booking",
        "confirm",
        "review",
        "batch",
    ],
)


@pytest.fixture
def send(api, ben, writes):
    """`send(name, body)` sends it as Ben, and makes sure that no statement wrote anything."""

    def send(name, body, content_type=JSON):
        client = api(ben)
        method, path = writes[name]
        with CaptureQueriesContext(connection) as queries:
            response = getattr(client, method)(
                path, data=body, content_type=content_type, headers=ANY_VERSION
            )
        verbs = {query["sql"].split()[0] for query in queries}
        assert not verbs & {"INSERT", "UPDATE", "DELETE"}
        assert Chef.objects.get().version == Booking.objects.get().version == 1
        return response

    return send


@EVERY_WRITE
@pytest.mark.parametrize(
    "body",
    ['{"a": 1', "{'a': 1}", '{"a": NaN}', "\x00", "[" * 100_000, b"\xff\xfe"],
    ids=["cut off", "quotes", "NaN", "NUL", "deep", "not UTF-8"],
)
def test_what_is_not_json(send, name, body):
    assert problem(send(name, body)) == (400, "parse_error")


@EVERY_WRITE
@pytest.mark.parametrize("body", ["[]", "1", '"text"', "true"])
def test_json_that_is_no_object(send, name, body):
    assert wrong_fields(send(name, body)) == {"": "invalid"}


@EVERY_WRITE
def test_unknown_fields(send, name):
    response = send(name, '{"colour": "red", "": 1}')

    assert wrong_fields(response).items() >= {"colour": "unknown"}.items()


@EVERY_WRITE
@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type(send, name, content_type):
    assert problem(send(name, "a=1", content_type)) == (415, "unsupported_media_type")


@EVERY_WRITE
def test_a_body_of_two_megabytes(send, name):
    body = json.dumps({"name": "x" * 2_000_000})

    assert problem(send(name, body)) == (413, "too_large")


@pytest.mark.parametrize(
    ("name", "body", "errors"),
    [
        (
            "create chef",
            {"name": {}, "cuisine": [], "location": 1, "hourly_rate": "a lot"},
            {
                "name": "invalid",
                "cuisine": "invalid",
                "location": "invalid",
                "hourly_rate": "shape",
            },
        ),
        (
            "edit chef",
            {"is_active": 1, "max_guests": "8"},
            {"is_active": "invalid", "max_guests": "invalid"},
        ),
        ("edit chef", {"name": "\ud800"}, {"name": "surrogate_characters_not_allowed"}),
        ("edit chef", {"timezone": "Mars/Olympus"}, {"timezone": "unknown_timezone"}),
        (
            "book",
            {"chef_id": "x", "starts_at": [], "duration_hours": {}, "guests": "two"},
            dict.fromkeys(("chef_id", "starts_at", "duration_hours", "guests"), "invalid"),
        ),
        ("edit booking", {"guests": True}, {"guests": "invalid"}),
        ("batch", {"bookings": "many"}, {"bookings": "not_a_list"}),
        ("review", {"rating": "good"}, {"rating": "invalid"}),
    ],
)
def test_wrong_types(send, name, body, errors):
    assert wrong_fields(send(name, json.dumps(body))) == errors


@pytest.mark.parametrize("method", ["delete", "put", "trace"])
def test_another_method(api, ana, method):
    client = api(ana)

    assert problem(getattr(client, method)("/api/coocook/bookings")) == (405, "method_not_allowed")


def test_a_path_with_a_slash_at_its_end(api, ana):
    assert problem(api(ana).get("/api/coocook/bookings/")) == (404, "not_found")


def test_an_if_match_that_is_none_of_ours(api, ana, chef):
    booking = make_booking(chef, ana, starts_at=noon_utc(9))
    path = f"/api/coocook/bookings/{booking.pk}"
    client = api(ana)

    for etag in ('"0.abc"', '"99999999999999999999.a"', "1", "W/nonsense", '""', '"1"'):
        answer = client.patch(path, {"guests": 3}, headers={"If-Match": etag})
        assert problem(answer) == (412, "stale_version")
    assert Booking.objects.get().guests == 2
