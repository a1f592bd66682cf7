"""Methods: HEAD where there is GET, OPTIONS for whoever asks, 405 for the rest."""

import pytest
from django.utils.html import escape
from django.utils.translation import gettext, override

from softfactory.accounts.models import ApiToken
from softfactory.kernel.http.problems import PAGES
from subscriptions.models import Product
from tests.bookings.answers import problem
from tests.hostile.routes import routes

READ = [route for route in routes() if "GET" in route.methods]
OF_OURS = [route for route in routes() if not route.address.startswith("/accounts/")]
API = [route for route in OF_OURS if route.is_api]
KNOWN = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

by_our_address = pytest.mark.parametrize("route", OF_OURS, ids=lambda route: route.address)
by_api_address = pytest.mark.parametrize("route", API, ids=lambda route: route.address)


@pytest.fixture
def unchecked(client):
    """Ask as a server would, which answers its own errors."""
    client.raise_request_exception = False
    return client


@pytest.mark.django_db(transaction=True)  # else nothing is kept
def test_head_is_get_without_a_body(browse, ben, at):
    # The last one may be answered by what was kept for the first.
    for browser in (browse(None), browse(ben), browse(None)):
        for route in READ:
            head, get = browser.head(at(route.address)), browser.get(at(route.address))

            assert head.status_code == get.status_code, route.address
            assert head.content == b""
            for name in ("Content-Type", "Cache-Control", "Vary", "Location"):
                assert head.headers.get(name) == get.headers.get(name), (route.address, name)


@by_api_address
def test_options_tell_the_methods_and_nothing_else(
    route, api, at, cho, dee, django_assert_max_num_queries
):
    address = at(route.address)

    for client in (api(), api(cho), api(dee)):
        with django_assert_max_num_queries(1):  # who is calling
            answer = client.options(address)

        if route.address in {"/api/schema", "/api/docs"}:
            assert problem(answer) == (405, "method_not_allowed")
        else:
            assert (answer.status_code, answer.content) == (200, b"")
        assert set(answer.headers["Allow"].split(", ")) >= set(route.methods)


@by_our_address
def test_an_unknown_method_does_nothing(route, unchecked, at):
    for method in ("TRACE", "CONNECT", "PROPFIND", "BREW", "get-and-run"):
        answer = unchecked.generic(method, at(route.address))

        if route.address == "/styleguide/":
            assert answer.status_code == 302  # who is not staff learns nothing of it
            continue
        assert answer.status_code == 405
        assert answer.headers["Allow"]
        if route.is_api:
            assert problem(answer) == (405, "method_not_allowed")
        else:
            with override(answer.headers["Content-Language"]):
                assert escape(gettext(PAGES[405])) in answer.text


@by_api_address
def test_a_method_that_an_address_has_not_is_refused_whoever_asks(route, unchecked, at):
    # As a browser's form of another site would, without any token.
    unchecked.handler.enforce_csrf_checks = True

    for method in KNOWN - {"HEAD", "OPTIONS", *route.methods}:
        answer = unchecked.generic(method, at(route.address))
        assert problem(answer) == (405, "method_not_allowed"), method


@pytest.mark.parametrize(
    "disguise",
    [
        {"headers": {"X-HTTP-Method-Override": "DELETE"}},
        {"headers": {"X-HTTP-Method": "DELETE"}},
        {"headers": {"X-Method-Override": "DELETE"}},
        {"query_params": {"_method": "DELETE"}},
    ],
)
def test_a_method_in_disguise_is_none(api, ana, dee, at, disguise):
    for client, address in (
        (api(ana), "/api/auth/tokens/{pk}"),
        (api(dee), "/api/platform/products/{slug}"),
    ):
        for call in (client.get, client.post):
            assert call(at(address), **disguise).status_code in {200, 400, 405}

    assert Product.objects.filter(slug="coocook").exists()
    assert not ApiToken.objects.exclude(revoked_at=None).exists()
