"""When the demo's chefs are booked: exactly as often as asked, and never twice at once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from softfactory.demo.diary import draw_visits
from softfactory.demo.kitchens import draw_kitchen
from softfactory.demo.profiles import PROFILES

# A Sunday. It is still Saturday evening in America then, with visits behind and ahead.
NOW = datetime(2026, 4, 5, tzinfo=UTC)


def visits(n, *, total, past_days=365, seed=1):
    """Return what is drawn for the demo's chef number `n`."""
    kitchen = draw_kitchen(seed, n, today=NOW.date())
    past, future = draw_visits(Random(seed), kitchen, total=total, now=NOW, past_days=past_days)
    return kitchen, past, future


@pytest.mark.parametrize("n", range(len(PROFILES)), ids=lambda n: PROFILES[n].name)
def test_a_full_diary_has_room_for_every_buffer(n):
    for seed in range(5):
        kitchen, past, future = visits(n, total=60, past_days=20, seed=seed)
        for first, second in pairwise([*past, *future]):
            assert second.starts_at - first.ends_at >= timedelta(minutes=kitchen.gap)


@pytest.mark.parametrize("total", [0, 1, 7, 900])
def test_draws_as_many_as_asked_for(total):
    _, past, future = visits(0, total=total)
    assert len(past) + len(future) == total


def test_past_and_future_share_no_local_date():
    for n in range(len(PROFILES)):
        kitchen, past, future = visits(n, total=60, past_days=20)
        today = NOW.astimezone(kitchen.zone).date()
        assert max(visit.ends_at for visit in past) <= NOW
        assert max(visit.starts_at.astimezone(kitchen.zone).date() for visit in past) < today
        assert min(visit.starts_at for visit in future) >= NOW


def test_leaves_most_of_the_days_to_come_free():
    for n in range(len(PROFILES)):
        kitchen, _, future = visits(n, total=2000)
        booked = {visit.starts_at.astimezone(kitchen.zone).date() for visit in future}
        ahead = [NOW.date() + timedelta(days=days) for days in range(42)]
        assert len(booked) <= len([day for day in ahead if kitchen.hours_on(day)]) / 2
