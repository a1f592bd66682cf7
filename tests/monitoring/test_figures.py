"""Figures: of all hosts, of the stretch that was asked for, with what was counted just now."""

from collections import Counter
from datetime import timedelta

import pytest

from monitoring.models import Reading, Sample
from monitoring.services import figures as module
from monitoring.services.figures import figures
from monitoring.services.system import this_host
from monitoring.services.totals import pack
from tests.monitoring.conftest import answers, make_sample

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def meters(monkeypatch):
    """What this host's meters show: nothing, unless the test says what."""
    shown = {"tally": Counter()}
    monkeypatch.setattr(module, "read_meters", lambda: (shown["tally"], {"requests_in_flight": 1}))
    return shown


def test_without_anything_counted_there_are_no_rates(now):
    found = figures(now=now)

    assert (found.requests, found.error_rate, found.cache_hit_rate) == (0, None, None)
    assert found.response_time.avg is None
    assert found.endpoints == []
    assert found.memory_mb > 0


def test_adds_up_all_hosts(now):
    make_sample(now - MINUTE, answers(8), host="one")
    make_sample(now - MINUTE, answers(2, status="500", seconds=0.014, bucket="0.02"), host="two")

    found = figures(now=now)

    assert (found.requests, found.errors, found.error_rate) == (10, 2, 20.0)
    assert found.response_time.avg == pytest.approx(6.0)
    assert found.queries == 2
    assert found.most_queries == 2


def test_leaves_out_what_is_older(now):
    make_sample(now - 5 * MINUTE, answers(8))
    make_sample(now - 4 * MINUTE, answers(1))

    assert figures(now=now).requests == 1
    assert figures(now=now, seconds=600).requests == 9


def test_includes_what_was_counted_since_the_last_sample(now, meters):
    make_sample(now - 5 * timedelta(seconds=1), answers(4), host=this_host())
    Reading.objects.create(
        host=this_host(), epoch="", taken_at=now - timedelta(seconds=5), tally=pack(answers(4))
    )
    meters["tally"] = answers(7)

    found = figures(now=now)

    assert found.requests == 7
    assert found.endpoints[0].total == 7


def test_long_stretches_are_made_of_coarse_samples_and_the_fine_ones_since(now):
    coarse = {"resolution": Sample.Resolution.COARSE, "seconds": 300}
    for number in range(12):
        make_sample(now - 10 * MINUTE - number * 5 * MINUTE, answers(10), **coarse)
    for number in range(1, 100):
        make_sample(now - number * timedelta(seconds=10), answers(1))

    # An hour and ten minutes: 12 coarse ones, and those of the ten minutes after them.
    assert figures(now=now, seconds=4200).requests == 12 * 10 + 59


def test_counts_of_hosts_that_fell_silent_are_left_out(now, meters):
    meters["tally"] = answers(1)
    for host, age in (("two", 5), ("gone", 600)):
        taken_at = now - timedelta(seconds=age)
        Reading.objects.create(host=host, epoch="", taken_at=taken_at, tally=pack(answers(10)))

    assert figures(now=now).endpoints[0].total == 11


def test_memory_is_that_of_all_hosts(now):
    alone = figures(now=now).memory_mb
    Reading.objects.create(host="two", epoch="", taken_at=now, gauges={"memory_mb": 1000})

    assert figures(now=now).memory_mb == pytest.approx(alone + 1000, rel=0.05)


@pytest.mark.parametrize("samples", [1, 30])
def test_takes_two_queries(now, samples, django_assert_num_queries):
    for number in range(samples):
        make_sample(now - number * timedelta(seconds=10))

    with django_assert_num_queries(2):
        figures(now=now)
