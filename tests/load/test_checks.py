"""What an answer has to be: each check lets the right ones pass and says what is wrong."""

import json

import pytest

from tests.load import checks
from tests.load.checks import Answer, Unexpected

PROBLEM = {"content-type": "application/problem+json"}
PUBLIC = {"cache-control": "public, max-age=0, s-maxage=1, stale-while-revalidate=5"}
ROW = dict.fromkeys(checks.BOOKING, 1) | {"status": "pending"}
TAG = 'W/"5-7"'


def answer(status=200, body=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body)


def problem(status, code):
    return Answer(status, PROBLEM, json.dumps({"code": code}).encode())


def of(body, status=200):
    return Answer(status, {}, json.dumps(body).encode())


RIGHT = [
    (checks.status(200, 304), answer(304)),
    (checks.public, Answer(200, PUBLIC, b"")),
    (checks.private, answer(cache_control="private, no-store")),
    (checks.immutable, answer(cache_control="max-age=1, public, immutable", body=b"x")),
    (checks.tagged(), answer(etag=TAG)),
    (checks.tagged(TAG), answer(304, etag=TAG)),
    (checks.tagged('"5.1-br"'), answer(304, etag='"5.1-br"')),
    (checks.tagged(TAG), answer(etag='W/"5-8"')),
    (checks.shows("Ben"), answer(body=b"<p>Ben</p>")),
    (checks.row(frozenset({"id"})), of({"id": 1, "name": "Ben"})),
    (checks.rows(frozenset({"id"})), of({"next": None, "previous": None, "results": [{"id": 1}]})),
    (checks.slots, of({"slots": [{"starts_at": "2027-01-01"}, {"starts_at": "2027-01-02"}]})),
    (checks.booking_or_refusal, of(ROW, 201)),
    (checks.booking_or_refusal, problem(409, "slot_taken")),
    (checks.booking_or_refusal, problem(422, "too_soon")),
]
WRONG = [
    (checks.status(200), problem(500, "error"), "500 error instead of 200"),
    (checks.status(200, 304), answer(404), "404 instead of 200 or 304"),
    (checks.status(201), problem(429, "too_many_requests"), "start the site with RATE_LIMITS=off"),
    (checks.public, answer(cache_control="private, no-store"), "not marked as such"),
    (checks.public, Answer(200, PUBLIC | {"set-cookie": "a=b"}, b""), "sets a cookie"),
    (checks.private, Answer(200, PUBLIC, b""), "not private, no-store"),
    (checks.private, answer(), "not private, no-store"),
    (checks.immutable, answer(cache_control="max-age=60", body=b"x"), "not immutable"),
    (checks.immutable, answer(cache_control="immutable"), "empty"),
    (checks.tagged(), answer(), "no ETag"),
    (checks.tagged(TAG), answer(304, etag='W/"5-8"'), "304 for a tag that was not sent"),
    (checks.tagged(), answer(304, etag=TAG), "304 for a tag that was not sent"),
    (checks.tagged(TAG), answer(304, etag=TAG, body=b"x"), "304 with a body"),
    (checks.tagged(TAG), answer(etag=TAG), "200 with the tag that was sent"),
    (checks.tagged('"5.1-br"'), answer(etag='"5.1-gzip"'), "200 with the tag that was sent"),
    (checks.shows("Ben"), answer(), "without Ben"),
    (checks.row(frozenset({"id", "name"})), of({"id": 1}), "JSON without name"),
    (checks.row(frozenset({"id"})), of([]), "JSON without id"),
    (checks.row(frozenset({"id"})), answer(body=b"<html>"), "not JSON"),
    (checks.rows(frozenset()), of({"results": []}), "JSON without next, previous"),
    (checks.slots, of({"slots": [{"starts_at": "2027-01-01"}] * 2}), "twice"),
    (checks.booking_or_refusal, of(ROW | {"status": "cancelled"}, 201), "neither held"),
    (checks.booking_or_refusal, problem(409, "wrong_state"), "409 wrong_state"),
    (checks.booking_or_refusal, of({}, 422), "422 without a code"),
]


@pytest.mark.parametrize(("check", "given"), RIGHT)
def test_lets_pass_what_is_right(check, given):
    check(given)


@pytest.mark.parametrize(("check", "given", "said"), WRONG)
def test_says_what_is_wrong(check, given, said):
    with pytest.raises(Unexpected, match=said):
        check(given)
