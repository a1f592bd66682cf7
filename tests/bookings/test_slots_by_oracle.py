"""Free times compared with brute force, above all around the days when clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.slots import (
    DatedWindow,
    WeeklyWindow,
    explained,
    holds_until,
    next_free,
    offered,
    refusal,
    span,
)
from tests.bookings.schedules import make_schedule
from tests.bookings.slots_oracle import Oracle

DAY = timedelta(days=1)

# By an hour, half an hour or two; at night, at midnight, at 22:00; on either hemisphere; with
# offsets of half and of quarter hours; and one that puts its clock *back* for a month.
ZONES = [
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/London",
    "Pacific/Chatham",
]


def changes(name):
    """Return the local dates of 2027 from whose noon to the next a zone's clocks change."""
    noons = [datetime(2027, 1, 1, 12, tzinfo=ZoneInfo(name)) + DAY * n for n in range(365)]
    return [noon.date() for noon, after in pairwise(noons) if noon.utcoffset() != after.utcoffset()]


CHANGES = [(name, day) for name in ZONES for day in changes(name)]

SCHEDULES = {
    # Ends and begins inside gaps and repeated hours; split days; one window across two others.
    "nights": {
        "weekly": tuple(
            window
            for weekday in range(7)
            for window in [
                WeeklyWindow(weekday, 0, 150),
                WeeklyWindow(weekday, 150, 165),
                WeeklyWindow(weekday, 210, 405),
                WeeklyWindow(weekday, 1290, 75),
            ]
        ),
        "step": 15,
        "buffer_before": 15,
        "buffer_after": 45,
    },
    "around the clock": {
        "weekly": tuple(WeeklyWindow(weekday, 135, 135) for weekday in range(7)),
        "step": 30,
        "buffer_before": 0,
        "buffer_after": 60,
    },
    "days": {
        "weekly": tuple(WeeklyWindow(weekday, 600, 0) for weekday in range(6)),
        "step": 45,
        "buffer_before": 90,
        "buffer_after": 0,
    },
}


def assert_agrees(schedule, taken, *, first, last, hours, now):
    """Ask everything that can be asked about these dates, and compare."""
    asked = {"first": first, "last": last, "hours": hours, "now": now}
    oracle = Oracle(schedule, taken, **asked)
    verdicts = oracle.verdicts()
    slots, refused = explained(schedule, taken, **asked)
    answered = {slot.local: None for slot in slots} | {one.local: one.reason for one in refused}
    assert answered == verdicts
    assert [slot.local for slot in slots] == sorted(slot.local for slot in slots)
    assert len(slots) + len(refused) == len(verdicts)
    assert offered(schedule, taken, **asked) == slots
    assert offered(schedule, taken & set(span(first, last, schedule)), **asked) == slots
    for slot in slots:
        assert slot.starts_at.astimezone(schedule.zone).replace(tzinfo=None) == slot.local
    starts = {slot.starts_at for slot in slots}
    for index, moment in enumerate(oracle.moments):
        if oracle.locals[index].date() in oracle.dates and moment.minute % 15 == 0:
            reason = refusal(schedule, taken, starts_at=moment, hours=hours, now=now)
            assert reason == oracle.on_moment(index), moment
            assert (reason is None) == (moment in starts), moment


def test_every_zone_of_the_comparison_changes_its_clocks_twice():
    assert len(ZONES) == 12
    assert [len(changes(name)) for name in ZONES] == [2] * 12


@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_fourteen_days_around_a_clock_change_agree_with_brute_force(zone, day, kind):
    dated = (
        DatedWindow(day, 1320, 180),
        DatedWindow(day, 600, 720),
        DatedWindow(day + 2 * DAY, None, None),
        DatedWindow(day + 4 * DAY, 75, 1440),
    )
    now = datetime(day.year, day.month, day.day, 9, 20, tzinfo=UTC) - 6 * DAY
    first_tick = int(now.timestamp()) // 900
    # Two hours are taken every 31, so that they meet every time of day.
    taken = {first_tick + 124 * n + quarter for n in range(12) for quarter in range(8)}
    assert_agrees(
        make_schedule(
            zone,
            dated=dated,
            minimum_notice=600,
            horizon_days=12,
            durations=(3,),
            **SCHEDULES[kind],
        ),
        taken,
        first=day - 6 * DAY,
        last=day + 7 * DAY,
        hours=3,
        now=now,
    )


quarters = st.integers(0, 95).map(lambda quarter: quarter * 15)
weekly = st.builds(WeeklyWindow, st.integers(0, 6), quarters, quarters)


def exceptions(around):
    day = st.integers(-2, 4).map(lambda n: around + DAY * n)
    return st.builds(DatedWindow, day, quarters, quarters) | st.builds(
        DatedWindow, day, st.none(), st.none()
    )


@given(data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_any_schedule_agrees_with_brute_force(data):
    zone, day = data.draw(st.sampled_from([*CHANGES, ("Asia/Seoul", date(2027, 5, 5))]))
    schedule = make_schedule(
        zone,
        weekly=tuple(data.draw(st.lists(weekly, max_size=8))),
        dated=tuple(data.draw(st.lists(exceptions(day), max_size=4))),
        buffer_before=data.draw(st.sampled_from([0, 15, 60])),
        buffer_after=data.draw(st.sampled_from([0, 30, 720])),
        minimum_notice=data.draw(st.sampled_from([0, 15, 1441])),
        horizon_days=data.draw(st.integers(1, 5)),
        durations=(1, 3, 24),
        step=data.draw(st.sampled_from([15, 30, 45, 60, 105, 1440])),
    )
    minutes = data.draw(st.integers(-4 * 1440, 2 * 1440))
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()) // 900
    assert_agrees(
        schedule,
        data.draw(st.sets(st.integers(noon - 192, noon + 192), max_size=6)),
        first=day - DAY,
        last=day + data.draw(st.integers(0, 1)) * DAY,
        hours=data.draw(st.sampled_from([1, 3, 24, 24, 5])),
        now=now,
    )


@given(
    change=st.sampled_from(CHANGES),
    windows=st.lists(weekly, max_size=3),
    shift=st.integers(-3 * 1440, 1440),
    seconds=st.sampled_from([0, 0, 1e-6, 29.5]),
    notice=st.sampled_from([0, 15, 1441]),
    within=st.floats(0, 0.99),
)
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_until_the_instant_that_is_named_the_clock_changes_nothing(
    change, windows, shift, seconds, notice, within
):
    zone, day = change
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
        minutes=shift, seconds=seconds
    )
    schedule = make_schedule(
        zone, weekly=tuple(windows), minimum_notice=notice, horizon_days=2, durations=(1, 3)
    )

    def seen(now):
        """What a page shows: the dates from today on, those around the change, the next start."""
        today = now.astimezone(schedule.zone).date()
        asked = [(today, today + 3 * DAY), (day - DAY, day + DAY)]
        free = [offered(schedule, {1}, first=a, last=b, hours=1, now=now) for a, b in asked]
        return today, *free, next_free(schedule, {1}, now=now, days=2, hours=3)

    _today, coming, dated, following = found = seen(now)
    firsts = [coming[0] if coming else None, dated[0] if dated else None, following]
    until = min(holds_until(schedule, first, now=now) for first in firsts)

    assert now < until
    for then in (now + within * (until - now), until - timedelta.resolution):
        assert seen(then) == found


@given(
    change=st.sampled_from(CHANGES),
    windows=st.lists(weekly, max_size=3),
    days=st.integers(0, 9),
    hours=st.sampled_from([1, 3, 5]),
)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_the_next_free_start_is_the_first_one_offered(change, windows, days, hours):
    zone, day = change
    now = datetime(day.year, day.month, day.day, 7, 31, tzinfo=UTC) - 2 * DAY
    schedule = make_schedule(zone, weekly=tuple(windows), horizon_days=6, durations=(1, 3))
    taken = set(range(int(now.timestamp()) // 900 + 60, int(now.timestamp()) // 900 + 160))
    today = now.astimezone(schedule.zone).date()
    every = offered(
        schedule, taken, first=today, last=today + (days - 1) * DAY, hours=hours, now=now
    )
    assert next_free(schedule, taken, now=now, days=days, hours=hours) == next(iter(every), None)
