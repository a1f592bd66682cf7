"""A hold as its customer sees it: how long it lasts, longer while they pay, and how it ended."""

from datetime import timedelta

import pytest

from bookings import invariants
from bookings.models import Booking, Occupancy
from bookings.services.paying import begin_payment
from bookings.services.sweeping import expire_bookings
from softfactory.kernel import clock
from softfactory.payments.services.cards import add_card
from tests.makers import make_booking, make_hold, make_policy, noon_utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold(ana, chef):
    """Ana's hold of Ben's chef, who is paid here: for five minutes more."""
    make_policy(chef)
    add_card(user=ana, token="card_authenticate", now=clock.now())
    return make_hold(chef, ana)


def left(hold, now):
    return Booking.objects.get(pk=hold.pk).expires_at - now


def begin(hold, now):
    begin_payment(booking=hold, by=hold.customer, now=now)


def test_it_lasts_while_its_customer_pays(hold):
    now = clock.now()
    begin(hold, now)

    assert left(hold, now) == timedelta(minutes=10)
    [releases_at] = set(Occupancy.objects.values_list("releases_at", flat=True))
    assert releases_at == now + timedelta(minutes=10)
    assert expire_bookings(now + timedelta(minutes=9)) == 0
    assert invariants.count_wrong_occupancy() == 0


def test_it_lasts_for_half_an_hour_in_all(hold):
    Booking.objects.update(created_at=clock.now() - timedelta(minutes=24))
    now = clock.now()
    begin(hold, now)
    assert timedelta(minutes=5) < left(hold, now) <= timedelta(minutes=6)


def test_an_attempt_that_is_under_way_prolongs_nothing(hold):
    begin(hold, clock.now())
    later = clock.now() + timedelta(minutes=5)
    begin(hold, later)
    assert left(hold, later) < timedelta(minutes=6)


def test_a_longer_hold_is_not_cut(hold):
    until = clock.now() + timedelta(hours=2)
    Booking.objects.update(expires_at=until)
    begin(hold, clock.now())
    assert Booking.objects.get().expires_at == until


def page(browse, user, booking):
    return browse(user).get(f"/coocook/bookings/{booking.pk}")


def test_the_pages_count_down_and_say_what_comes_after(browse, ana, hold):
    for text in (
        page(browse, ana, hold).text,
        browse(ana).get(f"/coocook/bookings/{hold.pk}/pay").text,
    ):
        assert "data-countdown" in text
        assert "free for others, and nothing is charged" in text


@pytest.mark.parametrize("is_swept", [False, True])
def test_one_that_ended_says_so_and_leads_to_the_same_time(browse, ana, ben, hold, is_swept):
    ended = clock.now() - timedelta(minutes=1)
    Booking.objects.update(expires_at=ended)
    Occupancy.objects.update(releases_at=ended)
    if is_swept:
        expire_bookings(clock.now())
    shown = page(browse, ana, hold)
    assert "The time was held for you and is free for others again." in shown.text
    assert "The hold ended" in shown.text
    start = f"/coocook/chefs/{hold.chef_id}/book?starts_at="
    assert start in shown.text
    link = next(part for part in shown.text.split('"') if part.startswith(start))
    form = browse(ana).get(link.replace("&amp;", "&"))
    assert form.context["starts_at"] == hold.starts_at
    assert "book?starts_at" not in page(browse, ben, hold).text


def test_a_request_without_an_answer_was_no_hold(browse, ana, chef):
    booking = make_booking(chef, ana, starts_at=noon_utc(-1))
    expire_bookings(clock.now())
    text = page(browse, ana, booking).text
    assert "Nobody answered in time" in text
    assert "Book it again" not in text
