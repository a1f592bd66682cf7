"""Stripe's webhook: signed or refused, each event once, in any order, and never believed."""

import hashlib
import hmac
import json

import pytest
import time_machine
from django.urls import reverse

from softfactory.payments.models import GatewayEvent, Payment
from softfactory.payments.services.settling import settle_payment
from tests.payments.conftest import NOW

SECRET = "whsec_of_tests"


@pytest.fixture(autouse=True)
def _secrets(settings, db):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    with time_machine.travel(NOW, tick=False):
        yield


def event(event_id="evt_1", kind="payment_intent.succeeded", **about):
    intent = {"object": "payment_intent", "id": "pi_1", "metadata": {}} | about
    return json.dumps({"id": event_id, "type": kind, "data": {"object": intent}}).encode()


def signed(body, *, secret=SECRET, at=None):
    at = int(NOW.timestamp()) if at is None else at
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1=0000,v1={digest},v0=ignored"


@pytest.fixture
def send(api):
    def post(body, signature=None):
        return api().post(
            reverse("api:stripe"),
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signed(body) if signature is None else signature},
        )

    return post


def test_an_event_is_taken_once(send):
    assert send(event()).json() == {"received": True, "duplicate": False}
    assert send(event()).json() == {"received": True, "duplicate": True}

    assert GatewayEvent.objects.count() == 1


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_tolerated(send, seconds):
    body = event()

    assert send(body, signed(body, at=int(NOW.timestamp()) + seconds)).status_code == 200


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=1",
        "v1=abc",
        "t=x,v1=abc",
        "t=²,v1=abc",
        signed(event(), secret="another"),
        signed(event(), at=int(NOW.timestamp()) - 301),
        signed(event(), at=int(NOW.timestamp()) + 301),
        signed(event("evt_2")),
        signed(event()).replace("t=", "t=1,t="),
    ],
)
def test_a_bad_signature_is_refused(send, signature):
    answer = send(event(), signature)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_signature")
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"id": 1}', event(event_id=""), event("e" * 61)])
def test_what_is_no_event_is_refused(send, body):
    assert send(body).json()["code"] == "no_event"


def test_without_a_secret_nothing_is_taken(send, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []

    assert send(event(), signed(event(), secret="")).status_code == 400


def test_an_event_has_its_payment_looked_at(send, pay):
    payment = settle_payment(pay().pk, now=NOW)
    Payment.objects.update(gateway="stripe", reference="pi_1")

    send(event(kind="payment_intent.payment_failed"))

    payment.refresh_from_db()
    assert payment.state == "succeeded"  # what it says is not believed
    assert payment.due_at == NOW
    assert GatewayEvent.objects.get().payment == payment


def test_a_payment_whose_name_we_never_heard_is_found_by_our_own(send, pay):
    payment = pay(card="card_slow")
    Payment.objects.update(gateway="stripe", state="unknown", due_at=None)

    send(event(id="pi_unheard", metadata={"key": payment.key}))

    payment.refresh_from_db()
    assert payment.due_at == NOW


@pytest.mark.parametrize("key", ["payment-1", "payment-x-1", "payment-1-2020", "-", "payment-²-1"])
def test_a_name_that_is_not_ours_finds_nothing(send, pay, key):
    pay()
    Payment.objects.update(gateway="stripe")

    assert send(event(metadata={"key": key})).status_code == 200
    assert GatewayEvent.objects.get().payment is None


def test_events_about_charges_and_refunds_name_their_payment(send, pay):
    payment = settle_payment(pay().pk, now=NOW)
    Payment.objects.update(gateway="stripe", reference="pi_7")

    send(event(object="charge", id="ch_1", payment_intent="pi_7"))
    send(event("evt_2", object="refund", id="re_1", payment_intent={"id": "pi_7"}))
    send(event("evt_3", object="customer", id="cus_1"))

    found = GatewayEvent.objects.order_by("event_id").values_list("payment", flat=True)
    assert list(found) == [payment.pk, payment.pk, None]
