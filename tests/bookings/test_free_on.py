"""Chefs who are free on a date are looked for in their order, and only as far as asked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bookings.models import AvailabilityException, Chef
from bookings.services import free_on
from bookings.services.calendar import chefs_free_on
from bookings.services.free_on import FreeOn
from tests.makers import make_chef

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = date(2027, 3, 6)


def free(*, now=NOW, on=DAY):
    return FreeOn(Chef.objects.active().newest_first(), on, now=now)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(free_on, "LEAST_TRIED", 2)


@pytest.mark.usefixtures("small_batches")
def test_goes_on_until_enough_are_found(ana):
    chefs = [make_chef(ana) for _n in range(40)]
    closed = {chef.pk for chef in chefs if chef.pk % 5}
    for pk in closed:  # of whom the hours alone do not tell that they are busy
        Chef.objects.filter(pk=pk).update(durations=[])
    order = [chef.pk for chef in reversed(chefs) if chef.pk not in closed]
    assert [chef.pk for chef in free()[0:3]] == order[:3]
    assert [chef.pk for chef in free()[3:7]] == order[3:7]
    assert [chef.pk for chef in free()[0:99]] == order
    assert free()[99:120] == []


def test_takes_two_queries_however_many_chefs_there_are(ana, django_assert_num_queries):
    for _n in range(30):
        make_chef(ana)
    with django_assert_num_queries(2):
        assert len(free()[0:13]) == 13


def test_a_day_on_which_nobody_works_asks_no_calendar(django_assert_num_queries):
    make_chef(hours=())
    AvailabilityException.objects.create(chef=make_chef(hours=()), date=DAY)
    make_chef(horizon_days=2)
    make_chef(minimum_notice_minutes=14 * 24 * 60)
    with django_assert_num_queries(1):
        assert free()[0:13] == []
    with django_assert_num_queries(0):
        assert free(on=DAY - timedelta(days=30))[0:13] == []


ZONES = ["Pacific/Kiritimati", "Asia/Seoul", "Europe/Paris", "America/New_York", "Etc/GMT+12"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 9, 11, 12, 14, 23])
def test_leaves_out_nobody_who_is_free(ana, zone, hour):
    now = NOW.replace(hour=hour, minute=30)
    shared = {"timezone": zone, "durations": [1]}
    make_chef(ana, hours=((22, 2),), **shared)
    make_chef(ana, horizon_days=1, **shared)
    make_chef(ana, minimum_notice_minutes=36 * 60, horizon_days=3, **shared)
    late = make_chef(ana, hours=(), **shared)
    AvailabilityException.objects.create(
        chef=late, date=now.date() + timedelta(days=1), starts=22 * 60, ends=2 * 60
    )
    everybody = Chef.objects.newest_first().with_availability()
    for days in range(-2, 6):
        on = now.date() + timedelta(days=days)
        assert free(now=now, on=on)[0:99] == chefs_free_on(everybody, on, now=now)


def test_a_day_that_is_over_where_all_chefs_are_asks_for_none(ana, django_assert_num_queries):
    for _n in range(3):
        make_chef(ana, timezone="Asia/Seoul")
    evening = datetime(2027, 3, 6, 15, tzinfo=UTC)  # midnight in Seoul
    with django_assert_num_queries(1):  # which zones there are
        assert free(now=evening)[0:13] == []
    make_chef(ana, timezone="America/New_York")
    with django_assert_num_queries(3):
        assert [chef.timezone for chef in free(now=evening)[0:13]] == ["America/New_York"]
