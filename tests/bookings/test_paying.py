"""Bookings of a chef who is paid here: the card is asked, and what becomes of the money."""

from datetime import timedelta

import pytest

from bookings import invariants
from bookings.models import Booking, Occupancy
from bookings.services.cancelling import preview_cancellation
from bookings.services.deciding import (
    cancel_booking,
    complete_booking,
    confirm_booking,
    decline_booking,
    edit_booking,
)
from bookings.services.earning import payable, record_payout
from bookings.services.paying import (
    begin_payment,
    charge_balances,
    conclude,
    settle_payments_of,
)
from bookings.services.requesting import BookingRequest, request_booking, request_bookings
from bookings.services.sweeping import expire_bookings
from bookings.tasks import tell_of_failed_payment
from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.payments.models import LedgerEntry, Payment, Refund
from softfactory.payments.services import ledger
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.refunding import request_refund, settle_due_refunds
from softfactory.payments.services.settling import settle_due_payments
from tests.makers import make_chef, make_policy, noon_utc

# Two hours and two guests of make_chef().
TOTAL, DEPOSIT = 260_000, 78_000


@pytest.fixture
def paid_chef(ben):
    chef = make_chef(ben)
    make_policy(chef)
    return chef


@pytest.fixture
def card(ana):
    return add_card(user=ana, token="card_ok", now=clock.now())


def ask_for(chef, customer, *, days=14, **overrides):
    request = BookingRequest(chef_id=chef.pk, starts_at=noon_utc(days), guests=2, **overrides)
    return request_booking(customer=customer, request=request, now=clock.now())


def book(chef, customer, **overrides):
    booking = ask_for(chef, customer, **overrides)
    conclude([booking], now=clock.now())
    return again(booking)


def again(booking):
    return Booking.objects.with_parties().get(pk=booking.pk)


def settle(now=None):
    """Carry out all that is wished of gateways, by default whenever it is due."""
    due = [*Payment.objects.values_list("due_at"), *Refund.objects.values_list("due_at")]
    now = now or max((at for (at,) in due if at), default=clock.now())
    while settle_due_payments(now=now, at_once=100) + settle_due_refunds(now=now, at_once=100):
        pass


def confirmed(chef, customer, **overrides):
    booking = confirm_booking(
        booking=book(chef, customer, **overrides), by=chef.owner, now=clock.now()
    )
    settle()
    return again(booking)


def taken(booking):
    """What lies on the booking's account."""
    return -ledger.balance(f"booking:{booking.pk}", "KRW").amount


def earned(chef):
    [total] = payable(chef)
    return total.amount


@pytest.fixture(autouse=True)
def nothing_is_wrong(db):
    """Whatever a test does, the books are right in the end."""
    yield
    settle()
    assert invariants.count_wrong_payments() == 0


def test_a_deposit_is_held_when_booking(ana, paid_chef, card):
    booking = book(paid_chef, ana)
    assert (booking.status, booking.payment_status) == ("pending", "held")
    payment = Payment.objects.get()
    assert (payment.state, payment.amount, payment.captured_amount) == ("authorized", DEPOSIT, 0)
    assert booking.expires_at is None
    assert set(booking.occupancy.values_list("releases_at", flat=True)) == {None}


def test_it_is_taken_when_the_chef_confirms(ana, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    assert (booking.status, booking.payment_status) == ("confirmed", "part_paid")
    assert taken(booking) == DEPOSIT


def test_an_instant_booking_is_confirmed_and_paid(ana, paid_chef, card):
    type(paid_chef).objects.filter(pk=paid_chef.pk).update(instant_booking=True)
    booking = book(paid_chef, ana)
    assert (booking.status, booking.payment_status) == ("confirmed", "held")
    settle()
    assert again(booking).payment_status == "part_paid"


def test_the_whole_price_may_be_held(ana, ben, card):
    chef = make_chef(ben)
    make_policy(chef, upfront_percent=100)
    booking = confirmed(chef, ana)
    assert booking.payment_status == "paid"
    assert booking.balance_at is None
    assert taken(booking) == TOTAL


def test_without_a_card_nothing_is_booked(ana, paid_chef):
    with pytest.raises(DomainError) as caught:
        ask_for(paid_chef, ana)
    assert caught.value.code == "card_missing"
    assert not Booking.objects.exists()
    assert not Occupancy.objects.exists()


def test_a_declined_card_frees_the_time(ana, paid_chef):
    add_card(user=ana, token="card_declined", now=clock.now())
    booking = ask_for(paid_chef, ana)
    with pytest.raises(DomainError) as caught:
        conclude([booking], now=clock.now())
    assert caught.value.code == "card_declined"
    assert again(booking).status == "cancelled"
    assert not Occupancy.objects.exists()


def test_several_are_paid_or_none(ana, paid_chef, card):
    requests = [
        BookingRequest(chef_id=paid_chef.pk, starts_at=noon_utc(days), guests=2) for days in (7, 8)
    ]
    bookings = request_bookings(customer=ana, requests=requests, now=clock.now())
    settle_payments_of(bookings[0], now=clock.now())
    second = Payment.objects.filter(subject_id=bookings[1].pk)
    second.update(state="failed", failure="card_expired", due_at=None)
    with pytest.raises(DomainError) as caught:
        conclude(bookings, now=clock.now())
    assert caught.value.code == "card_expired"
    settle()
    assert {again(booking).status for booking in bookings} == {"cancelled"}
    assert set(Payment.objects.values_list("state", flat=True)) == {"voided", "failed"}


def test_a_chef_who_is_not_paid_here_asks_for_no_card(ana, chef):
    booking = ask_for(chef, ana)
    assert (booking.status, booking.payment_status) == ("pending", "none")
    assert not Payment.objects.exists()


def test_a_hold_is_paid_later(ana, paid_chef, card):
    hold = ask_for(paid_chef, ana, hold=True)
    assert (hold.status, hold.payment_status) == ("held", "due")
    assert not Payment.objects.exists()
    with pytest.raises(Conflict) as caught:
        confirm_booking(booking=hold, by=ana, now=clock.now())
    assert caught.value.code == "payment_required"
    begin_payment(booking=hold, by=ana, now=clock.now())
    begin_payment(booking=hold, by=ana, now=clock.now())
    settle()
    assert again(hold).status == "pending"
    assert Payment.objects.count() == 1


def test_a_hold_that_lapsed_is_not_paid(ana, paid_chef, card):
    hold = ask_for(paid_chef, ana, hold=True)
    with pytest.raises(Conflict) as caught:
        begin_payment(booking=hold, by=ana, now=hold.expires_at)
    assert caught.value.code == "hold_lapsed"


def test_a_payment_that_comes_late_is_let_go_if_the_time_is_taken(ana, cho, paid_chef, card):
    booking = ask_for(paid_chef, ana)
    add_card(user=cho, token="card_ok", now=clock.now())
    late = booking.expires_at + timedelta(seconds=1)
    request = BookingRequest(chef_id=paid_chef.pk, starts_at=booking.starts_at, guests=2)
    other = request_booking(customer=cho, request=request, now=late)
    settle()
    assert again(booking).status == "expired"
    assert again(other).status == "pending"
    assert Payment.objects.get(subject_id=booking.pk).state == "voided"


def test_a_payment_that_comes_late_counts_if_the_time_is_free(ana, paid_chef, card):
    booking = ask_for(paid_chef, ana)
    settle(booking.expires_at + timedelta(seconds=1))
    assert again(booking).status == "pending"


def test_a_hold_that_expires_is_let_go(ana, paid_chef):
    add_card(user=ana, token="card_authenticate", now=clock.now())
    booking = ask_for(paid_chef, ana)
    settle_payments_of(booking, now=clock.now())
    assert Payment.objects.get().state == "requires_action"
    expire_bookings(booking.expires_at)
    settle()
    assert again(booking).status == "expired"
    assert Payment.objects.get().state == "voided"


def test_declining_lets_go_of_the_hold(ana, ben, paid_chef, card):
    booking = decline_booking(booking=book(paid_chef, ana), by=ben, now=clock.now())
    settle()
    assert Payment.objects.get().state == "voided"
    assert again(booking).payment_status == "returned"


def test_the_rest_is_charged_in_time(ana, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    assert charge_balances(booking.balance_at - timedelta(seconds=1)) == 0
    assert charge_balances(booking.balance_at) == 1
    assert charge_balances(booking.balance_at) <= 1
    settle(booking.balance_at)
    assert again(booking).payment_status == "paid"
    assert taken(booking) == TOTAL
    assert charge_balances(booking.balance_at + timedelta(days=1)) == 0


def test_or_after_the_visit(ana, ben, card):
    chef = make_chef(ben)
    make_policy(chef, balance="after", balance_days=0)
    booking = confirmed(chef, ana)
    over = complete_booking(booking=booking, by=ben, now=booking.ends_at)
    settle(booking.ends_at)
    assert again(over).payment_status == "paid"
    assert earned(chef) == TOTAL * 9 // 10


def test_a_charge_that_fails_is_told_and_asked_again_only_by_the_customer(
    ana, paid_chef, card, mailoutbox
):
    booking = confirmed(paid_chef, ana)
    add_card(user=ana, token="card_declined", now=clock.now() + timedelta(seconds=1))
    charge_balances(booking.balance_at)
    settle(booking.balance_at)
    assert again(booking).payment_status == "failed"
    assert charge_balances(booking.balance_at) == 0
    tell_of_failed_payment(booking.pk)
    assert [mail.to for mail in mailoutbox] == [[ana.email]]
    add_card(user=ana, token="card_ok", now=clock.now() + timedelta(seconds=2))
    begin_payment(booking=booking, by=ana, now=booking.balance_at)
    settle(booking.balance_at)
    assert again(booking).payment_status == "paid"
    with pytest.raises(Conflict) as caught:
        begin_payment(booking=booking, by=ana, now=booking.balance_at)
    assert caught.value.code == "nothing_to_pay"


@pytest.mark.parametrize(
    ("days", "kept"), [(11, 0), (10, 0), (9, DEPOSIT), (4, DEPOSIT), (3.9, DEPOSIT)]
)
def test_cancelling_costs_what_was_agreed(ana, paid_chef, card, days, kept):
    booking = confirmed(paid_chef, ana)
    make_policy(paid_chef, tiers=[[1, 0]])  # for others, from now on
    now = booking.starts_at - timedelta(days=days)
    preview = preview_cancellation(booking=booking, by=ana, now=now)
    assert preview == (Money(DEPOSIT), Money(kept), Money(DEPOSIT - kept))
    cancel_booking(booking=booking, by=ana, now=now, refund=preview.refund)
    settle(now)
    booking = again(booking)
    assert booking.kept_amount == kept
    assert booking.payment_status == ("part_paid" if kept else "returned")
    assert sum(Refund.objects.values_list("amount", flat=True)) == DEPOSIT - kept
    assert earned(paid_chef) == kept * 9 // 10
    assert taken(booking) == 0


def test_after_the_last_tier_all_that_was_paid_is_kept(ana, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    charge_balances(booking.balance_at)
    settle(booking.balance_at)
    cancel_booking(booking=booking, by=ana, now=booking.balance_at)
    assert again(booking).kept_amount == TOTAL
    assert not Refund.objects.exists()
    assert earned(paid_chef) == TOTAL * 9 // 10


def test_a_chef_who_cancels_gives_all_back(ana, ben, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    cancel_booking(booking=booking, by=ben, now=booking.starts_at - timedelta(hours=1))
    settle()
    assert taken(booking) == 0
    assert earned(paid_chef) == 0
    assert again(booking).payment_status == "returned"


def test_what_no_chef_accepted_is_given_back_whenever_it_is_cancelled(ana, paid_chef, card):
    booking = book(paid_chef, ana)
    cancel_booking(booking=booking, by=ana, now=booking.starts_at - timedelta(hours=1))
    settle()
    assert Payment.objects.get().state == "voided"


@pytest.mark.parametrize("kept", [0, 30])
def test_cancelling_while_the_hold_is_being_taken(ana, ben, paid_chef, card, kept):
    booking = book(paid_chef, ana)
    confirm_booking(booking=booking, by=ben, now=clock.now())  # the capture is not sent yet
    days = 9 if kept else 11
    cancel_booking(booking=again(booking), by=ana, now=booking.starts_at - timedelta(days=days))
    settle()
    assert taken(booking) == 0
    assert earned(paid_chef) == TOTAL * kept // 100 * 9 // 10


def test_another_refund_than_was_shown_is_refused(ana, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    with pytest.raises(Conflict) as caught:
        cancel_booking(booking=booking, by=ana, now=clock.now(), refund=Money(DEPOSIT - 1))
    assert caught.value.code == "refund_changed"
    assert again(booking).status == "confirmed"


def test_the_price_stays_once_the_card_was_asked(ana, paid_chef, card):
    booking = book(paid_chef, ana)
    with pytest.raises(Conflict) as caught:
        edit_booking(booking=booking, by=ana, versions=None, now=clock.now(), guests=5)
    assert caught.value.code == "already_paid"
    edit_booking(
        booking=booking, by=ana, versions=None, now=clock.now(), special_requests="No nuts."
    )


def test_a_refund_by_staff_is_not_charged_again_and_the_chef_earns_less(ana, ben, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    charge_balances(booking.balance_at)
    settle(booking.balance_at)
    complete_booking(booking=booking, by=ben, now=booking.ends_at)
    assert earned(paid_chef) == TOTAL * 9 // 10
    first = Payment.objects.earliest("pk")
    request_refund(
        payment=first, amount=Money(8_000), reason="Salty", key="staff", now=booking.ends_at
    )
    settle(booking.ends_at)
    assert earned(paid_chef) == (TOTAL - 8_000) * 9 // 10
    assert Payment.objects.count() == 2
    assert taken(booking) == 0


def test_what_is_due_is_paid_out_once(ana, ben, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    complete_booking(booking=booking, by=ben, now=booking.ends_at)
    settle(booking.ends_at)
    due = payable(paid_chef)
    assert record_payout(chef=paid_chef, now=clock.now()) == due
    with pytest.raises(DomainError) as caught:
        record_payout(chef=paid_chef, now=clock.now())
    assert caught.value.code == "nothing_due"
    assert payable(paid_chef) == [Money(0)]
    assert LedgerEntry.objects.filter(credit="bank").count() == 1


def test_what_was_earned_in_another_currency_stays_due(ana, ben, paid_chef, card):
    booking = confirmed(paid_chef, ana)
    complete_booking(booking=booking, by=ben, now=booking.ends_at)
    settle(booking.ends_at)
    type(paid_chef).objects.filter(pk=paid_chef.pk).update(currency="EUR")
    chef = type(paid_chef).objects.get(pk=paid_chef.pk)
    earned_before = Money(TOTAL * 9 // 10)
    assert payable(chef) == [Money(0, "EUR"), earned_before]
    assert record_payout(chef=chef, now=clock.now()) == [earned_before]
    assert payable(chef) == [Money(0, "EUR")]


def test_a_hold_that_the_bank_let_go_of_is_told_when_it_is_confirmed(ana, ben, paid_chef, card):
    booking = book(paid_chef, ana)
    Payment.objects.update(state="voided")  # as after a week at a real bank
    confirm_booking(booking=booking, by=ben, now=clock.now())
    assert again(booking).payment_status == "failed"
    begin_payment(booking=booking, by=ana, now=clock.now())
    settle()
    assert again(booking).payment_status == "part_paid"
