"""The samples of the last days are added up once, judged, and asked who takes the time."""

from datetime import timedelta

import pytest

from tests.monitoring.conftest import answers, make_sample
from tests.monitoring.reports.making import text_of, verdict

pytestmark = pytest.mark.django_db


def test_judges_the_site_as_it_is_used(report, now):
    make_sample(now, answers(1000, subject="GET /coocook/explore"))
    made = report()

    assert verdict(made, "average, as used").measured == "4 ms"
    assert verdict(made, "p95, as used").passed
    assert "1,000 answers" in text_of(made, "As it is used")


def test_adds_up_hosts(report, now):
    for host in ("one", "two"):
        make_sample(now - timedelta(minutes=6), answers(50), host=host)
        make_sample(now, answers(60), host=host, gauges={"memory_mb": 100})
    made = report()

    assert "220 answers" in text_of(made, "As it is used")
    assert "of 2 machines" in text_of(made, "As it is used")
    memory = next(one for one in made.parts[0].figures if one.title == "Memory")
    assert memory.series[0].points[-1][1] == 200


def test_leaves_out_what_is_older(report, now):
    make_sample(now - timedelta(days=8), answers(1000))

    assert verdict(report(), "p95, as used").passed is None


@pytest.mark.parametrize(("in_database", "who"), [(0.9, "the database"), (0.1, "Python")])
def test_says_who_takes_the_time(report, now, in_database, who):
    slow = answers(100, subject="GET /slow", seconds=0.4, bucket="0.5")
    slow["GET /slow", "database_seconds", ""] = 40 * in_database
    make_sample(now, slow + answers(100))

    (finding, *_others) = report().findings
    assert finding.title == f"GET /slow takes 99% of all the time, most of it {who}"


def test_sees_that_requests_wait(report, now, settings):
    threads = settings.WEB_CONCURRENCY * settings.WEB_THREADS
    make_sample(now, answers(10), gauges={"requests_in_flight": threads + 3})

    assert "Requests wait for a thread" in {one.title for one in report().findings}


def test_names_a_page_that_is_made_anew_too_often(report, now):
    read = answers(200, subject="GET /coocook/explore")
    read["GET /coocook/explore", "origin", "made"] = 150
    read["GET /coocook/explore", "origin", "kept"] = 50
    make_sample(now, read)

    made = report()
    assert any("made anew too often" in one.title for one in made.findings)
    assert verdict(made, "cache hit rate").passed is False
