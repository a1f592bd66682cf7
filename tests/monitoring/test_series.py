"""Series: what happened in each step, of all hosts, added up and never averaged."""

from datetime import timedelta

import pytest

from monitoring.models import Sample
from monitoring.services.figures import endpoints_between
from monitoring.services.series import MOST_POINTS, series
from monitoring.services.stretches import resolution_of
from tests.monitoring.conftest import answers, make_sample

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
COARSE = {"resolution": Sample.Resolution.COARSE, "seconds": 300}


@pytest.fixture
def ask(now):
    """`ask()` is the series of the last 15 minutes."""

    def asked(stretch=HOUR / 4, **options):
        return series(start=now - stretch, end=now, now=now, **options)

    return asked


def test_without_samples_there_is_nothing(ask):
    found = ask()

    assert found.columns["at"] == []
    assert found.whole["p95"] is None
    assert (found.requests, found.latest) == (0, None)


def test_a_step_adds_up_all_hosts(ask, now):
    gauges = {"memory_mb": 100, "cpu_percent": 20}
    make_sample(now, answers(8), host="one", gauges=gauges)
    make_sample(now, answers(2, status="500"), host="two", gauges=gauges)

    found = ask()

    assert found.hosts == ["one", "two"]
    assert found.columns["requests_per_second"] == [1.0]
    assert found.columns["error_rate"] == [20.0]
    assert found.columns["memory_mb"] == [200.0]
    assert found.columns["queries"] == [2.0]
    assert found.requests == 10


def test_one_host_alone(ask, now):
    make_sample(now, answers(8), host="one")
    make_sample(now, answers(2, status="500"), host="two")

    found = ask(host="one")

    assert (found.requests, found.hosts) == (8, ["one", "two"])
    assert found.columns["error_rate"] == [0.0]


def test_one_endpoint_alone(ask, now):
    make_sample(now, answers(8) + answers(2, subject="POST /y", status="404"))

    found = ask(route="POST /y")

    assert (found.requests, found.statuses) == (2, {"404": 2})
    assert found.columns["refused_rate"] == [100.0]
    assert "memory_mb" not in found.columns


def test_percentiles_are_of_all_that_was_counted(ask, now):
    make_sample(now - 30 * SECOND, answers(1, seconds=9, bucket="10.0"))
    make_sample(now - 20 * SECOND, answers(99))

    found = ask(points=20)

    assert found.step == 60
    assert found.columns["p95"][0] < 5  # an average of the two would be seconds
    assert found.whole["p95"] == found.columns["p95"][0]


def test_where_nothing_was_sampled_is_a_gap(ask, now):
    make_sample(now - 600 * SECOND)
    make_sample(now - 300 * SECOND)
    make_sample(now - 289 * SECOND, seconds=11)

    found = ask()

    assert found.columns["requests_per_second"] == [0.1, None, 0.1, 0.091]
    assert found.columns["at"] == sorted(found.columns["at"])


def test_a_late_sample_does_not_hide_that_none_were_taken(ask, now):
    make_sample(now - 600 * SECOND)
    make_sample(now - 100 * SECOND, answers(50), seconds=500)

    assert ask().columns["requests_per_second"] == [0.1, None, 0.1]


def test_samples_of_about_ten_seconds_leave_no_gaps(ask, now):
    for number in range(80):
        make_sample(now - number * 10.9 * SECOND, seconds=10.9)

    assert None not in ask().columns["requests_per_second"]


def test_what_is_not_yet_added_up_is_taken_from_finer_samples(ask, now):
    make_sample(now - 300 * SECOND, answers(30), **COARSE)
    for number in range(40):  # the last ten of them are in the coarse one, too
        make_sample(now - number * 10 * SECOND)

    assert ask(24 * HOUR).requests == 30 + 30


@pytest.mark.parametrize(
    ("hours", "most", "resolution"),
    [(1, 360, 10), (1.1, 360, 300), (6, 2200, 10), (24, 2200, 300), (720, 2200, 3600)],
)
def test_the_finest_samples_are_read_of_which_there_are_not_too_many(now, hours, most, resolution):
    assert resolution_of(start=now - hours * HOUR, end=now, now=now, most=most) == resolution


def test_of_an_hour_of_last_week_the_fine_samples_are_gone(now):
    start = now - 7 * 24 * HOUR
    assert resolution_of(start=start, end=start + HOUR, now=now, most=2200) == 300


@pytest.mark.parametrize("hours", [0.25, 1, 6, 24, 168, 720])
def test_there_are_never_too_many_points(ask, hours):
    found = ask(hours * HOUR)

    assert hours * 3600 / found.step <= MOST_POINTS


@pytest.mark.parametrize("samples", [1, 30])
def test_takes_one_query(ask, now, samples, django_assert_num_queries):
    for number in range(samples):
        make_sample(now - number * 10 * SECOND)

    with django_assert_num_queries(1):
        ask()


def test_endpoints_of_a_stretch_in_the_past(now):
    make_sample(now - 2 * HOUR, answers(5), **COARSE)
    make_sample(now - 3 * HOUR, answers(1), **COARSE)

    found = endpoints_between(start=now - 4 * HOUR, end=now - HOUR, now=now)

    assert [(one.name, one.count) for one in found] == [("GET /x", 6)]
