"""A load run is judged, compared, and asked what held it up."""

import pytest

from monitoring.services.reports.changes import Quantity, changes
from tests.monitoring.reports.making import make_run, text_of, verdict

pytestmark = pytest.mark.django_db


def test_verdicts_are_the_runs_own(report, tmp_path):
    run = make_run(tmp_path, slower=10)
    made = report()

    judged = {one["what"]: one["passed"] for one in run["verdicts"]}
    assert judged["p95"] is False
    assert {what: verdict(made, what).passed for what in judged} == judged


def test_what_was_missed_comes_first(report, tmp_path):
    make_run(tmp_path, slower=10)

    passed = [one.passed for one in report().verdicts]
    assert passed[0] is False
    assert passed == sorted(passed, key=[False, None, True].index)


def test_names_the_route_that_takes_most_of_the_time(report, tmp_path):
    make_run(tmp_path)

    (finding, *_others) = report().findings
    assert finding.title.startswith("GET /coocook/explore takes")
    assert "100 requests" in finding.evidence


@pytest.mark.parametrize(
    ("cpu", "title"),
    [
        ({"total": 180, "by_process": {"web": 175}, "others": 0}, "busy computing"),
        ({"total": 40, "by_process": {"web": 30}, "others": 140}, "not by the site alone"),
        ({"total": 40, "by_process": {"web": 30}, "others": 0}, "processors idle"),
    ],
)
def test_says_what_had_no_more_to_give(report, tmp_path, cpu, title):
    make_run(tmp_path, slower=10, cpu_percent=cpu | {"ms_per_request": 9})

    (finding, *_others) = report().findings
    assert title in finding.title
    assert "web" in finding.evidence


def test_doubts_times_that_a_busy_client_took(report, tmp_path):
    make_run(tmp_path, client={"cpu_percent": 97, "memory_mb": 80})

    assert any("client" in one.title for one in report().findings)


def test_shows_the_breaking_point(report, tmp_path):
    make_run(tmp_path, is_stepped=True)
    made = report()

    assert "Breaking point: 120 users, 96 requests a second" in text_of(made, "Under load")
    assert "Within the targets: 10 users" in text_of(made, "Under load")
    users = verdict(made, "users")
    assert (users.measured, users.passed) == ("10", False)


def test_who_asked_for_few_has_not_found_the_end(report, tmp_path):
    stages = [{"name": "1", "users": 50, "rps": 9, "p95_ms": 9, "p99_ms": 9, "median_ms": 5}]
    make_run(tmp_path, shape="steps", stages=stages, within_targets=stages[0])

    users = verdict(report(), "users")
    assert (users.measured, users.passed) == ("≥ 50", None)


def test_compares_with_the_last_run_of_the_same_kind(report, tmp_path):
    make_run(tmp_path, "before", started_at="2026-11-24T09:00:00+00:00")
    make_run(tmp_path, "after", slower=2)
    make_run(tmp_path, "other", users=99, started_at="2026-11-24T10:00:00+00:00")

    (part, *_others) = report().parts
    rows = next(one for one in part.tables if one.title == "Changes").rows
    assert ("GET /coocook/explore", "p95", "worse", "40 ms", "80 ms", "× 2.00") in rows


def test_compares_no_times_that_others_disturbed(report, tmp_path):
    cpu = {"total": 80, "by_process": {"web": 70}, "others": 150}
    make_run(tmp_path, "before", started_at="2026-11-24T09:00:00+00:00")
    make_run(tmp_path, "after", slower=2, cpu_percent=cpu | {"ms_per_request": 18})

    (part, *_others) = report().parts
    rows = next(one for one in part.tables if one.title == "Changes").rows
    assert rows == [("all", "CPU of a request", "worse", "9 ms", "18 ms", "× 2.00")]
    assert "Times were not compared" in " ".join(part.text)


def test_says_who_takes_too_much_memory(report, tmp_path):
    most = {"worker": 90, "web": 270}
    make_run(tmp_path, memory_mb={"max": 360, "last": 360, "max_by_process": most, "points": []})

    finding = next(one for one in report().findings if "memory" in one.title)
    assert finding.title == "The site takes 120% of the memory that it may"
    assert "web 270 MB, worker 90 MB" in finding.evidence


def test_what_is_chance_is_no_change():
    quantity = Quantity("p95", "p95", "ms", 5)
    before = {"a": {"p95": 10}, "b": {"p95": 100}, "c": {"p95": 100}, "d": {"p95": None}}
    after = {"a": {"p95": 14}, "b": {"p95": 119}, "c": {"p95": 60}, "d": {"p95": 1}}

    (change,) = changes(before, after, (quantity,))
    assert (change.subject, change.is_better) == ("c", True)
