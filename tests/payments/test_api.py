"""The API of cards, payments and the ledger."""

import pytest
from django.urls import reverse

from softfactory.kernel.problems import DomainError
from softfactory.payments.gateways import gateway_of
from softfactory.payments.models import Card, Payment
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.settling import settle_payment
from tests.bookings.answers import problem, wrong_fields
from tests.payments.conftest import NOW

CARDS = "/api/platform/cards"


def test_a_card_is_added_and_pays_from_then_on(api, ana, give_card):
    give_card("card_declined")

    answer = api(ana).post(CARDS, {"token": "card_ok"})

    assert answer.status_code == 201
    assert (answer.json()["brand"], answer.json()["last4"]) == ("Sandbox", "4242")
    listed = api(ana).get(CARDS).json()["results"]
    assert [card["last4"] for card in listed] == ["4242", "0341"]
    assert Card.objects.of(ana).first().last4 == "4242"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("card_refused", "card_declined"),
        ("card_expired", "card_expired"),
        ("4242424242424242", "card_unknown"),
    ],
)
def test_a_card_that_the_gateway_does_not_keep_is_refused(api, ana, token, code):
    assert problem(api(ana).post(CARDS, {"token": token})) == (422, code)
    assert not Card.objects.exists()


def test_the_same_card_again_is_the_same(ana, monkeypatch):
    gateway = gateway_of("sandbox")
    new = gateway.add_card("card_ok", owner="ana", customer="", key="once")
    monkeypatch.setattr(gateway, "add_card", lambda token, **kwargs: new, raising=False)

    assert add_card(user=ana, token="pm_1", now=NOW) == add_card(user=ana, token="pm_1", now=NOW)
    assert Card.objects.count() == 1


def test_a_card_of_somebody_else_is_refused(ana, cho, monkeypatch):
    gateway = gateway_of("sandbox")
    new = gateway.add_card("card_ok", owner="ana", customer="", key="once")
    monkeypatch.setattr(gateway, "add_card", lambda token, **kwargs: new, raising=False)
    add_card(user=ana, token="pm_1", now=NOW)

    with pytest.raises(DomainError, match="does not know this card"):
        add_card(user=cho, token="pm_1", now=NOW)


def test_a_card_needs_its_token(api, ana):
    assert wrong_fields(api(ana).post(CARDS, {})) == {"token": "required"}


def test_without_a_gateway_no_card_is_taken(api, ana, settings):
    settings.SANDBOX_PAYMENTS = False

    assert problem(api(ana).post(CARDS, {"token": "card_ok"})) == (503, "payments_not_set_up")


def test_a_removed_card_is_gone(api, ana, give_card):
    card = give_card()

    assert api(ana).delete(f"{CARDS}/{card.pk}").status_code == 204
    assert api(ana).get(CARDS).json()["results"] == []
    assert problem(api(ana).delete(f"{CARDS}/{card.pk}")) == (404, "not_found")


def test_somebody_elses_card_is_not_there(api, cho, give_card):
    assert problem(api(cho).delete(f"{CARDS}/{give_card().pk}")) == (404, "not_found")


def test_payments_are_ones_own(api, ana, cho, pay):
    settle_payment(pay(card="card_declined").pk, now=NOW)

    (row,) = api(ana).get("/api/platform/payments").json()["results"]

    assert row["state"] == "failed"
    assert row["amount"] == {"amount": 9_900, "currency": "KRW"}
    assert row["failure"] == "card_declined"
    assert row["failure_message"].startswith("The bank declined")
    assert row["card"] == {"brand": "Sandbox", "last4": "0341"}
    assert api(cho).get("/api/platform/payments").json()["results"] == []


def test_the_ledger_is_for_staff(api, dee, ana, pay):
    payment = settle_payment(pay(9_900).pk, now=NOW)

    (row,) = api(dee).get("/api/platform/ledger").json()["results"]

    assert row["key"] == f"payment:{payment.pk}:charge"
    assert row["entries"] == [
        {
            "debit": "gateway:sandbox",
            "credit": f"customer:{ana.pk}",
            "amount": {"amount": 9_900, "currency": "KRW"},
        }
    ]
    assert problem(api(ana).get("/api/platform/ledger")) == (403, "permission_denied")


def test_the_page_of_cards_adds_and_removes(browse, ana):
    browser = browse(ana)
    assert "No card yet" in browser.get(reverse("payments:cards")).text

    assert browser.post(reverse("payments:cards"), {"token": "card_ok"}).status_code == 302
    page = browser.get(reverse("payments:cards")).text
    assert "…4242" in page

    browser.post(reverse("payments:remove_card", args=[Card.objects.get().pk]))
    assert "No card yet" in browser.get(reverse("payments:cards")).text


def test_the_page_says_why_a_card_was_not_taken(browse, ana):
    page = browse(ana).post(reverse("payments:cards"), {"token": "card_refused"})

    assert page.status_code == 422
    assert "The bank declined the card" in page.text


@pytest.mark.parametrize(
    ("given", "back"),
    [
        ("/subscriptions/7", "/subscriptions/7"),
        ("", "/payments/cards"),
        ("https://elsewhere.test/", "/payments/cards"),
        ("//elsewhere.test/", "/payments/cards"),
        ("javascript:alert(1)", "/payments/cards"),
    ],
)
def test_the_banks_page_leads_back_to_this_site_alone(browse, ana, pay, given, back):
    payment = settle_payment(pay(card="card_authenticate").pk, now=NOW)

    answer = browse(ana).post(payment.action["url"], {"allow": ""}, query_params={"next": given})

    assert answer.url == back


@pytest.mark.parametrize(("button", "state"), [("allow", "succeeded"), ("refuse", "failed")])
def test_the_banks_page_decides(browse, ana, pay, button, state):
    payment = settle_payment(pay(card="card_authenticate").pk, now=NOW)
    browser = browse(ana)
    assert "9,900" in browser.get(payment.action["url"]).text

    browser.post(payment.action["url"], {button: ""})

    assert Payment.objects.get().state == state
    assert browser.get(payment.action["url"]).status_code == 404
