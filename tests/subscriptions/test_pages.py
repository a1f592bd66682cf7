"""The pages of plans, subscriptions and invoices: priced before one agrees, undone as easily."""

import re

import pytest
from django.urls import reverse

from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.payments.models import Payment
from softfactory.payments.services.cards import add_card
from subscriptions.models import Feature, Invoice, Plan, Subscription
from tests.makers import make_feature, make_product

SMALL, LARGE = Money(9_900), Money(19_900)


@pytest.fixture
def plans(db):
    small = {"name": "Small", "interval": "month", "price_amount": SMALL.amount, "rank": 1}
    large = {"name": "Large", "interval": "month", "price_amount": LARGE.amount, "rank": 2}
    return list(make_product("studio", plans=[small, large]).plans.by_rank())


@pytest.fixture
def card(ana):
    return add_card(user=ana, token="card_ok", now=clock.now())


@pytest.fixture
def begun(browse, ana, plans, card):
    """Ana's browser, and her subscription to the small plan, paid."""
    browser = browse(ana)
    browser.post(reverse("subscriptions:start", args=[plans[0].pk]))
    return browser, Subscription.objects.get()


def page(browser, name, *args):
    answer = browser.get(reverse(f"subscriptions:{name}", args=args))
    assert answer.status_code == 200
    return answer.text


def test_prices_are_there_for_everybody(browse, plans):
    shown = page(browse(None), "pricing")

    assert "₩9,900" in shown
    assert "₩19,900" in shown
    assert reverse("subscriptions:start", args=[plans[0].pk]) in shown


def test_a_price_that_staff_changes_is_shown_at_once(browse, plans):
    browser = browse(None)
    page(browser, "pricing")

    plans[0].price_amount = 12_345
    plans[0].save()

    assert "₩12,345" in page(browser, "pricing")


def test_plans_are_compared_by_what_they_allow(browse, plans):
    small, large = plans
    kinds = Feature.Kind
    make_feature("sns.accounts", name="Accounts", kind=kinds.LIMIT, plans={small: 3, large: None})
    make_feature("sns.approval", name="Approval", kind=kinds.BOOLEAN, plans={large: 1})
    make_feature("sns.posts", name="Posts", plans={small: 1_000})

    shown = re.sub(r"\s+", " ", page(browse(None), "pricing"))

    def row(name, *cells):
        words = "".join(
            f' <td data-label="{plan.name}">{cell}</td>'
            for plan, cell in zip(plans, cells, strict=True)
        )
        return f'<th scope="row">{name}</th>{words}'

    assert row("Accounts", "3", "Any number") in shown
    assert row("Approval", "No", "Yes") in shown
    assert row("Posts", "1,000 a month", "No") in shown


def test_it_says_what_is_charged_today_and_charges_that(browse, ana, plans, card):
    browser = browse(ana)
    shown = page(browser, "start", plans[0].pk)
    assert "Charged today" in shown
    assert "₩9,900" in shown

    answer = browser.post(reverse("subscriptions:start", args=[plans[0].pk]))

    subscription = Subscription.objects.get()
    assert answer.url == reverse("subscriptions:subscription", args=[subscription.pk])
    assert subscription.status == "active"
    assert Payment.objects.get().captured == SMALL
    assert "It has begun" in browser.get(answer.url).text


def test_a_trial_charges_nothing(browse, ana, plans):
    Plan.objects.update(trial_days=14)
    browser = browse(ana)
    assert "Nothing is charged today" in page(browser, "start", plans[0].pk)

    browser.post(reverse("subscriptions:start", args=[plans[0].pk]))

    assert Subscription.objects.get().status == "trialing"
    assert not Payment.objects.exists()


def test_without_a_card_it_says_so(browse, ana, plans):
    browser = browse(ana)
    assert "no card to pay with" in page(browser, "start", plans[0].pk)

    answer = browser.post(reverse("subscriptions:start", args=[plans[0].pk]))

    assert answer.status_code == 422
    assert "Add a card first" in answer.text
    assert not Subscription.objects.exists()


def test_a_declined_card_says_why(browse, ana, plans):
    add_card(user=ana, token="card_declined", now=clock.now())

    answer = browse(ana).post(reverse("subscriptions:start", args=[plans[0].pk]), follow=True)

    assert "The bank declined the card" in answer.text
    assert Subscription.objects.get().status == "cancelled"


def test_a_bank_that_asks_is_gone_to(browse, ana, plans):
    add_card(user=ana, token="card_authenticate", now=clock.now())

    browser = browse(ana)
    bank = browser.post(reverse("subscriptions:start", args=[plans[0].pk])).url
    assert bank.startswith("/payments/sandbox/")
    subscription = Subscription.objects.get()
    shown = page(browser, "subscription", subscription.pk)
    assert "Your bank asks" in shown
    assert bank.partition("?")[0] in shown

    back = browser.post(bank, {"allow": ""}).url

    assert back == reverse("subscriptions:subscription", args=[subscription.pk])
    assert "Your bank asks" not in page(browser, "subscription", subscription.pk)
    subscription.refresh_from_db()
    assert subscription.status == "active"


def test_a_payment_that_failed_asks_for_another_card(begun):
    browser, subscription = begun
    Subscription.objects.update(status="past_due")

    assert "Add another card" in page(browser, "subscription", subscription.pk)


def test_who_has_it_is_led_there(begun, plans):
    browser, subscription = begun

    answer = browser.get(reverse("subscriptions:start", args=[plans[1].pk]))

    assert answer.url == reverse("subscriptions:subscription", args=[subscription.pk])


def test_a_change_charges_what_it_showed(begun, plans):
    browser, subscription = begun
    answer = browser.get(reverse("subscriptions:change", args=[subscription.pk, plans[1].pk]))
    preview = answer.context["preview"]
    assert str(preview.settlement.due) in answer.text

    browser.post(
        reverse("subscriptions:change", args=[subscription.pk, plans[1].pk]),
        {"as_of": preview.as_of.isoformat()},
    )

    subscription.refresh_from_db()
    assert subscription.plan == plans[1]
    invoice = Invoice.objects.newest_first()[0]
    assert (invoice.total, invoice.due) == (preview.quote.total, preview.settlement.due)


def test_a_smaller_plan_waits_for_the_next_period(browse, ana, plans, card):
    browser = browse(ana)
    browser.post(reverse("subscriptions:start", args=[plans[1].pk]))
    subscription = Subscription.objects.get()
    change = reverse("subscriptions:change", args=[subscription.pk, plans[0].pk])
    assert "begins with the next period" in browser.get(change).text

    browser.post(change)

    subscription.refresh_from_db()
    assert (subscription.plan, subscription.pending_plan) == (plans[1], plans[0])
    assert "Small" in page(browser, "subscription", subscription.pk)


def test_the_same_plan_is_no_change(begun, plans):
    browser, subscription = begun

    answer = browser.get(reverse("subscriptions:change", args=[subscription.pk, plans[0].pk]))

    assert answer.status_code == 409
    assert "This is the plan that you have" in answer.text


def test_cancelling_is_undone_by_going_on(begun):
    browser, subscription = begun
    assert "You keep it until" in page(browser, "cancel", subscription.pk)

    browser.post(reverse("subscriptions:cancel", args=[subscription.pk]))
    shown = page(browser, "subscription", subscription.pk)
    assert "Nothing more is charged" in shown
    assert "It is paid by" not in shown

    browser.post(reverse("subscriptions:resume", args=[subscription.pk]))
    subscription.refresh_from_db()
    assert subscription.is_going_on


def test_a_pause_is_ended_by_going_on(begun):
    browser, subscription = begun

    browser.post(reverse("subscriptions:pause", args=[subscription.pk]))
    assert "Nothing is charged while it is paused" in page(browser, "subscription", subscription.pk)
    assert browser.post(reverse("subscriptions:pause", args=[subscription.pk])).status_code == 409

    browser.post(reverse("subscriptions:resume", args=[subscription.pk]))
    subscription.refresh_from_db()
    assert subscription.status == "active"


def test_an_invoice_shows_its_lines_and_the_tax_in_it(begun):
    browser, _subscription = begun

    shown = page(browser, "invoice", Invoice.objects.get().pk)

    assert "INV-000001" in shown
    assert "₩9,900" in shown
    assert "₩900" in shown


def test_the_list_leads_to_each(begun):
    browser, subscription = begun

    shown = page(browser, "subscription_list")

    assert reverse("subscriptions:subscription", args=[subscription.pk]) in shown


def test_without_any_it_leads_to_the_prices(browse, ana):
    assert reverse("subscriptions:pricing") in page(browse(ana), "subscription_list")


@pytest.mark.parametrize("name", ["subscription", "cancel", "pause", "resume"])
def test_somebody_elses_is_not_there(begun, browse, cho, name):
    _browser, subscription = begun
    address = reverse(f"subscriptions:{name}", args=[subscription.pk])

    assert browse(cho).post(address).status_code in {404, 405}
    assert (
        browse(cho)
        .get(reverse("subscriptions:invoice", args=[Invoice.objects.get().pk]))
        .status_code
        == 404
    )
