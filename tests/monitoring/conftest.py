"""What tests of monitoring share: what was counted since, and samples to make figures of."""

from collections import Counter
from datetime import timedelta

import pytest

from monitoring.models import Sample
from monitoring.services.stories import Told
from monitoring.services.totals import pack, read_meters, summary_of
from softfactory.kernel import clock


@pytest.fixture
def counted():
    """`counted()` is what was counted since the test began, by (subject, measure, detail)."""
    before, _now = read_meters()
    return lambda: read_meters()[0] - before


@pytest.fixture
def now():
    """An instant on a boundary of 5 minutes."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


def answers(count=1, *, subject="GET /x", status="200", seconds=0.004, bucket="0.005"):
    """The tally of so many equal answers."""
    return Counter(
        {
            (subject, "status", status): count,
            (subject, "seconds", bucket): count,
            (subject, "seconds_sum", ""): count * seconds,
            (subject, "queries", "2.0"): count,
            (subject, "queries_sum", ""): count * 2,
            (subject, "bytes", ""): count * 1000,
        }
    )


def make_sample(ends_at, tally=None, *, seconds=10, host="one", **overrides):
    """A sample that ends then, of one answer unless `tally` says what."""
    values = {"resolution": Sample.Resolution.FINE, "gauges": {}} | overrides
    packed = pack(answers() if tally is None else tally)
    return Sample.objects.create(
        host=host,
        starts_at=ends_at - timedelta(seconds=seconds),
        ends_at=ends_at,
        tally=packed,
        summary=summary_of(packed),
        **values,
    )


def told(**overrides):
    """What an ordinary request leaves."""
    values = {
        "at": 1_800_000_000.0,
        "request_id": "mine",
        "method": "GET",
        "route": "/x",
        "status": 200,
        "seconds": 0.01,
        "database_seconds": 0.0,
        "user_id": None,
        "queries": [],
        "places": {},
        "lines": [],
        "tasks": [],
    }
    return Told(**values | overrides)
