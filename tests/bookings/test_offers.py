"""Offers of chefs that are kept in the process: a booking is decided on what holds now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import AvailabilityRule, Booking, Chef
from bookings.services.offers import forget_offers, offers_of
from bookings.services.requesting import BookingRequest, request_booking
from softfactory.kernel import clock
from softfactory.kernel.db import router
from softfactory.kernel.money import Money
from softfactory.kernel.problems import DomainError, NotFound
from tests.makers import make_chef, make_user, noon_utc

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chef():
    """A chef whose offer is kept."""
    chef = make_chef(session_rate_amount=0, hourly_rate_amount=1000, price_per_guest_amount=0)
    offers_of({chef.pk})
    return chef


def book(chef, days=7):
    request = BookingRequest(chef_id=chef.pk, starts_at=noon_utc(days))
    return request_booking(customer=make_user(), request=request, now=clock.now())


def test_an_offer_is_read_from_where_its_number_is(chef):
    forget_offers({chef.pk})
    with router._reading_from_replica():  # there is none: to ask it would be an error
        assert offers_of({chef.pk})[chef.pk].chef.name == chef.name


def test_an_id_beyond_all_chefs_is_nobodys():
    assert offers_of({10**30}) == {}


def test_an_offer_that_is_kept_is_not_read(chef):
    with CaptureQueriesContext(connection) as queries:
        assert offers_of({chef.pk})[chef.pk].chef.name == chef.name

    assert not any("bookings_chef" in query["sql"] for query in queries)


def test_a_new_price_counts_at_once(chef):
    Chef.objects.filter(pk=chef.pk).update(hourly_rate_amount=5000)

    assert book(chef).total_price == Money(10_000)


def test_a_chef_who_takes_no_bookings_any_more_is_absent(chef):
    Chef.objects.filter(pk=chef.pk).update(is_active=False)

    with pytest.raises(NotFound):
        book(chef)


def test_new_hours_count_at_once(chef):
    AvailabilityRule.objects.filter(chef=chef).delete()

    with pytest.raises(DomainError):
        book(chef)


def test_a_booking_leaves_the_offer_kept(chef):
    book(chef)

    with CaptureQueriesContext(connection) as queries:
        book(chef, days=8)
    assert not any("availability" in query["sql"] for query in queries)


def test_an_offer_that_should_have_been_forgotten_is_read_anew(chef, monkeypatch):
    """As it may be where Redis was restored from an old copy."""
    monkeypatch.setattr("softfactory.kernel.db.generations.still", lambda *args: True)
    Chef.objects.filter(pk=chef.pk).update(hourly_rate_amount=7000)

    assert book(chef).total_price == Money(14_000)
    assert Booking.objects.count() == 1
