"""Our script beside Stripe's, which a stand-in plays: the real one is out of reach of tests."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from softfactory.payments.models import Card
from tests.payments.test_stripe_pages import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

# What we use of Stripe.js, as it is documented: a card whose number says how it ends.
STRIPE_JS = """
window.Stripe = (key, options) => {
  const element = {
    on(event, hear) { if (event === "ready") setTimeout(hear); },
    mount(place) {
      place.innerHTML = '<label>Card number <input id="number"></label>';
    },
  };
  const number = () => document.getElementById("number").value;
  let tries = 0;
  return {
    elements: () => ({
      create: () => element,
      submit: async () => (number() ? {} : { error: { message: "Your card number is missing." } }),
    }),
    async confirmSetup({ clientSecret }) {
      tries += 1;
      if (key !== "pk_test_1" || clientSecret !== "seti_1_secret_2") throw new Error("mixed up");
      if (number() === "refused") return { error: { message: "Your card was declined." } };
      return { setupIntent: { id: `seti_${tries}`, status: "succeeded" } };
    },
  };
};
"""


@pytest.fixture
def stripe(settings, monkeypatch):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test_1", "pk_test_1"
    monkeypatch.setattr("softfactory.payments.services.cards.gateway_of", lambda _name: gateway)
    gateway = StandIn()
    return gateway


@pytest.fixture
def cards(page, enter, ana, stripe):
    """The page of Ana's cards, with the stand-in for Stripe.js."""
    enter(ana)
    page.route(
        "https://js.stripe.com/**",
        lambda route: route.fulfill(body=STRIPE_JS, content_type="text/javascript"),
    )
    page.goto("/payments/cards")
    return page


def test_a_card_is_typed_refused_typed_again_and_kept(cards, stripe):
    add = cards.get_by_role("button", name="Add card")
    expect(add).to_be_enabled()

    add.click()
    expect(cards.get_by_role("alert")).to_have_text("Your card number is missing.")
    cards.get_by_label("Card number").fill("refused")
    add.click()
    expect(cards.get_by_role("alert")).to_have_text("Your card was declined.")
    expect(add).to_be_enabled()
    cards.get_by_label("Card number").fill("4242")
    add.click()

    expect(cards.get_by_text("visa …4242")).to_be_visible()
    assert Card.objects.get().reference == "pm_seti_2"
    assert len(stripe.prepared) == 1  # the second try is the same attempt


def test_stripe_that_does_not_load_is_said(page, enter, ana, stripe, context):
    enter(ana)
    quiet = context.new_page()  # the browser itself complains of what does not load
    quiet.route("https://js.stripe.com/**", lambda route: route.abort())
    quiet.goto("/payments/cards")

    expect(quiet.get_by_role("alert")).to_contain_text("Stripe can't be reached")
    expect(quiet.get_by_role("button", name="Add card")).to_be_disabled()


def test_without_script_it_says_why(visitors, live_server, ana, stripe):
    context = visitors(java_script_enabled=False)
    client = Client()
    client.force_login(ana)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto("/payments/cards")

    expect(page.get_by_text("This needs script from Stripe")).to_be_visible()
