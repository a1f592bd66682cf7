"""Percentiles of a histogram lie where a line through their bucket says; averages are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.meters import SECONDS
from monitoring.services.spreads import Spread, spread


def histogram(values):
    buckets = {}
    for value in values:
        bound = next((b for b in SECONDS if value <= b), float("inf"))
        buckets[str(bound)] = buckets.get(str(bound), 0) + 1
    return buckets, {"": sum(values)}


def test_of_nothing_there_is_none():
    assert spread({}, {}, SECONDS) == Spread(None, None, None, None)


def test_one_bucket_is_divided_evenly():
    assert spread({"0.2": 100}, {"": 17.0}, SECONDS) == Spread(170.0, 175.0, 197.5, 199.5)


def test_beyond_the_last_bound_it_is_that_bound():
    assert spread({"inf": 3}, {"": 60.0}, SECONDS) == Spread(20_000.0, *[10_000.0] * 3)


@given(st.lists(st.floats(0, 9.9), min_size=1, max_size=200))
def test_a_percentile_lies_in_the_bucket_of_the_true_one(values):
    found = spread(*histogram(values), SECONDS)
    ordered = sorted(values)

    assert found.avg == pytest.approx(sum(values) / len(values) * 1000, abs=0.001)
    for share, percentile in ((0.5, found.p50), (0.95, found.p95), (0.99, found.p99)):
        true = ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]
        upper = next(b for b in SECONDS if true <= b)
        lower = max((b for b in SECONDS if b < upper), default=0)
        assert lower * 1000 - 0.001 <= percentile <= upper * 1000 + 0.001
    assert found.p50 <= found.p95 <= found.p99
