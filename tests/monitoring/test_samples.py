"""Samples: one per host and 10 seconds, added up to 5 minutes, forgotten by age."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import serializers

from monitoring.models import Reading, Sample
from monitoring.processes import EPOCH
from monitoring.services import samples
from monitoring.services.system import this_host
from monitoring.services.totals import pack, unpack
from softfactory.kernel.registry import due
from tests.monitoring.conftest import answers, make_sample

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture
def meters(monkeypatch):
    """What the meters show, which the test sets."""
    shown = {"tally": answers(5)}
    monkeypatch.setattr(samples, "read_meters", lambda: (shown["tally"], {}))
    return shown


def last():
    return Sample.objects.order_by("ends_at").last()


def test_a_sample_is_how_far_the_meters_moved(now, meters):
    assert samples.sample(now) == 1
    meters["tally"] = answers(5) + answers(3)
    assert samples.sample(now + 10 * SECOND) == 1

    assert unpack(last().tally) == answers(3)
    assert (last().starts_at, last().ends_at) == (now, now + 10 * SECOND)


def test_it_is_not_taken_twice_in_ten_seconds(now, meters):
    samples.sample(now)

    assert samples.sample(now + 9 * SECOND) == 0
    assert Sample.objects.count() == 1


def test_meters_that_started_anew_are_counted_from_nothing(now, meters, settings, tmp_path):
    settings.METERS_DIR = tmp_path
    (tmp_path / EPOCH).write_text("one")
    samples.sample(now)
    (tmp_path / EPOCH).write_text("two")
    meters["tally"] = answers(2)
    samples.sample(now + 10 * SECOND)

    assert unpack(last().tally) == answers(2)


def test_whoever_comes_second_takes_none(now, meters, monkeypatch):
    samples.sample(now)
    stale = Reading.objects.get()
    later = now + 10 * SECOND
    samples.sample(later)

    assert samples._replace(stale, Reading(host=this_host(), taken_at=later)) is False


def test_five_minutes_are_added_up(now, meters):
    for number in range(1, 32):
        make_sample(now + number * 10 * SECOND, host=this_host(), gauges={"memory_mb": number})

    assert samples.make_coarse(now + 310 * SECOND) == 1
    assert samples.make_coarse(now + 310 * SECOND) == 0

    coarse = Sample.objects.coarse().get()
    assert unpack(coarse.tally) == answers(30)
    assert coarse.gauges == {"memory_mb": 30}
    assert (coarse.starts_at, coarse.ends_at) == (now, now + 300 * SECOND)


def test_hours_are_added_up_of_their_five_minutes(now, meters):
    for number in range(1, 14):
        ends_at = now + number * 300 * SECOND
        make_sample(ends_at, host=this_host(), seconds=300, resolution=Sample.Resolution.COARSE)

    samples.make_coarse(now + 3900 * SECOND)

    hour = Sample.objects.get(resolution=Sample.Resolution.HOURLY)
    assert unpack(hour.tally) == answers(12)
    assert (hour.starts_at, hour.ends_at) == (now, now + 3600 * SECOND)


def test_a_summary_is_of_all_endpoints_together(now, meters):
    queries = Counter({("database default", "seconds", "0.001"): 9})
    caches = Counter({("cache default", "operation", "get hit"): 9})
    meters["tally"] = answers(5) + answers(3, subject="POST /y") + queries + caches
    samples.sample(now)

    assert last().summary["site"]["status"] == {"200": 8}
    assert last().summary["site"]["seconds_sum"] == {"": pytest.approx(0.032)}
    assert last().summary["database"] == {"seconds": {"0.001": 9}}


def test_a_gap_is_added_up_as_one(now, meters):
    make_sample(now + 10 * SECOND, host=this_host())
    make_sample(now + 700 * SECOND, host=this_host())

    samples.make_coarse(now + 1000 * SECOND)

    starts = Sample.objects.coarse().order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [now, now + 600 * SECOND]


def test_old_ones_are_forgotten_each_at_its_age(now):
    day, month = timedelta(hours=24), timedelta(days=30)
    coarse = {"resolution": Sample.Resolution.COARSE, "seconds": 300}
    kept = {make_sample(now - day + SECOND).pk, make_sample(now - month + SECOND, **coarse).pk}
    make_sample(now - day)
    make_sample(now - month, **coarse)
    Reading.objects.create(host="gone", epoch="", taken_at=now - month)

    assert samples.prune(now) == 3
    assert set(Sample.objects.values_list("pk", flat=True)) == kept


def test_the_clock_takes_them():
    registered = {key for key, _work in due.items()}

    assert {"monitoring.samples", "monitoring.coarse", "monitoring.prune"} <= registered


def test_a_tally_survives_being_stored():
    tally = answers(3) + answers(1, subject="POST /y", status="503", bucket="inf")

    assert unpack(pack(tally)) == tally


def test_a_sample_survives_being_dumped(now):
    made = make_sample(now, answers(3))
    dumped = serializers.serialize("json", [made])

    loaded = next(serializers.deserialize("json", dumped)).object
    assert unpack(loaded.tally) == answers(3)
