"""What happens is told of where it happens: to those that it concerns, as the API shows it."""

from datetime import timedelta

import pytest

from bookings.services.deciding import (
    cancel_booking,
    complete_booking,
    confirm_booking,
    decline_booking,
)
from bookings.services.requesting import BookingRequest, request_booking
from softfactory.accounts.models import WebhookEvent
from softfactory.accounts.services.emitting import event_types
from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.kernel.registry import told
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.refunding import request_refund, settle_refund
from subscriptions.services import stopping
from subscriptions.services.paying import settle_payments_of
from subscriptions.services.subscribing import subscribe
from tests.makers import HAPPENED, make_endpoint, make_payment, make_product, noon_utc

TYPES = [
    "booking.cancelled",
    "booking.completed",
    "booking.confirmed",
    "booking.created",
    "booking.declined",
    "booking.expired",
    "booking.no_show",
    "booking.rescheduled",
    "invoice.issued",
    "invoice.paid",
    "payment.failed",
    "payment.succeeded",
    "post.failed",
    "post.published",
    "refund.succeeded",
    "subscription.cancelled",
    "subscription.created",
    "subscription.updated",
]


def listen(*users):
    for user in users:
        make_endpoint(user, types=event_types())


def heard(user):
    """The types of what a user's servers are told, in order."""
    rows = WebhookEvent.objects.filter(owner=user).order_by("pk")
    return list(rows.values_list("type", flat=True))


def last(user):
    return WebhookEvent.objects.filter(owner=user).latest("pk").content


def test_these_events_there_are():
    assert [kind for kind in event_types() if kind != HAPPENED] == TYPES


@pytest.fixture
def booking(ana, ben, chef):
    listen(ana, ben)
    request = BookingRequest(chef_id=chef.pk, starts_at=noon_utc())
    return request_booking(customer=ana, request=request, now=clock.now())


def test_both_sides_hear_of_a_booking(api, booking, ana, ben):
    now = clock.now()
    confirm_booking(booking=booking, by=ben, now=now)
    done = booking.ends_at + timedelta(hours=1)
    complete_booking(booking=booking, by=ben, now=done)

    for user in (ana, ben):
        assert heard(user) == ["booking.created", "booking.confirmed", "booking.completed"]
    assert last(ana) == api(ana).get(f"/api/coocook/bookings/{booking.pk}").json()


def test_both_hear_of_one_that_comes_to_nothing(booking, ana, ben, chef):
    decline_booking(booking=booking, by=ben, now=clock.now())
    request = BookingRequest(chef_id=chef.pk, starts_at=noon_utc())
    other = request_booking(customer=ana, request=request, now=clock.now())
    cancel_booking(booking=other, by=ana, now=clock.now())

    kinds = ["booking.created", "booking.declined", "booking.created", "booking.cancelled"]
    assert heard(ana) == heard(ben) == kinds


def test_a_hold_is_told_of_when_it_is_taken_up(ana, ben, chef):
    listen(ana, ben)
    requests = [
        BookingRequest(chef_id=chef.pk, starts_at=noon_utc(days), hold=True) for days in (7, 8)
    ]
    let_go, taken_up = (
        request_booking(customer=ana, request=request, now=clock.now()) for request in requests
    )
    cancel_booking(booking=let_go, by=ana, now=clock.now())
    assert heard(ben) == []

    confirm_booking(booking=taken_up, by=ana, now=clock.now())
    assert heard(ana) == heard(ben) == ["booking.created"]
    assert last(ben)["status"] == "pending"


def test_a_payment_and_its_refund(ana):
    listen(ana)
    payment = make_payment(ana, card="card_ok")
    now = clock.now()
    refund = request_refund(
        payment=payment, amount=Money(100), reason="Cold soup", key="1", now=now
    )
    settle_refund(refund.pk, now=now)
    make_payment(ana, card="card_declined")

    assert heard(ana) == ["payment.succeeded", "refund.succeeded", "payment.failed"]
    contents = WebhookEvent.objects.order_by("pk").values_list("content", flat=True)
    assert [content["state"] for content in contents] == ["succeeded", "succeeded", "failed"]
    assert all("action" not in content for content in contents)
    assert contents[1]["payment_id"] == payment.pk
    assert contents[1]["amount"] == {"amount": 100, "currency": "KRW"}


def test_a_subscription_and_its_invoices(api, ana):
    listen(ana)
    add_card(user=ana, token="card_ok", now=clock.now())
    plan = make_product().plans.get(interval="month")
    subscription = subscribe(user=ana, plan_id=plan.pk, now=clock.now())
    settle_payments_of(subscription, now=clock.now())

    began = ["invoice.issued", "subscription.created", "payment.succeeded", "invoice.paid"]
    assert heard(ana) == [*began, "subscription.updated"]
    shown = api(ana).get(f"/api/platform/subscriptions/{subscription.pk}").json()
    assert last(ana) == shown
    stopping.pause(subscription=subscription, now=clock.now())
    stopping.resume(subscription=subscription, now=clock.now())
    stopping.cancel(subscription=subscription, at_once=False, now=clock.now())
    stopping.cancel(subscription=subscription, at_once=True, now=clock.now())
    updated = ["subscription.updated"] * 3
    assert heard(ana)[5:] == [*updated, "subscription.cancelled"]


def test_nothing_secret_is_told(ana, booking):
    make_payment(ana, card="card_ok")
    subscribe(user=ana, plan_id=make_product().plans.get(interval="month").pk, now=clock.now())

    words = {word for content in contents_of(ana) for word in keys_of(content)}
    assert not {word for word in words if "secret" in word or "token" in word or "key" in word}


def contents_of(user):
    return WebhookEvent.objects.filter(owner=user).values_list("content", flat=True)


def keys_of(content):
    """Every name in it, however deep."""
    if isinstance(content, dict):
        for key, inner in content.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from keys_of(inner)


def test_every_type_can_be_told():
    assert all(callable(tell) for _kind, tell in told.items())
