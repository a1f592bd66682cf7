"""Addresses that nobody links to: numbers beyond any column, tricks with dots, slashes and NULs."""

import pytest

from tests.bookings.answers import problem

NINES = "9" * 30
TOO_MANY_DIGITS = "9" * 5_000
TOO_MANY = "&".join(f"a{n}=1" for n in range(1_100))

ABSENT = [
    f"/api/coocook/chefs/{NINES}",
    f"/api/coocook/chefs/{TOO_MANY_DIGITS}",
    "/api/coocook/chefs/999999999999999999",
    "/api/coocook/chefs/0",
    "/api/coocook/chefs/01",
    "/api/coocook/chefs/-1",
    "/api/coocook/chefs/1%00",
    "/api/coocook/chefs/%D9%A1",  # a digit, but not one of ours
    "/api/coocook/chefs/%FF",
    "/api/coocook/chefs/..%2F..%2Fauth%2Fme",
    "/api/coocook/chefs/1;v=2",
    "/api//coocook/chefs",
    "/api/./health",
    "/api/../admin/",
    "/api/coocook/chefs/",
    "/api/coocook/chefs.json",
    "/api/platform/products/%00",
    "/api/platform/products/%C3%A9",
    "/api/platform/products/" + "a" * 61,
    "/api/platform/products/' OR 1=1",
    "/api/",
    f"/coocook/chefs/{NINES}",
    f"/coocook/chefs/{TOO_MANY_DIGITS}",
    f"/coocook/chefs/{NINES}/reviews",
    "/coocook/chefs/1%0d%0aSet-Cookie:%20a=b",
    "/coocook//explore",
    "/static/../manage.py",
    "/static/%2e%2e/manage.py",
    "/static//etc/passwd",
    "/static/%00",
    "/static/built/",
    "/.git/config",
    "/%FF%FE",
]

WRONG_QUERIES = [
    "limit=0",
    "limit=-1",
    "limit=101",
    "limit=",
    "limit=1e1",
    "limit=%D9%A1",
    f"limit={TOO_MANY_DIGITS}",
    "cursor=a.b",
    "cursor=%00",
    "cursor=%F0%9F%98%80.x",
    f"cursor={TOO_MANY_DIGITS}",
    "sort=%00",
    "sort=owner__password",
    "sort=name&sort=bogus",
    "owner__email=ana@example.test",
    "is_active=false",
    "format=xml",
    "_method=DELETE",
    "q[]=1",
    "%FF=1",
    "q=%00",
    f"min_price={TOO_MANY_DIGITS}",
    "min_rating=NaN",
    "min_rating=Infinity",
    "min_rating=5e-99999999999999999999",
    "available_on=0000-01-01",
    "available_on=2027-02-30",
    TOO_MANY,
]

# Odd, but they say something: each has its answer, an empty list perhaps.
ODD_QUERIES = [
    "cursor=",
    f"min_price={NINES}",
    f"guests={NINES}",
    "min_rating=1e-999999",
    "available_on=0001-01-01",
    "available_on=9999-12-31",
    "q=%25_%5C'%22--",
    "location=%25",
    "sort=bogus&sort=name",
    "q=" + "+".join("a" * 99),
]

# Pages take what is wrong for not asked.
PAGE_QUERIES = [
    *(query for query in (*WRONG_QUERIES, *ODD_QUERIES) if query != TOO_MANY),
    f"page={NINES}",
    "page=-1",
    "page=%D9%A1",
    f"max_price={NINES}",
    f"guests={NINES}&duration_hours={NINES}",
    "date=0001-01-01",
    "date=9999-12-31",
    "ids=1,x,%00," + NINES,
    "show=%00",
    "starts_at=9999-12-31T23:59Z",
    "starts_at=0001-01-01T00:00-14:00",
]


@pytest.mark.parametrize("path", ABSENT)
def test_is_not_there(db, client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    if path.startswith("/api/"):
        assert problem(answer)[1] == "not_found"


@pytest.mark.parametrize("query", WRONG_QUERIES)
def test_a_query_that_says_nothing(client, chef, query):
    assert problem(client.get(f"/api/coocook/chefs?{query}"))[0] == 400


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_a_query_that_is_odd(client, chef, query):
    assert client.get(f"/api/coocook/chefs?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        f"duration_hours={TOO_MANY_DIGITS}",
        "explain=%00",
        "from=2027-01-01&to=2026-01-01",
        "from=0001-01-01&to=9999-12-31",
        "from=2027-01-01T00:00",
        "pk=2",
    ],
)
def test_slots_that_can_not_be_asked_for(client, chef, query):
    assert problem(client.get(f"/api/coocook/chefs/{chef.pk}/slots?{query}"))[0] == 400


@pytest.mark.parametrize("query", ["from=0001-01-01", "from=9999-12-31", "from=9999-12-01"])
def test_slots_at_the_ends_of_time(client, chef, query):
    assert client.get(f"/api/coocook/chefs/{chef.pk}/slots?explain=1&{query}").status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/coocook/explore",
        "/coocook/chefs/{pk}",
        "/coocook/chefs/{pk}/reviews",
        "/coocook/chefs/{pk}/book",
        "/coocook/bookings",
        "/coocook/fragments/next-free",
        "/accounts/signup",
    ],
)
def test_a_page_with_a_query_that_is_wrong(browse, ana, at, page):
    browser = browse(None if page == "/accounts/signup" else ana)

    statuses = {query: browser.get(f"{at(page)}?{query}").status_code for query in PAGE_QUERIES}

    assert statuses == dict.fromkeys(PAGE_QUERIES, 200)


def test_a_query_with_too_many_parameters(browse, ana, at):
    answer = browse(ana).get(f"/coocook/explore?{TOO_MANY}")

    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["//evil.example/", "/ko//evil.example/", "///evil.example"])
def test_no_page_links_to_the_site_that_its_address_names(db, client, path):
    page = client.get("/", PATH_INFO=path)

    assert page.status_code == 404
    assert 'href="//' not in page.text
