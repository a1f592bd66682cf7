"""Cached reads of the site: kept while nothing changes, never older than the last write."""

import pytest
from django.core.cache import caches

from bookings.models import Chef
from subscriptions.models import Product
from tests.makers import make_chef, make_product

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/api/platform/products"
ONE = "/api/platform/products/one"
PAGE = "/"
PUBLIC = "public, max-age=0, s-maxage=1, stale-while-revalidate=5"


@pytest.fixture
def product():
    return make_product("one", description="What it does, at length. " * 40)


@pytest.mark.parametrize("url", [LIST, ONE, PAGE])
def test_a_warm_read_is_the_same_and_asks_nothing(client, product, django_assert_num_queries, url):
    cold = client.get(url)
    with django_assert_num_queries(0):
        warm = client.get(url)

    assert (cold.status_code, warm.status_code) == (200, 200)
    assert cold.content == warm.content
    assert cold.headers["ETag"] == warm.headers["ETag"]
    different = {"X-Request-ID", "Content-Security-Policy"}
    assert {
        name for name in cold.headers if cold.headers[name] != warm.headers.get(name)
    } <= different


@pytest.mark.parametrize("url", [LIST, ONE, PAGE])
@pytest.mark.parametrize("encoding", ["", "br", "zstd", "gzip"])
def test_what_one_has_is_answered_304_cold_and_warm(client, product, url, encoding):
    headers = {"Accept-Encoding": encoding}
    etag = client.get(url, headers=headers).headers["ETag"]

    for cache_state in ("warm", "cold"):
        again = client.get(url, headers=headers | {"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b""), cache_state
        assert again.headers["ETag"] == etag
        assert again.headers["Cache-Control"] == PUBLIC
        assert "Content-Length" not in again.headers
        caches["default"].clear()


@pytest.mark.parametrize("url", [LIST, ONE, PAGE])
def test_304_varies_by_what_200_varies_by(client, product, url):
    full = client.get(url)
    known = client.get(url, headers={"If-None-Match": full.headers["ETag"]})

    assert known.headers["Vary"] == full.headers["Vary"]


@pytest.mark.parametrize("url", [LIST, ONE, PAGE])
def test_a_change_is_seen_by_the_next_read(client, product, url):
    etag = client.get(url).headers["ETag"]
    Product.objects.update(name="Changed since")

    fresh = client.get(url, headers={"If-None-Match": etag})

    assert fresh.status_code == 200
    assert "Changed since" in fresh.text
    assert fresh.headers["ETag"] != etag


def test_a_derived_column_moves_the_tag_but_not_the_version(client):
    chef = make_chef()
    url = f"/api/coocook/chefs/{chef.pk}"
    before = client.get(url).headers["ETag"]

    Chef.objects.update_derived(review_count=1, rating_sum=5, rating_hundredths=500)

    after = client.get(url)
    assert after.headers["ETag"] != before
    assert after.headers["ETag"].split(".")[0] == before.split(".")[0] == '"1'
    assert after.json()["rating"] == 5


def test_a_write_to_something_else_leaves_it_warm(client, product, django_assert_num_queries):
    client.get(LIST)
    make_chef()

    with django_assert_num_queries(0):
        client.get(LIST)


def test_what_is_gone_is_gone_at_once(client, product):
    etag = client.get(ONE).headers["ETag"]
    product.delete()

    assert client.get(ONE, headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize("url", [LIST, ONE, PAGE])
def test_public_reads_say_so_and_vary_by_no_cookie(client, product, url):
    for answer in (client.get(url), client.get(url)):
        assert answer.headers["Cache-Control"] == PUBLIC
        assert "cookie" not in answer.headers["Vary"].lower()
        assert "Expires" not in answer.headers
        assert "Age" not in answer.headers
        assert not answer.cookies


def test_a_signed_in_browser_gets_the_same_bytes(client, browse, product, ana):
    assert browse(ana).get(PAGE).content == client.get(PAGE).content


@pytest.mark.parametrize("url", [LIST, ONE])
def test_a_token_makes_no_difference(client, api, product, ana, url):
    with_token = api(ana).get(url)

    assert with_token.content == client.get(url).content
    assert with_token.headers["Vary"] == client.get(url).headers["Vary"]
    assert with_token.headers["Cache-Control"] == PUBLIC


def test_head_is_get_without_the_body(client, product):
    head, full = client.head(LIST), client.get(LIST)

    assert head.content == b""
    assert {**head.headers, "X-Request-ID": ""} == {**full.headers, "X-Request-ID": ""}


def test_errors_are_not_kept(client, product):
    refused = client.get(f"{LIST}?nonsense=1")

    assert refused.status_code == 400
    assert refused.headers["Cache-Control"] == "private, no-store"


def test_languages_are_apart(client, product):
    english, korean = client.get("/"), client.get("/ko/")

    assert 'lang="en"' in english.text
    assert 'lang="ko"' in korean.text
    assert client.get("/").content == english.content


def test_the_browsers_language_is_not_asked(client, product):
    answer = client.get("/", headers={"Accept-Language": "ko"})

    assert 'lang="en"' in answer.text
    assert "accept-language" not in answer.headers["Vary"].lower()
