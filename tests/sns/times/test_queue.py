"""The next free queue time, by the account's clock whatever is done to it."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sns.times import QueueTime, exists, next_free, queue_times
from sns.times.queue import coming, next_times
from tests.sns.times.zones import CHANGES, ZONES

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY_NOON = datetime(2027, 3, 1, 3, tzinfo=UTC)
MORNINGS = [QueueTime(weekday, time(9)) for weekday in range(7)]
WEEK = timedelta(weeks=1)


def test_the_table_of_zones_has_both_changes_of_each():
    assert len(CHANGES) == 2 * len(ZONES) == 24


def test_the_next_time_of_the_week():
    times = [QueueTime(0, time(9)), QueueTime(0, time(18)), QueueTime(3, time(7, 30))]

    assert next_free(times, SEOUL, after=MONDAY_NOON) == datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_a_taken_time_is_passed_over():
    taken = [datetime(2027, 3, 2, 0, tzinfo=UTC), datetime(2027, 3, 3, 9, tzinfo=SEOUL)]

    found = next_free(MORNINGS, SEOUL, after=MONDAY_NOON, taken=taken)

    assert found == datetime(2027, 3, 4, 0, tzinfo=UTC)


def test_now_itself_is_not_after_now():
    nine = datetime(2027, 3, 1, 0, tzinfo=UTC)

    assert next_free(MORNINGS, SEOUL, after=nine) == nine + timedelta(days=1)


def test_no_queue_and_a_full_one():
    everyone = list(coming([QueueTime(0, time(9))], SEOUL, MONDAY_NOON))

    assert next_free([], SEOUL, after=MONDAY_NOON) is None
    assert next_free([QueueTime(0, time(9))], SEOUL, after=MONDAY_NOON, taken=everyone) is None


def test_the_next_few():
    found = next_times(MORNINGS, SEOUL, after=MONDAY_NOON, count=3)

    assert [at.astimezone(SEOUL).day for at in found] == [2, 3, 4]


@pytest.mark.parametrize(("name", "change"), CHANGES)
def test_the_clock_on_the_wall_decides_across_a_change(name, change):
    zone = ZoneInfo(name)
    times = [QueueTime(weekday, time(hour)) for weekday in range(7) for hour in (0, 2, 9, 23)]

    found = [at for at in coming(times, zone, change - WEEK) if at < change + WEEK]

    shown = [at.astimezone(zone).replace(tzinfo=None) for at in found]
    days = [change.astimezone(zone).date() + timedelta(days=n) for n in range(-5, 6)]
    wished = [datetime.combine(day, time(hour)) for day in days for hour in (0, 2, 9, 23)]
    assert [wish for wish in wished if wish not in shown and exists(wish, zone)] == []
    assert [at for at in shown if at.hour == 9 and at.date() in days] == wished[2::4]


@pytest.mark.parametrize(("name", "change"), CHANGES)
def test_each_local_day_has_its_times_once(name, change):
    zone = ZoneInfo(name)
    every_quarter = [
        QueueTime(weekday, time(hour, minute))
        for weekday in range(7)
        for hour in range(4)
        for minute in (0, 30)
    ]

    found = [at for at in coming(every_quarter, zone, change - WEEK) if at < change + WEEK]

    assert len(found) == len(set(found))
    assert all(later > earlier for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    "stored",
    [
        [{"weekday": 7, "at": "09:00"}],
        [{"weekday": True, "at": "09:00"}],
        [{"weekday": 0, "at": "24:00"}],
        [{"weekday": 0, "at": "9:00"}],
        [{"weekday": 0}],
        [{}],
    ],
)
def test_what_is_no_queue_time(stored):
    with pytest.raises(ValueError, match="is no"):
        queue_times(stored)


def test_times_are_stored_in_order_and_once():
    stored = [{"weekday": 4, "at": "18:00"}, {"weekday": 0, "at": "09:00"}] * 2

    assert [queue_time.stored() for queue_time in queue_times(stored)] == [stored[1], stored[0]]


def test_a_week_is_no_minutes():
    stored = [{"weekday": 0, "at": f"{n // 60:02}:{n % 60:02}"} for n in range(169)]

    with pytest.raises(ValueError, match="at most 168"):
        queue_times(stored)
