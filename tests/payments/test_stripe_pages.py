"""Pages on which Stripe.js runs: what the server gives to the browser, and takes from it.

The gateway is a stand-in here; what it stands for runs against localstripe in tests/peers.
"""

import pytest
from django.urls import reverse

from softfactory.kernel.money import Money
from softfactory.payments.gateways.protocol import NewCard, Outcome, Refused, TimedOut
from softfactory.payments.models import Card, Payment, Subject
from softfactory.payments.services.charging import request_payment
from softfactory.payments.services.settling import settle_payment
from tests.makers import ORDER
from tests.payments.conftest import NOW

CARDS, PREPARE = "/payments/cards", "/payments/cards/prepare"
ATTEMPT = "0123456789abcdef"
SECRET = "seti_1_secret_2"


class StandIn:
    """Stripe, as far as the pages go."""

    def __init__(self):
        self.prepared, self.outcome = [], Outcome("succeeded", "pi_1", captured=9_900)

    def prepare_card(self, *, owner, customer, key):
        self.prepared.append((owner, customer, key))
        return SECRET

    def add_card(self, token, *, owner, customer, key):
        if token == "seti_declined":
            raise Refused("card_declined")
        return NewCard(f"pm_{token}", customer or "cus_1", "visa", "4242", 12, 2049)

    def charge(self, order):
        action = {"type": "stripe", "client_secret": "pi_1_secret_3"}
        return Outcome("requires_action", "pi_1", action=action)

    def find(self, order):
        return self.outcome


@pytest.fixture
def stripe(settings, monkeypatch):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test_1", "pk_test_1"
    gateway = StandIn()
    for module in ("cards", "settling", "refunding"):
        path = f"softfactory.payments.services.{module}.gateway_of"
        monkeypatch.setattr(path, lambda _name: gateway)
    return gateway


@pytest.fixture
def waiting(stripe, browse, ana):
    """A payment of Ana's that her bank wants to hear of."""
    browse(ana).post(CARDS, {"token": "seti_1"})
    payment = request_payment(
        user=ana, amount=Money(9_900), subject=Subject(ORDER, 1), attempt=1, now=NOW
    )
    return settle_payment(payment.pk, now=NOW)


def sources(page, directive):
    policy = page.headers["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    return rules.get(directive, "").split()


def test_stripe_may_run_on_its_pages_and_on_no_other(stripe, browse, ana):
    browser = browse(ana)
    page = browser.get(CARDS)

    assert "https://js.stripe.com" in sources(page, "script-src")
    assert "https://hooks.stripe.com" in sources(page, "frame-src")
    assert "https://api.stripe.com" in sources(page, "connect-src")
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert 'data-key="pk_test_1"' in page.text
    for address in ("/account", "/subscriptions", f"{CARDS}/1/remove"):
        assert "stripe.com" not in browser.get(address).headers["Content-Security-Policy"]


def test_without_stripe_nothing_of_it_is_there(browse, ana):
    page = browse(ana).get(CARDS)

    assert "stripe" not in page.headers["Content-Security-Policy"]
    assert "js.stripe.com" not in page.text
    assert browse(ana).post(PREPARE, {"attempt": ATTEMPT}).status_code == 404


def test_each_try_of_a_page_prepares_the_same(stripe, browse, ana):
    browser = browse(ana)
    for _ in range(2):
        assert browser.post(PREPARE, {"attempt": ATTEMPT}).json() == {"client_secret": SECRET}

    [(owner, customer, key)] = set(stripe.prepared)
    assert owner.startswith(f"user-{ana.pk}-")
    assert (customer, key) == ("", f"{owner}-{ATTEMPT}")


def test_a_second_card_is_prepared_for_the_same_customer(stripe, browse, ana):
    browser = browse(ana)
    browser.post(CARDS, {"token": "seti_1"})
    browser.post(PREPARE, {"attempt": ATTEMPT})

    assert stripe.prepared[0][1] == "cus_1"


@pytest.mark.parametrize("attempt", ["", "x" * 16, ATTEMPT + "0"])
def test_an_attempt_that_is_none_is_refused(stripe, browse, ana, attempt):
    assert browse(ana).post(PREPARE, {"attempt": attempt}).status_code == 404
    assert not stripe.prepared


def test_stripe_that_is_away_is_said_to_be(stripe, browse, ana, monkeypatch):
    def away(**_wish):
        raise TimedOut

    monkeypatch.setattr(stripe, "prepare_card", away)
    answer = browse(ana).post(PREPARE, {"attempt": ATTEMPT})

    assert answer.status_code == 503
    assert answer.json()["refusal"]


def test_a_card_that_was_set_up_is_kept(stripe, browse, ana):
    page = browse(ana).post(CARDS, {"token": "seti_1"}, follow=True)

    assert "It pays from now on" in page.text
    assert Card.objects.get().reference == "pm_seti_1"


@pytest.mark.parametrize(
    ("token", "status"), [("seti_declined", 422), ("pm_1", 200), ("", 200), ("card_ok", 200)]
)
def test_what_is_no_card_is_refused(stripe, browse, ana, token, status):
    page = browse(ana).post(CARDS, {"token": token})

    assert page.status_code == status
    assert not Card.objects.exists()


def test_the_bank_is_asked_on_a_page_and_heard(stripe, browse, ana, waiting):
    browser = browse(ana)
    address = reverse("payments:confirm", args=[waiting.pk])
    assert waiting.challenge == address
    page = browser.get(address)
    assert 'data-secret="pi_1_secret_3"' in page.text
    assert "https://js.stripe.com" in sources(page, "script-src")

    answer = browser.post(f"{address}?next=/subscriptions")

    assert answer.url == "/subscriptions"
    paid = Payment.objects.get()
    assert (paid.state, paid.challenge) == ("succeeded", "")
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Outcome("failed", "pi_1", failure="authentication_failed"), "not allowed"),
        (Outcome("requires_action", "pi_1", action={"client_secret": "s"}), "not decided yet"),
    ],
)
def test_what_the_bank_says_is_said(stripe, browse, ana, waiting, outcome, word):
    stripe.outcome = outcome

    page = browse(ana).post(waiting.challenge, follow=True)

    assert word in page.text


def test_it_is_nobody_elses_to_confirm(stripe, browse, cho, waiting):
    assert browse(cho).get(waiting.challenge).status_code == 404
    assert browse(cho).post(waiting.challenge).status_code == 404
    assert browse(None).get(waiting.challenge).status_code == 302
