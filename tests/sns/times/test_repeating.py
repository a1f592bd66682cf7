"""What repeats stays at its local time, week after week, whatever is done to the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns.times import Repetition, exists
from tests.sns.times.zones import CHANGES, ZONES

SEOUL = ZoneInfo("Asia/Seoul")
START = datetime(2027, 3, 1, 12, tzinfo=UTC)  # a Monday


def rule(**changes):
    usual = {"weeks": 1, "weekdays": (0, 3), "at": time(9), "since": date(2027, 3, 1)}
    return Repetition(**usual | changes)


def run(repetition, zone, after, count):
    found = []
    while len(found) < count and (after := repetition.next_after(after, zone)):
        found.append(after)
    return found


def test_each_week_on_its_days():
    found = run(rule(), SEOUL, START, 4)

    assert [at.astimezone(SEOUL).day for at in found] == [4, 8, 11, 15]
    assert {at.astimezone(SEOUL).hour for at in found} == {9}


def test_every_other_week_counts_from_its_first():
    found = run(rule(weeks=2, weekdays=(0,)), SEOUL, START, 3)

    assert [at.astimezone(SEOUL).date() for at in found] == [
        date(2027, 3, 15),
        date(2027, 3, 29),
        date(2027, 4, 12),
    ]


def test_it_ends_with_its_last_day():
    found = run(rule(until=date(2027, 3, 8)), SEOUL, START, 9)

    assert [at.astimezone(SEOUL).day for at in found] == [4, 8]


def test_it_does_not_begin_before_its_first_day():
    later = rule(since=date(2027, 3, 10))

    assert later.next_after(START, SEOUL).astimezone(SEOUL).date() == date(2027, 3, 11)


@pytest.mark.parametrize("hour", [0, 2, 9])
@pytest.mark.parametrize(("name", "change"), CHANGES)
def test_nothing_drifts_across_a_change(name, change, hour):
    zone = ZoneInfo(name)
    daily = rule(weekdays=tuple(range(7)), at=time(hour, 30), since=date(2027, 1, 1))

    found = run(daily, zone, change - timedelta(days=5), 10)

    days = [at.astimezone(zone).date() for at in found]
    assert days == [days[0] + timedelta(days=n) for n in range(10)]
    for at, day in zip(found, days, strict=True):
        wished = datetime.combine(day, time(hour, 30))
        shown = at.astimezone(zone).replace(tzinfo=None)
        assert shown == wished or not exists(wished, zone)


@pytest.mark.parametrize("name", ZONES)
def test_after_a_year_it_is_still_that_time(name):
    zone = ZoneInfo(name)

    found = run(rule(weekdays=(2,)), zone, START, 52)

    assert {at.astimezone(zone).time() for at in found} == {time(9)}
    assert found[-1].astimezone(zone).date() - found[0].astimezone(zone).date() == timedelta(
        weeks=51
    )


@given(
    st.sampled_from(ZONES),
    st.integers(1, 6),
    st.sets(st.integers(0, 6), min_size=1),
    st.times(),
    st.integers(0, 1_500),
)
def test_the_next_one_is_after_and_on_its_day(name, weeks, weekdays, at, days):
    zone = ZoneInfo(name)
    at, after = at.replace(second=0, microsecond=0), START + timedelta(days=days)
    repetition = rule(weeks=weeks, weekdays=tuple(sorted(weekdays)), at=at)

    found = repetition.next_after(after, zone)

    assert found > after
    assert repetition.next_after(found - timedelta(microseconds=1), zone) == found
    assert Repetition.of(repetition.stored()) == repetition


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weeks": 0}, "every 1 to 52"),
        ({"weeks": "2"}, "every 1 to 52"),
        ({"weekdays": []}, "Choose the days"),
        ({"weekdays": [9]}, "no weekday"),
        ({"at": "25:00"}, "no time of day"),
        ({"since": "tomorrow"}, "no date"),
        ({"since": None}, "no date"),
        ({"until": "2027-01-01"}, "ends before"),
    ],
)
def test_what_is_no_repetition(wrong, words):
    with pytest.raises(ValueError, match=words):
        Repetition.of(rule().stored() | wrong)
