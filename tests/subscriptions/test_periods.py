"""Periods keep the anchor's day and time, over short months, leap years and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.tz import gettz, resolve_imaginary

from subscriptions.periods import boundary

ZONES = ["Asia/Seoul", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]


def in_seoul(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Asia/Seoul"))


def test_the_anchor_day_survives_short_months():
    anchor = in_seoul(2027, 1, 31, 9)
    days = [boundary(anchor, "Asia/Seoul", n).astimezone(anchor.tzinfo).date() for n in range(5)]
    assert days == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    ]


def test_a_leap_day_comes_back_in_leap_years():
    anchor = in_seoul(2028, 2, 29, 9)
    days = [boundary(anchor, "Asia/Seoul", 12 * n).astimezone(anchor.tzinfo) for n in range(5)]
    assert [(day.month, day.day) for day in days] == [(2, 29), (2, 28), (2, 28), (2, 28), (2, 29)]


def test_the_wall_clock_counts_and_not_the_hours():
    berlin = ZoneInfo("Europe/Berlin")
    anchor = datetime(2027, 3, 15, 9, tzinfo=berlin)
    after = boundary(anchor, "Europe/Berlin", 1)
    assert after.astimezone(berlin).hour == 9
    assert after - anchor.astimezone(UTC) == timedelta(days=31, hours=-1)


@pytest.mark.parametrize(
    ("anchor", "months", "utc"),
    [
        ((2027, 2, 28, 2, 30), 1, (2027, 3, 28, 1, 30)),  # 02:30 is skipped: 03:30 in summer time
        ((2027, 9, 30, 2, 30), 1, (2027, 10, 30, 0, 30)),
        ((2027, 9, 30, 2, 30), 25, (2029, 10, 30, 1, 30)),
        ((2028, 9, 29, 2, 30), 1, (2028, 10, 29, 0, 30)),  # 02:30 comes twice: the first
    ],
)
def test_hours_that_are_skipped_or_come_twice(anchor, months, utc):
    local = datetime(*anchor, tzinfo=ZoneInfo("Europe/Berlin"))
    assert boundary(local, "Europe/Berlin", months) == datetime(*utc, tzinfo=UTC)


def test_no_months_are_the_anchor_itself_in_the_second_pass_of_an_hour_too():
    anchor = datetime(2028, 10, 29, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, winter time already
    assert boundary(anchor, "Europe/Berlin", 0) == anchor


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize("day", [1, 28, 29, 30, 31])
def test_every_boundary_of_48_months_is_the_oracles(day, timezone):
    """dateutil counts months and resolves skipped hours by its own code."""
    for hour, minute in ((0, 0), (1, 59), (2, 15), (2, 30), (23, 59)):
        naive = datetime(2027, 1, day, hour, minute)  # noqa: DTZ001
        anchor = naive.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
        found = [boundary(anchor, timezone, months) for months in range(49)]
        expected = [
            resolve_imaginary((naive + relativedelta(months=n)).replace(tzinfo=gettz(timezone)))
            for n in range(49)
        ]
        assert found == [instant.astimezone(UTC) for instant in expected]
        assert sorted(set(found)) == found
