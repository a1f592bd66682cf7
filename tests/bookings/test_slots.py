"""Which times are free, by example. The chef works 10:00 to 18:00 in Seoul (UTC+9) every day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.slots import (
    DatedWindow,
    Reason,
    Slot,
    WeeklyWindow,
    explained,
    next_free,
    offered,
    refusal,
    span,
    ticks,
    too_soon,
)
from tests.bookings.schedules import daily, make_schedule

MONDAY = date(2027, 3, 1)
TUESDAY = date(2027, 3, 2)
NOW = datetime(2027, 2, 20, 3, 0, tzinfo=UTC)
SPRING = date(2027, 3, 28)  # London's clocks go from 01:00 to 02:00
AUTUMN = date(2027, 10, 31)  # and from 02:00 back to 01:00


def starts(schedule, day=MONDAY, *, hours=2, taken=frozenset(), now=NOW):
    """Return the offered local times of a date, as "HH:MM"."""
    slots = offered(schedule, taken, first=day, last=day, hours=hours, now=now)
    return [f"{slot.local:%H:%M}" for slot in slots]


def reasons(schedule, day=MONDAY, *, hours=2, taken=frozenset(), now=NOW):
    """Return why the other local times of a date are refused, as {"HH:MM": reason}."""
    _, refused = explained(schedule, taken, first=day, last=day, hours=hours, now=now)
    return {f"{one.local:%H:%M}": one.reason for one in refused}


def refused_at(schedule, *moment, hours=2, taken=frozenset(), now=NOW):
    """Return why a start at a moment of UTC is refused."""
    starts_at = datetime(*moment, tzinfo=UTC)
    return refusal(schedule, taken, starts_at=starts_at, hours=hours, now=now)


def booked(schedule, *moment, hours=2):
    """Return the ticks of a booking of this chef that starts at a moment of UTC."""
    starts_at = datetime(*moment, tzinfo=UTC)
    ends_at = starts_at + timedelta(hours=hours)
    return set(ticks(starts_at, ends_at, schedule.buffer_before, schedule.buffer_after))


def test_offers_every_step_from_which_the_booking_fits():
    schedule = make_schedule(step=60)
    assert starts(schedule) == ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]
    assert starts(schedule, hours=4) == ["10:00", "11:00", "12:00", "13:00", "14:00"]


def test_a_slot_is_an_instant_and_what_the_chefs_clock_shows():
    slots = offered(make_schedule(), set(), first=MONDAY, last=MONDAY, hours=2, now=NOW)
    assert slots[0] == Slot(
        starts_at=datetime(2027, 3, 1, 1, tzinfo=UTC),
        local=datetime.fromisoformat("2027-03-01T10:00"),
    )


def test_both_dates_of_the_range_are_included():
    slots = offered(make_schedule(), set(), first=MONDAY, last=TUESDAY, hours=4, now=NOW)
    assert {slot.local.date() for slot in slots} == {MONDAY, TUESDAY}
    assert offered(make_schedule(), set(), first=TUESDAY, last=MONDAY, hours=4, now=NOW) == []


def test_steps_count_from_the_start_of_each_window():
    schedule = make_schedule(weekly=daily(("09:15", "12:00"), ("13:45", "17:00")), step=60)
    assert starts(schedule) == ["09:15", "13:45", "14:45"]


def test_a_booking_may_run_from_one_window_into_one_that_touches_it():
    schedule = make_schedule(weekly=daily(("10:00", "12:00"), ("12:00", "14:00")), step=60)
    assert starts(schedule, hours=3) == ["10:00", "11:00"]


def test_overlapping_windows_offer_a_start_once():
    schedule = make_schedule(weekly=daily(("10:00", "13:00"), ("11:00", "14:00")), step=60)
    assert starts(schedule) == ["10:00", "11:00", "12:00"]


def test_a_window_may_run_past_midnight_and_its_starts_belong_to_the_date_they_lie_on():
    schedule = make_schedule(weekly=(WeeklyWindow(0, 1200, 120),))
    assert starts(schedule, MONDAY)[-1] == "23:30"
    assert starts(schedule, TUESDAY) == ["00:00"]
    assert reasons(schedule, TUESDAY)["01:30"] == Reason.DOES_NOT_FIT


def test_equal_ends_make_a_window_of_a_whole_day():
    schedule = make_schedule(weekly=(WeeklyWindow(0, 540, 540),), step=180)
    assert starts(schedule, MONDAY) == ["09:00", "12:00", "15:00", "18:00", "21:00"]
    assert starts(schedule, TUESDAY) == ["00:00", "03:00", "06:00"]


def test_a_booking_may_cross_midnight_into_the_next_days_window():
    schedule = make_schedule(weekly=daily(("22:00", "00:00"), ("00:00", "03:00")), step=60)
    assert starts(schedule, hours=4) == ["22:00", "23:00"]


def test_a_booking_of_a_whole_day_may_cross_two_midnights_when_clocks_go_forward():
    schedule = make_schedule("Europe/London", weekly=daily(("00:00", "00:00")), durations=(24,))
    assert starts(schedule, SPRING - timedelta(days=1), hours=24)[-1] == "23:30"


def test_dated_hours_replace_the_weekly_ones():
    dated = (DatedWindow(MONDAY, 720, 900), DatedWindow(MONDAY, 1200, 1320))
    schedule = make_schedule(dated=dated, step=60)
    assert starts(schedule, MONDAY) == ["12:00", "13:00", "20:00"]
    assert starts(schedule, TUESDAY)[0] == "10:00"


@pytest.mark.parametrize("more", [(), (DatedWindow(MONDAY, 600, 1080),)])
def test_a_closed_date_offers_nothing_even_beside_hours_of_its_own(more):
    schedule = make_schedule(dated=(DatedWindow(MONDAY, None, None), *more))
    assert starts(schedule) == []
    assert set(reasons(schedule).values()) == {Reason.CLOSED}


def test_closing_a_date_leaves_the_night_before_alone():
    schedule = make_schedule(
        weekly=daily(("20:00", "02:00")), dated=(DatedWindow(TUESDAY, None, None),), step=60
    )
    assert starts(schedule, TUESDAY) == ["00:00"]
    assert starts(schedule, TUESDAY + timedelta(days=1)) == ["20:00", "21:00", "22:00", "23:00"]


def test_a_booking_may_not_run_into_a_closed_date():
    schedule = make_schedule(
        weekly=daily(("00:00", "00:00")), dated=(DatedWindow(TUESDAY, None, None),), step=60
    )
    assert starts(schedule, MONDAY)[-1] == "22:00"


def test_a_local_time_that_does_not_exist_is_skipped():
    schedule = make_schedule("Europe/London", weekly=daily(("00:00", "06:00")))
    assert starts(schedule, SPRING) == [
        "00:00", "00:30", "02:00", "02:30", "03:00", "03:30", "04:00",
    ]  # fmt: skip
    assert reasons(schedule, SPRING)["01:30"] == Reason.NONEXISTENT_TIME


def test_hours_are_elapsed_hours_when_clocks_change():
    schedule = make_schedule("Europe/London", weekly=daily(("00:00", "04:00")), step=60)
    assert starts(schedule, SPRING, hours=3) == ["00:00"]
    assert starts(schedule, AUTUMN, hours=4, now=datetime(2027, 10, 1, tzinfo=UTC)) == [
        "00:00",
        "01:00",
    ]


def test_a_local_time_that_exists_twice_is_offered_the_first_time():
    schedule = make_schedule("Europe/London", weekly=daily(("00:00", "06:00")))
    now = datetime(2027, 10, 1, tzinfo=UTC)
    slots = offered(schedule, set(), first=AUTUMN, last=AUTUMN, hours=2, now=now)
    twice = [slot.starts_at for slot in slots if slot.local.hour == 1]
    assert twice == [
        datetime(2027, 10, 31, 0, 0, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    ]
    assert refused_at(schedule, 2027, 10, 31, 0, 30, now=now) is None
    assert refused_at(schedule, 2027, 10, 31, 1, 30, now=now) == Reason.REPEATED_TIME


def test_hours_that_end_or_begin_in_a_gap_meet_where_the_clock_is_put_forward():
    schedule = make_schedule(
        "Europe/London", weekly=daily(("00:00", "01:15"), ("01:45", "05:00")), step=60
    )
    assert starts(schedule, SPRING, hours=3) == ["00:00"]
    assert starts(schedule, SPRING, hours=2) == ["00:00", "02:45"]


def test_hours_that_end_within_a_repeated_hour_end_the_first_time():
    schedule = make_schedule("Europe/London", weekly=daily(("00:00", "01:30")), durations=(1,))
    now = datetime(2027, 10, 1, tzinfo=UTC)
    assert starts(schedule, AUTUMN, hours=1, now=now) == ["00:00", "00:30"]


def test_a_start_is_offered_up_to_the_minimum_notice_and_not_a_second_later():
    schedule = make_schedule(minimum_notice=60)
    opens = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
    assert starts(schedule, now=opens)[0] == "10:00"
    assert starts(schedule, now=opens + timedelta(seconds=1))[0] == "10:30"
    assert reasons(schedule, now=opens + timedelta(seconds=1))["10:00"] == Reason.TOO_SOON


def test_the_past_is_too_soon():
    assert starts(make_schedule(), date(2027, 2, 19)) == []
    assert refused_at(make_schedule(), 2027, 2, 19, 1) == Reason.TOO_SOON


def test_a_date_is_too_soon_when_its_last_start_is():
    schedule = make_schedule(weekly=daily(("10:00", "12:00")), minimum_notice=24 * 60)
    week = {"first": MONDAY, "last": MONDAY + timedelta(days=6), "hours": 2}
    last_call = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)  # for ten o'clock on Tuesday
    assert too_soon(schedule, **week, now=last_call) == (
        {MONDAY},
        last_call + timedelta.resolution,
    )
    later = last_call + timedelta.resolution
    assert too_soon(schedule, **week, now=later)[0] == {MONDAY, TUESDAY}


def test_a_date_without_hours_is_not_too_soon():
    closed = make_schedule(weekly=(), minimum_notice=48 * 60)
    assert too_soon(closed, first=MONDAY, last=TUESDAY, hours=2, now=NOW) == (set(), None)


def test_the_horizon_counts_local_dates_from_the_chefs_today():
    schedule = make_schedule(horizon_days=3)
    late = datetime(2027, 2, 26, 16, tzinfo=UTC)  # the 27th in Seoul
    assert starts(schedule, TUESDAY, now=late)[-1] == "16:00"
    assert starts(schedule, date(2027, 3, 3), now=late) == []
    assert set(reasons(schedule, date(2027, 3, 3), now=late).values()) == {Reason.TOO_FAR}


@pytest.mark.parametrize("hours", [0, -1, 1, 25, 10**12])
def test_a_duration_that_is_not_offered_refuses_every_start(hours):
    schedule = make_schedule()
    assert starts(schedule, hours=hours) == []
    assert set(reasons(schedule, hours=hours).values()) == {Reason.DURATION_NOT_OFFERED}
    assert refused_at(schedule, 2027, 3, 1, 1, hours=hours) == Reason.DURATION_NOT_OFFERED


def test_the_buffers_of_neighbours_add_up():
    schedule = make_schedule(buffer_before=30, buffer_after=60)
    taken = booked(schedule, 2027, 3, 1, 4)  # 13:00 to 15:00, owned from 12:30 to 16:00
    assert starts(schedule, taken=taken) == []
    assert reasons(schedule, taken=taken)["16:00"] == Reason.TAKEN
    schedule = make_schedule(buffer_before=30, buffer_after=60, weekly=daily(("09:30", "18:30")))
    assert starts(schedule, taken=taken) == ["09:30", "16:30"]


def test_buffers_need_not_fit_the_hours():
    schedule = make_schedule(buffer_before=120, buffer_after=120)
    assert starts(schedule)[0] == "10:00"
    assert starts(schedule)[-1] == "16:00"


def test_a_single_taken_quarter_hour_refuses_whatever_would_own_it():
    taken = {int(datetime(2027, 3, 1, 3, tzinfo=UTC).timestamp()) // 900}  # 12:00 to 12:15
    schedule = make_schedule(step=15)
    refused = [at for at, why in reasons(schedule, taken=taken).items() if why == Reason.TAKEN]
    assert refused == ["10:15", "10:30", "10:45", "11:00", "11:15", "11:30", "11:45", "12:00"]


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ((2027, 3, 1, 1, 0), None),
        ((2027, 3, 1, 1, 15), Reason.OFF_STEP),
        ((2027, 3, 1, 1, 10), Reason.OFF_QUARTER),
        ((2027, 3, 1, 1, 0, 1), Reason.OFF_QUARTER),
        ((2027, 3, 1, 1, 0, 0, 1), Reason.OFF_QUARTER),
        ((2027, 3, 1, 0, 45), Reason.OUTSIDE_HOURS),
        ((2027, 3, 1, 7, 30), Reason.DOES_NOT_FIT),
        ((2027, 3, 1, 9, 0), Reason.OUTSIDE_HOURS),
        ((1, 1, 1, 0, 0), Reason.TOO_SOON),
        ((9999, 12, 31, 23, 45), Reason.TOO_FAR),
    ],
)
def test_refuses_a_start_with_its_reason(moment, reason):
    assert refused_at(make_schedule(), *moment) == reason


def test_a_start_may_be_named_in_any_zone():
    there = datetime(2027, 2, 28, 20, 0, tzinfo=ZoneInfo("America/New_York"))
    assert refusal(make_schedule(), set(), starts_at=there, hours=2, now=NOW) is None


def test_explains_every_step_from_midnight_beside_the_windows_own_starts():
    schedule = make_schedule(weekly=daily(("10:15", "13:15")), step=60)
    asked = {*starts(schedule), *reasons(schedule)}
    assert asked == {f"{hour:02}:00" for hour in range(24)} | {"10:15", "11:15", "12:15"}
    assert reasons(schedule)["11:00"] == Reason.OFF_STEP


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_can_be_asked_about(day):
    schedule = make_schedule("America/New_York", weekly=daily(("20:00", "02:00")))
    assert starts(schedule, day) == []
    assert len(set(reasons(schedule, day).values())) == 1
    assert len(span(day, day, schedule)) >= (24 + 4) * 4


def test_the_next_free_start_is_the_first_that_nothing_forbids():
    schedule = make_schedule()
    now = datetime(2027, 3, 1, 4, tzinfo=UTC)
    taken = {*span(MONDAY, MONDAY, schedule), *booked(schedule, 2027, 3, 1, 23, 30)}
    found = next_free(schedule, taken, now=now, days=7, hours=2)
    assert found is not None
    assert found.local == datetime.fromisoformat("2027-03-02T10:30")
    assert next_free(schedule, taken, now=now, days=1, hours=2) is None
    assert next_free(schedule, taken, now=now, days=7, hours=9) is None


def test_a_booking_owns_its_quarter_hours_and_those_of_its_buffers():
    noon = datetime(2027, 3, 1, 12, tzinfo=UTC)
    tick = int(noon.timestamp()) // 900
    assert ticks(noon, noon + timedelta(hours=2)) == range(tick, tick + 8)
    assert ticks(noon, noon + timedelta(hours=2), 15, 30) == range(tick - 1, tick + 10)


def test_the_span_of_dates_reaches_as_far_as_their_longest_booking_and_its_buffers():
    schedule = make_schedule(buffer_before=30, buffer_after=45, durations=(2, 5))
    midnight = int(datetime(2027, 2, 28, 15, tzinfo=UTC).timestamp()) // 900
    assert span(MONDAY, TUESDAY, schedule) == range(midnight - 2, midnight + 2 * 96 + 20 + 3)
