"""Query parameters that nobody reads are an error, so that a typo is not a wider search."""

import pytest

from tests.makers import make_chef, make_product

pytestmark = pytest.mark.django_db


def test_known_parameters_pass(api):
    make_chef()

    assert len(api().get("/api/coocook/chefs?cuisine=Korean&limit=5").json()["results"]) == 1


def test_unknown_ones_are_each_named(api):
    answer = api().get("/api/coocook/chefs?cuisine=Korean&colour=red&page=2")

    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [
        ("colour", "unknown"),
        ("page", "unknown"),
    ]


@pytest.mark.parametrize("query", ["cuisine=Korean", "limit=5", "cursor=x", "x=1"])
def test_a_single_row_knows_no_parameters(api, query):
    chef = make_chef()

    assert api().get(f"/api/coocook/chefs/{chef.pk}?{query}").status_code == 400


def test_nor_does_a_write_to_it(api, dee):
    make_product("one")
    url = "/api/platform/products/one?limit=5"

    answer = api(dee).patch(url, {"name": "New"}, headers={"If-Match": "*"})

    assert answer.status_code == 400


def test_a_value_of_the_wrong_type_is_named(api):
    answer = api().get("/api/coocook/chefs?min_price=cheap")

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["min_price"]


def test_a_nul_in_a_value_is_no_error_of_ours(api):
    assert api().get("/api/coocook/chefs?q=%00").status_code == 400
