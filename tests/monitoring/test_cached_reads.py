"""Of a cached read it is counted how it was answered: made, as kept, or not modified."""

import pytest

from tests.makers import make_product

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "GET /api/platform/products"


def test_counts_where_answers_came_from(client, counted):
    make_product()
    first = client.get("/api/platform/products")
    client.get("/api/platform/products")
    client.get("/api/platform/products", headers={"If-None-Match": first["ETag"]})

    found = counted()
    assert found[LIST, "origin", "made"] == 1
    assert found[LIST, "origin", "kept"] == 1
    assert found[LIST, "origin", "not_modified"] == 1
    assert found["cache default", "operation", "get hit"] >= 1


def test_what_is_not_kept_has_no_origin(client, counted):
    client.get("/accounts/login")

    assert not [key for key in counted() if key[1] == "origin"]


def test_what_is_made_beforehand_misses_nothing(client, counted):
    make_product()
    warm_up = {"User-Agent": "SoftFactory warm-up"}
    client.get("/api/platform/products", headers=warm_up)
    client.get("/api/platform/products")

    found = counted()
    assert found[LIST, "status", "200"] == 2
    assert {key: count for key, count in found.items() if key[1] == "origin"} == {
        (LIST, "origin", "kept"): 1
    }


def test_who_only_says_so_is_counted_like_anybody(client, counted):
    make_product()
    said = {"User-Agent": "SoftFactory warm-up", "X-Forwarded-For": "192.0.2.1"}
    client.get("/api/platform/products", headers=said)

    assert counted()[LIST, "origin", "made"] == 1
