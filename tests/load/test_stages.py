"""Plans of stages: how many people come when, what is measured, and when it is enough."""

from collections import Counter

import pytest

from tests.load.stages import PLANS, Limit, Totals, Walk, percentile

SECONDS = 100


class Crowd:
    """A site that answers as it is told, and people who come at once."""

    def __init__(self):
        self.requests = self.failures = 0
        self.times = Counter()

    def answers(self, count, *, within, failures=0):
        self.requests += count
        self.failures += failures
        self.times[within] += count

    def totals(self):
        return Totals(self.requests, self.failures, dict(self.times))


def walk_through(walk, crowd, each_second):
    """Go through a plan second by second; returns how many people there were."""
    seen, present = [], 0
    for second in range(10 * SECONDS):
        users = walk.users_at(second, present=present, totals=crowd.totals)
        if users is None:
            return seen
        present = users
        seen.append(users)
        each_second(users)
    raise AssertionError("it never ends")


@pytest.mark.parametrize(
    ("name", "users"),
    [
        ("steps", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
        ("spike", [10, 100, 10]),
        ("soak", [100] * 6),
    ],
)
def test_plans_fill_the_time_with_their_stages(name, users):
    plan = PLANS[name](100, SECONDS)
    assert [stage.users for stage in plan] == users
    assert sum(stage.seconds for stage in plan) == pytest.approx(SECONDS)


def test_goes_through_the_plan_and_measures_each_stage():
    walk, crowd = Walk(PLANS["spike"](100, 90)), Crowd()
    seen = walk_through(
        walk, crowd, lambda users: crowd.answers(users, within=300 if users == 100 else 20)
    )
    assert Counter(seen) == {10: 60, 100: 30}
    assert [stage.p95_ms for stage in walk.measured] == [20, 300, 20]
    spike = walk.measured[1]
    assert (spike.name, spike.users, spike.failures) == ("spike", 100, 0)
    # They come within a second, and a fifth of the stage is for settling.
    assert (spike.seconds, spike.requests, spike.rps) == (23, 2300, 100)
    assert walk.broken_at is None


@pytest.mark.parametrize(
    "breaks", [{"within": 1100}, {"within": 20, "failures": 1}], ids=["slow", "failing"]
)
def test_steps_end_where_the_site_breaks(breaks):
    walk, crowd = Walk(PLANS["steps"](100, SECONDS), Limit()), Crowd()

    def each_second(users):
        crowd.answers(50, **(breaks if users >= 40 else {"within": 20}))

    seen = walk_through(walk, crowd, each_second)
    assert max(seen) == 50
    assert walk.broken_at.users == 40
    assert [stage.users for stage in walk.measured] == [10, 20, 30, 40, 50]


def test_a_single_slow_step_breaks_nothing():
    walk, crowd = Walk(PLANS["steps"](100, SECONDS), Limit()), Crowd()
    seen = walk_through(
        walk, crowd, lambda users: crowd.answers(50, within=2000 if users == 30 else 20)
    )
    assert max(seen) == 100
    assert walk.broken_at is None


def test_last_step_may_be_where_it_breaks():
    walk, crowd = Walk(PLANS["steps"](100, SECONDS), Limit()), Crowd()
    walk_through(walk, crowd, lambda users: crowd.answers(50, within=2000 if users == 100 else 20))
    assert walk.broken_at.users == 100


def test_a_handful_of_slow_requests_breaks_nothing():
    walk, crowd = Walk(PLANS["steps"](100, SECONDS), Limit()), Crowd()
    walk_through(walk, crowd, lambda users: crowd.answers(1, within=5000))
    assert walk.broken_at is None


def test_percentile():
    times = {10: 94, 200: 5, 900: 1}
    assert [percentile(times, p) for p in (50, 94, 95, 99, 100)] == [10, 10, 200, 200, 900]
    assert percentile({}, 95) == 0
    assert percentile({10: 0, 20: 4}, 50) == 20
