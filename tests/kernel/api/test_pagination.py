"""Lists by cursor: every row once, forwards and back, whatever is added or removed meanwhile."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import Signer
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from softfactory.kernel.api.pagination import Cursor, CursorPagination
from softfactory.kernel.problems import InvalidRequest
from subscriptions.models import Product

pytestmark = pytest.mark.django_db

MADE = datetime(2027, 3, 28, 12, 0, 0, 123456, tzinfo=UTC)
ORDERS = [("name", "id"), ("-name", "id"), ("-created_at", "-id"), ("created_at", "name", "-id")]


@pytest.fixture
def products():
    """Fifteen products with three names and two instants between them."""
    return Product.objects.bulk_create(
        Product(
            slug=f"p{number}",
            name="abc"[number % 3],
            created_at=MADE.replace(microsecond=number % 2 * 999_999),
        )
        for number in range(15)
    )


def page(ordering=("name", "id"), url="/list", rows=None, **query):
    """One page as the client sees it: (pks, next address, previous address)."""
    request = APIView().initialize_request(APIRequestFactory().get(url, query))
    view = type("View", (), {"get_ordering": lambda self: ordering})()
    paginator = CursorPagination()
    rows = Product.objects.all() if rows is None else rows
    found = paginator.paginate_queryset(rows, request, view)
    answer = paginator.get_paginated_response([row.pk for row in found]).data
    return answer["results"], answer["next"], answer["previous"]


def follow(link, ordering):
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    return page(ordering, **query)


def expected(ordering):
    return list(Product.objects.order_by(*ordering).values_list("pk", flat=True))


@pytest.mark.parametrize("ordering", ORDERS)
@pytest.mark.parametrize("limit", [1, 4, 5, 15])
def test_every_row_once_and_back_again(products, ordering, limit):
    forwards, backwards = [], []
    results, following, previous = page(ordering, limit=limit)
    assert previous is None
    while True:
        forwards += results
        if following is None:
            break
        results, following, previous = follow(following, ordering)
    while True:
        backwards = results + backwards
        if previous is None:
            break
        results, following, previous = follow(previous, ordering)
        assert following is not None

    assert forwards == backwards == expected(ordering)


def test_a_list_that_fits_has_no_links(products):
    assert page()[1:] == (None, None)


def test_an_empty_list():
    assert page() == ([], None, None)


def test_links_keep_the_other_parameters(products):
    following = page(limit=2, q="soup")[1]

    assert following.startswith("http://testserver/list?")
    assert "q=soup" in following
    assert "limit=2" in following


def test_rows_added_before_the_place_are_not_repeated_or_skipped(products):
    ordering = ("name", "id")
    seen, following, _previous = page(ordering, limit=7)
    Product.objects.create(slug="new", name="a")

    rest = follow(following, ordering)[0]
    while len(rest) < 8:
        rest += follow(follow(following, ordering)[1], ordering)[0]

    assert sorted(seen + rest[:8]) == sorted(product.pk for product in products)


def test_the_row_at_the_edge_may_go(products):
    ordering = ("name", "id")
    seen, following, _previous = page(ordering, limit=4)
    Product.objects.filter(pk=seen[-1]).delete()

    assert follow(following, ordering)[0] == expected(ordering)[3:7]


def test_from_a_page_that_is_empty_by_now_one_finds_the_first(products):
    ordering = ("name", "id")
    following = page(ordering, limit=5)[1]
    previous = follow(following, ordering)[2]
    for link, side in ((following, 2), (previous, 1)):
        Product.objects.all().delete()
        results, *links = follow(link, ordering)
        assert results == []
        assert links[side - 1] is None or "cursor" not in links[side - 1]
        assert "http://testserver/list?limit=5" in links


def test_rows_may_be_dictionaries(products):
    rows = Product.objects.values("id", "name")
    request = APIView().initialize_request(APIRequestFactory().get("/list", {"limit": 2}))
    view = type("View", (), {"get_ordering": lambda self: ("name", "id")})()
    paginator = CursorPagination()
    paginator.paginate_queryset(rows, request, view)

    cursor = parse_qs(urlsplit(paginator.get_next_link()).query)["cursor"][0]
    assert Cursor.decode(cursor, ("name", "id")).key[0] == "a"


def test_a_page_costs_one_query(products, django_assert_num_queries):
    following = page(limit=2)[1]
    with django_assert_num_queries(1):
        follow(following, ("name", "id"))


@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "1.5", "ten", " 5 x", "", "9" * 40, "٣", "NaN", "1e1"]
)
def test_a_limit_that_is_none(products, limit):
    with pytest.raises(InvalidRequest) as refused:
        page(limit=limit)
    assert refused.value.errors[0]["field"] == "limit"


@pytest.mark.parametrize("limit", ["1", "100"])
def test_limits_that_are(products, limit):
    assert page(limit=limit)[0]


def as_text(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def signed(value, ordering=("name", "id")):
    return Signer(sep=".", salt=" ".join(("cursor", *ordering))).sign_object(value)


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "=====",
        ".",
        "a.b.c",
        "\x00",
        "é",
        as_text([False, ["a", 1]]),
        as_text([False, [float("nan"), float("inf")]]),
        as_text([False, [None, {"a": []}]]),
        as_text({"$gt": ""}),
        as_text([[[[]]]]),
        "W10" + "." + "x" * 43,
        signed([False, ["a", 1]])[:-1],
        signed([False, ["a", 1]], ("-created_at", "-id")),  # of another list
        signed([False, ["a", 1]], ("-name", "id")),
        "x" * 10_000,
    ],
    ids=lambda cursor: repr(cursor[:16]),
)
def test_a_cursor_that_this_list_never_gave_out(products, cursor):
    with pytest.raises(InvalidRequest) as refused:
        page(cursor=cursor)
    assert refused.value.errors == [
        {"field": "cursor", "code": "invalid", "message": refused.value.message}
    ]


def test_an_empty_cursor_is_the_first_page(products):
    assert page(cursor="")[0] == page()[0]


def test_a_bad_cursor_is_400_to_a_client(api):
    answer = api().get("/api/platform/products?cursor=nonsense")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
