"""Chefs who take so many bookings a day: what is offered, what can be booked, and what is said."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Chef
from bookings.services.calendar import chefs_free_on, explained_slots, free_slots, next_free
from bookings.services.holding import take_up_paid
from bookings.services.refusals import BatchConflict
from bookings.services.requesting import BookingRequest, request_booking, request_bookings
from bookings.services.rescheduling import NewTime, reschedule_booking
from bookings.slots import Reason
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict
from tests.bookings.answers import ANY_VERSION, problem
from tests.hostile.conftest import AVAILABILITY
from tests.makers import make_booking, make_chef, noon_utc

pytestmark = pytest.mark.django_db

DAY = noon_utc().date()  # Seoul's date too: its noon is 3:00 UTC


@pytest.fixture
def busy(ben, ana):
    """A chef who takes two bookings a day, and has one of a day, at noon."""
    chef = make_chef(ben, bookings_per_day=2)
    make_booking(chef, ana)
    return chef


def ask(customer, chef, starts_at, **overrides):
    request = BookingRequest(chef_id=chef.pk, starts_at=starts_at, **overrides)
    return request_booking(customer=customer, request=request, now=clock.now())


def loaded(chef):
    return Chef.objects.with_availability().get(pk=chef.pk)


def slots_of(chef, first=DAY, last=DAY):
    days = {"first": first, "last": last, "hours": 2}
    return free_slots(chef=loaded(chef), **days, now=clock.now())


def test_the_last_place_of_a_day_is_the_last(busy, ana):
    evening = noon_utc() + timedelta(hours=6)
    ask(ana, busy, evening)

    with pytest.raises(Conflict, match="as many bookings as one day takes") as caught:
        ask(ana, busy, noon_utc() - timedelta(hours=3))
    assert caught.value.code == "day_full"
    ask(ana, busy, noon_utc(8))  # another day has places


def test_a_full_day_offers_nothing_and_says_why(busy, ana):
    assert slots_of(busy)
    make_booking(busy, ana, starts_at=noon_utc() + timedelta(hours=6))

    assert slots_of(busy) == []
    assert slots_of(busy, DAY + timedelta(days=1), DAY + timedelta(days=1))
    _free, refused = explained_slots(
        chef=loaded(busy), first=DAY, last=DAY, hours=2, now=clock.now()
    )
    reasons = {row.local.hour: row.reason for row in refused}
    assert reasons[10] == reasons[15] == Reason.DAY_FULL
    assert reasons[3] == Reason.OUTSIDE_HOURS


def test_what_is_over_or_called_off_leaves_its_place(busy, ana):
    second = make_booking(busy, ana, starts_at=noon_utc() + timedelta(hours=6), status="declined")
    assert second.status == "declined"
    assert slots_of(busy)


def test_lists_and_next_free_times_know_it(busy, ana):
    make_booking(busy, ana, starts_at=noon_utc() + timedelta(hours=6))
    other = make_chef()
    chefs = [loaded(busy), loaded(other)]

    assert chefs_free_on(chefs, DAY, now=clock.now()) == [chefs[1]]
    one = Chef.objects.filter(pk=busy.pk)
    one.update(minimum_notice_minutes=6 * 24 * 60 + 12 * 60)
    found = next_free(chefs=[loaded(busy)], now=clock.now())[busy.pk]
    assert found is None or found.local.date() != DAY


def test_free_times_take_one_query_still(busy):
    chef = loaded(busy)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        free_slots(chef=chef, first=DAY, last=DAY + timedelta(days=30), hours=2, now=clock.now())
    assert len(queries) == 1


def test_a_batch_counts_its_own(ana):
    chef = make_chef(bookings_per_day=2)
    wanted = [
        BookingRequest(chef_id=chef.pk, starts_at=noon_utc() + timedelta(hours=3 * n))
        for n in (0, 1, 2)
    ]
    with pytest.raises(BatchConflict) as caught:
        request_bookings(customer=ana, requests=wanted, now=clock.now())
    assert [error["field"] for error in caught.value.errors] == ["bookings.2"]
    assert request_bookings(customer=ana, requests=wanted[:2], now=clock.now())


def test_a_date_goes_by_the_chefs_clock(ana):
    """18:00 UTC is the next day in Seoul."""
    chef = make_chef(hours=((0, 24),), bookings_per_day=1)
    late = noon_utc() + timedelta(hours=15)
    ask(ana, chef, late)
    ask(ana, chef, noon_utc())
    with pytest.raises(Conflict):
        ask(ana, chef, late + timedelta(hours=3))


def test_a_hold_that_was_paid_for_too_late_has_no_place(busy, ana, cho):
    now = clock.now()
    evening = noon_utc() + timedelta(hours=6)
    held = make_booking(
        busy, cho, starts_at=evening, status="held", expires_at=now - timedelta(seconds=1)
    )
    ask(ana, busy, noon_utc() - timedelta(hours=3))

    take_up_paid(Booking.objects.with_parties().get(pk=held.pk), now=now)
    assert Booking.objects.get(pk=held.pk).status == "expired"


def test_a_booking_moves_within_its_day_and_not_to_a_full_one(busy, ana):
    moved = make_booking(busy, ana, starts_at=noon_utc() + timedelta(hours=6))
    other = make_booking(busy, ana, starts_at=noon_utc(8))

    def move(booking, starts_at):
        to = NewTime(starts_at)
        return reschedule_booking(booking=booking, by=ana, to=to, now=clock.now())

    assert move(moved, noon_utc() + timedelta(hours=3)).status == "pending"
    with pytest.raises(Conflict) as caught:
        move(other, noon_utc() + timedelta(hours=6))
    assert caught.value.code == "day_full"


def test_it_is_a_part_of_the_availability(api, ben, busy):
    client, path = api(ben), f"/api/coocook/chefs/{busy.pk}/availability"
    assert client.get(path).json()["bookings_per_day"] == 2

    document = AVAILABILITY | {"bookings_per_day": 3}
    assert client.put(path, document, headers=ANY_VERSION).json()["bookings_per_day"] == 3
    assert client.put(path, AVAILABILITY, headers=ANY_VERSION).json()["bookings_per_day"] is None
    answer = client.put(path, AVAILABILITY | {"bookings_per_day": 0}, headers=ANY_VERSION)
    assert problem(answer) == (400, "invalid")


def test_the_api_answers_409(api, ana, busy):
    make_booking(busy, starts_at=noon_utc() + timedelta(hours=6))
    wish = {"chef_id": busy.pk, "booking_date": DAY.isoformat()}
    assert problem(api(ana).post("/api/coocook/bookings", wish)) == (409, "day_full")
