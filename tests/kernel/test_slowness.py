"""From when on a request is slow."""

import pytest

from softfactory.kernel.slowness import is_slow

# What is usual: twice 150 ms. A password is checked slowly; some have no budget.
LIMITS = [
    ("GET", "/coocook/explore", 0.3),
    ("POST", "/api/auth/tokens", 0.6),
    ("OPTIONS", "/coocook/explore", 0.5),
    ("GET", "unmatched", 0.5),
]


@pytest.mark.parametrize(("method", "route", "limit"), LIMITS)
def test_each_endpoint_is_slow_from_twice_its_budget(settings, method, route, limit):
    settings.SLOW_REQUEST_MS = None
    assert is_slow(method, route, limit)
    assert not is_slow(method, route, limit - 0.001)


@pytest.mark.parametrize(("method", "route", "_limit"), LIMITS)
def test_one_number_holds_for_all_where_it_is_set(settings, method, route, _limit):
    settings.SLOW_REQUEST_MS = 40
    assert is_slow(method, route, 0.04)
    assert not is_slow(method, route, 0.039)
