"""Asking for a chef's time: what is written, what is refused, and that refusals leave nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import AvailabilityException, Booking, Chef, Occupancy
from bookings.services import requesting
from bookings.services.refusals import BatchConflict, BatchRefused
from bookings.services.requesting import (
    BookingRequest,
    request_booking,
    request_bookings,
)
from bookings.slots import ticks
from softfactory.accounts.services.emitting import emit
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, DomainError, NotFound
from tests.makers import HAPPENED, make_booking, make_chef, noon_utc


def ask(customer, chef, **overrides):
    values = {"starts_at": noon_utc()} if "booking_date" not in overrides else {}
    request = BookingRequest(**{"chef_id": chef.pk, **values, **overrides})
    return request_booking(customer=customer, request=request, now=clock.now())


def refused(customer, chef, **overrides):
    with pytest.raises(DomainError) as caught:
        ask(customer, chef, **overrides)
    assert not Booking.objects.filter(customer=customer).exists()
    return caught.value


def test_waits_for_the_chef(ana, chef):
    booking = ask(ana, chef)
    assert booking.status == "pending"
    assert booking.expires_at is None


def test_is_confirmed_at_once_with_an_instant_chef(ana):
    booking = ask(ana, make_chef(instant_booking=True))
    assert booking.status == "confirmed"
    assert booking.decided_at is not None


def test_holds_the_time_for_ten_minutes_on_demand(ana, chef):
    booking = ask(ana, chef, hold=True)
    assert booking.status == "held"
    assert booking.expires_at - booking.created_at == timedelta(minutes=10)
    assert set(booking.occupancy.values_list("releases_at", flat=True)) == {booking.expires_at}


def test_the_server_prices_it(ana, chef):
    booking = ask(ana, chef, duration_hours=3, guests=4)
    assert booking.total_amount == 100_000 + 3 * 50_000 + 4 * 30_000
    assert [money.amount for _label, money in booking.price.lines] == [100_000, 150_000, 120_000]


def test_owns_its_quarter_hours_with_buffers(ana):
    chef = make_chef(buffer_before_minutes=30, buffer_after_minutes=45)
    booking = ask(ana, chef)
    wanted = ticks(booking.starts_at, booking.ends_at, 30, 45)
    assert sorted(booking.occupancy.values_list("tick", flat=True)) == list(wanted)
    assert len(wanted) == 2 + 8 + 3


def test_buffers_of_neighbours_add_up(ana, cho):
    chef = make_chef(buffer_before_minutes=30, buffer_after_minutes=30)
    ask(ana, chef)
    assert refused(cho, chef, starts_at=noon_utc() + timedelta(hours=2, minutes=30)).code == (
        "slot_taken"
    )
    assert ask(cho, chef, starts_at=noon_utc() + timedelta(hours=3))


@pytest.mark.parametrize("minutes", [-90, -30, 0, 30, 90])
def test_refuses_an_overlapping_time(ana, cho, chef, minutes):
    ask(ana, chef)
    refusal = refused(cho, chef, starts_at=noon_utc() + timedelta(minutes=minutes))
    assert isinstance(refusal, Conflict)
    assert refusal.code == "slot_taken"


@pytest.mark.parametrize("hours", [-2, 2])
def test_accepts_a_touching_time(ana, cho, chef, hours):
    ask(ana, chef)
    assert ask(cho, chef, starts_at=noon_utc() + timedelta(hours=hours))


def test_takes_over_a_lapsed_hold(ana, cho, chef):
    lapsed = make_booking(chef, cho, status="held", expires_at=clock.now() - timedelta(seconds=1))
    booking = ask(ana, chef, starts_at=lapsed.starts_at + timedelta(minutes=30))
    owners = set(Occupancy.objects.filter(chef=chef).values_list("booking_id", flat=True))
    assert owners == {booking.pk, lapsed.pk}
    assert not lapsed.occupancy.filter(tick__in=ticks(booking.starts_at, booking.ends_at)).exists()


def test_respects_a_running_hold(ana, cho, chef):
    make_booking(chef, cho, status="held", expires_at=clock.now() + timedelta(minutes=9))
    assert refused(ana, chef).code == "slot_taken"


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"duration_hours": 9}, "duration_not_offered"),
        ({"starts_at": datetime(2020, 1, 1, tzinfo=UTC)}, "too_soon"),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)}, "too_soon"),
        ({"starts_at": datetime(9999, 12, 31, tzinfo=UTC)}, "too_far"),
        ({"booking_date": date(2020, 1, 1)}, "too_soon"),
        ({"booking_date": date.min}, "too_soon"),
        ({"booking_date": date.max}, "too_far"),
        ({"starts_at": noon_utc() + timedelta(hours=10)}, "outside_hours"),
        ({"starts_at": noon_utc() + timedelta(hours=8)}, "does_not_fit"),
        ({"starts_at": noon_utc() + timedelta(minutes=15)}, "off_step"),
        ({"starts_at": noon_utc() + timedelta(minutes=7)}, "off_quarter"),
        ({"guests": 21}, "too_many_guests"),
    ],
)
def test_says_why_a_time_is_not_offered(ana, chef, overrides, code):
    refusal = refused(ana, chef, **overrides)
    assert refusal.code == code
    assert refusal.status == 422


def test_refuses_a_closed_day(ana, chef):
    AvailabilityException.objects.create(chef=chef, date=noon_utc().date())
    assert refused(ana, chef).code == "closed"
    assert refused(ana, chef, booking_date=noon_utc().date()).code == "closed"


def test_a_date_means_its_first_free_start(ana, cho, chef):
    day = noon_utc().date()
    first = ask(ana, chef, booking_date=day)
    second = ask(cho, chef, booking_date=day)
    assert first.starts_at == datetime(day.year, day.month, day.day, 0, tzinfo=UTC)
    assert second.starts_at == first.starts_at + timedelta(hours=2)


def test_a_full_day_is_taken(ana, cho):
    chef = make_chef(hours=[(9, 11)])
    ask(ana, chef, booking_date=noon_utc().date())
    assert refused(cho, chef, booking_date=noon_utc().date()).code == "slot_taken"


@pytest.mark.parametrize("overrides", [{"is_active": False}, None])
def test_an_inactive_chef_is_as_absent(ana, overrides):
    chef = make_chef(**overrides) if overrides else Chef(pk=10**12)
    refusal = refused(ana, chef)
    assert isinstance(refusal, NotFound)
    assert refusal.code == "chef_not_found"


def test_takes_four_statements_and_a_savepoint(ana, chef, django_assert_num_queries):
    # Savepoint, chef; then written: booking, occupancy, letters; release of the
    # savepoint, which is a transaction elsewhere. A chef that is kept is not read.
    emit(HAPPENED, 0, to=[ana.pk], now=clock.now())  # who listens is kept too
    with django_assert_num_queries(6):
        ask(ana, chef)


def test_looks_at_what_is_taken_only_if_something_is_in_the_way(ana, cho, chef):
    with CaptureQueriesContext(connection) as queries:
        ask(ana, chef)
        assert refused(cho, chef).code == "slot_taken"

    reads = [query for query in queries if "releases_at <=" in query["sql"]]
    assert len(reads) == 1


def batch(customer, *requests):
    return request_bookings(customer=customer, requests=requests, now=clock.now())


def test_a_batch_books_all_in_order(ana, chef):
    other = make_chef()
    bookings = batch(
        ana,
        BookingRequest(chef_id=other.pk, starts_at=noon_utc()),
        BookingRequest(chef_id=chef.pk, starts_at=noon_utc()),
        BookingRequest(chef_id=chef.pk, booking_date=noon_utc().date()),
    )
    assert [booking.chef_id for booking in bookings] == [other.pk, chef.pk, chef.pk]
    assert Booking.objects.of_customer(ana).count() == 3


def test_a_batch_is_all_or_nothing_and_names_each_error(ana, cho, chef):
    make_booking(chef, cho)
    with pytest.raises(BatchConflict) as caught:
        batch(
            ana,
            BookingRequest(chef_id=chef.pk, starts_at=noon_utc(1)),
            BookingRequest(chef_id=chef.pk, starts_at=noon_utc()),
            BookingRequest(chef_id=10**12, starts_at=noon_utc()),
        )
    assert [(error["field"], error["code"]) for error in caught.value.errors] == [
        ("bookings.1", "slot_taken"),
        ("bookings.2", "chef_not_found"),
    ]
    assert caught.value.status == 409
    assert not Booking.objects.of_customer(ana).exists()


def test_a_batch_does_not_overlap_itself(ana, chef):
    with pytest.raises(BatchRefused) as caught:
        batch(ana, *[BookingRequest(chef_id=chef.pk, starts_at=noon_utc())] * 2)
    assert [error["field"] for error in caught.value.errors] == ["bookings.1"]


def overtaken_once(monkeypatch, meanwhile):
    """Let `meanwhile` happen, and be committed, between the first decision and its writing."""
    decide, times = requesting._decide, []

    def decide_too_early(*args, **kwargs):
        drafts = decide(*args, **kwargs)
        times.append(1)
        if len(times) == 1:
            return [meanwhile(draft) for draft in drafts]
        return drafts

    monkeypatch.setattr(requesting, "_decide", decide_too_early)
    return times


@pytest.mark.django_db(transaction=True)
def test_a_chef_edited_meanwhile_is_decided_on_anew(ana, chef, monkeypatch):
    times = overtaken_once(monkeypatch, lambda draft: draft._replace(chef_version=0))

    assert ask(ana, chef).hours_amount == 100_000
    assert len(times) == 2
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_time_taken_meanwhile_is_decided_on_anew(ana, cho, chef, monkeypatch):
    make_booking(chef, cho, starts_at=noon_utc(8))
    taken = ticks(noon_utc(8), noon_utc(8) + timedelta(hours=2))
    times = overtaken_once(monkeypatch, lambda draft: draft._replace(ticks=taken))

    assert ask(ana, chef).ticks == ticks(noon_utc(), noon_utc() + timedelta(hours=2))
    assert len(times) == 2
    assert Booking.objects.of_customer(ana).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_overtaken_again_and_again_is_told_that_the_time_is_taken(ana, chef, monkeypatch):
    decide = requesting._decide
    monkeypatch.setattr(
        requesting,
        "_decide",
        lambda *args, **kwargs: [d._replace(chef_version=0) for d in decide(*args, **kwargs)],
    )
    assert refused(ana, chef).code == "slot_taken"
