"""What becomes of a booking, by whom, and from which state."""

from datetime import timedelta

import pytest

from bookings.models import Booking, Occupancy
from bookings.services import sweeping
from bookings.services.deciding import (
    cancel_booking,
    complete_booking,
    confirm_booking,
    decline_booking,
    edit_booking,
)
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict, DomainError, Forbidden, PreconditionFailed
from tests.makers import make_booking, make_chef, noon_utc

STATES = list(Booking.Status)


def in_state(chef, customer, status, **overrides):
    if status == "held":
        overrides.setdefault("expires_at", clock.now() + timedelta(minutes=5))
    return make_booking(chef, customer, status=status, **overrides)


def test_the_owner_confirms_a_pending_booking(ana, ben, chef):
    booking = confirm_booking(booking=make_booking(chef, ana), by=ben, now=clock.now())
    assert booking.status == "confirmed"
    assert booking.version == 2
    assert booking.occupancy.count() == 8


def test_declining_frees_the_time(ana, ben, chef):
    booking = decline_booking(booking=make_booking(chef, ana), by=ben, now=clock.now())
    assert booking.status == "declined"
    assert not Occupancy.objects.exists()


@pytest.mark.parametrize("decide", [confirm_booking, decline_booking])
@pytest.mark.parametrize("status", [s for s in STATES if s not in ("pending", "held")])
def test_only_a_pending_booking_is_decided(ana, ben, chef, decide, status):
    booking = in_state(chef, ana, status)
    with pytest.raises(Conflict, match="can't be done any more"):
        decide(booking=booking, by=ben, now=clock.now())
    assert Booking.objects.get().status == status


@pytest.mark.parametrize("decide", [confirm_booking, decline_booking, complete_booking])
def test_the_customer_does_not_decide(ana, chef, decide):
    booking = make_booking(chef, ana)
    with pytest.raises(Forbidden):
        decide(booking=booking, by=ana, now=clock.now())
    assert Booking.objects.get().status == "pending"


def test_the_second_of_two_deciders_is_told(ana, ben, chef):
    booking = make_booking(chef, ana)
    as_seen_by_both = Booking.objects.with_parties().get(pk=booking.pk)
    confirm_booking(booking=booking, by=ben, now=clock.now())
    with pytest.raises(Conflict) as caught:
        decline_booking(booking=as_seen_by_both, by=ben, now=clock.now())
    assert caught.value.code == "wrong_state"
    assert "Confirmed" in caught.value.message


@pytest.mark.parametrize("status", ["held", "pending", "confirmed"])
@pytest.mark.parametrize("who", ["ana", "ben"])
def test_both_sides_can_cancel_what_is_ahead(request, ana, chef, status, who):
    by = request.getfixturevalue(who)
    booking = cancel_booking(booking=in_state(chef, ana, status), by=by, now=clock.now())
    assert booking.status == "cancelled"
    assert not Occupancy.objects.exists()


def test_nobody_else_cancels(ana, cho, chef):
    with pytest.raises(Forbidden):
        cancel_booking(booking=make_booking(chef, ana), by=cho, now=clock.now())


def test_what_has_begun_is_not_cancelled(ana, chef):
    booking = make_booking(chef, ana, starts_at=noon_utc(-1), status="confirmed")
    with pytest.raises(Conflict):
        cancel_booking(booking=booking, by=ana, now=clock.now())


def test_a_confirmed_booking_is_completed_once_over(ana, ben, chef):
    over = make_booking(chef, ana, starts_at=noon_utc(-1), status="confirmed")
    assert complete_booking(booking=over, by=ben, now=clock.now()).status == "completed"
    ahead = make_booking(chef, ana, status="confirmed")
    with pytest.raises(DomainError) as caught:
        complete_booking(booking=ahead, by=ben, now=clock.now())
    assert caught.value.code == "not_over"


@pytest.mark.parametrize(("instant", "status"), [(False, "pending"), (True, "confirmed")])
def test_the_customer_takes_up_a_hold(ana, instant, status):
    hold = in_state(make_chef(instant_booking=instant), ana, "held")
    booking = confirm_booking(booking=hold, by=ana, now=clock.now())
    assert booking.status == status
    assert booking.expires_at is None
    assert set(booking.occupancy.values_list("releases_at", flat=True)) == {None}


def test_a_lapsed_hold_is_not_taken_up(ana, chef):
    hold = in_state(chef, ana, "held", expires_at=clock.now())
    with pytest.raises(Conflict) as caught:
        confirm_booking(booking=hold, by=ana, now=clock.now())
    assert caught.value.code == "hold_lapsed"
    assert Booking.objects.get().status == "held"


def test_a_hold_whose_time_was_taken_over_is_not_taken_up_by_a_late_clock(ana, chef):
    hold = in_state(chef, ana, "held")
    hold.occupancy.filter(tick=hold.occupancy.first().tick).delete()
    with pytest.raises(Conflict) as caught:
        confirm_booking(booking=hold, by=ana, now=clock.now())
    assert caught.value.code == "hold_lapsed"
    assert Booking.objects.get().status == "held"
    assert None not in hold.occupancy.values_list("releases_at", flat=True)


def test_the_customer_edits_requests_and_guests(ana, chef):
    booking = make_booking(chef, ana, guests=2)
    edited = edit_booking(
        booking=booking,
        by=ana,
        versions={1},
        now=clock.now(),
        guests=3,
        special_requests="No peanuts.",
    )
    assert (edited.guests, edited.special_requests, edited.version) == (3, "No peanuts.", 2)
    assert edited.total_amount == booking.total_amount + 30_000


def test_guests_stand_once_confirmed(ana, chef):
    booking = make_booking(chef, ana, status="confirmed")
    with pytest.raises(Conflict):
        edit_booking(booking=booking, by=ana, versions=None, now=clock.now(), guests=3)
    assert edit_booking(
        booking=booking, by=ana, versions=None, now=clock.now(), special_requests="Shoes off."
    )


def test_a_stale_edit_is_refused(ana, chef):
    booking = make_booking(chef, ana)
    with pytest.raises(PreconditionFailed):
        edit_booking(booking=booking, by=ana, versions={7}, now=clock.now(), guests=3)
    assert Booking.objects.get().guests == 2


def test_the_clock_expires_holds_and_unanswered_requests(ana, chef):
    now = clock.now()
    lapsed = in_state(chef, ana, "held", expires_at=now - timedelta(seconds=1))
    running = in_state(chef, ana, "held", starts_at=noon_utc(8))
    missed = make_booking(chef, ana, starts_at=noon_utc(-1))
    assert sweeping.expire_bookings(now) == 2
    assert sweeping.expire_bookings(now) == 0
    states = dict(Booking.objects.values_list("pk", "status"))
    assert states == {lapsed.pk: "expired", missed.pk: "expired", running.pk: "held"}
    assert set(Occupancy.objects.values_list("booking_id", flat=True)) == {running.pk}


def test_the_past_is_forgotten(ana, chef):
    make_booking(chef, ana, starts_at=noon_utc(-3), status="confirmed")
    ahead = make_booking(chef, ana, status="confirmed")
    assert sweeping.forget_past_occupancy(clock.now()) == 8
    assert set(Occupancy.objects.values_list("booking_id", flat=True)) == {ahead.pk}
