"""Coupons on pages: nobody agrees to a price that was not shown; mistakes are said at the field."""

import pytest
from django.urls import reverse

from softfactory.kernel import clock
from softfactory.payments.models import Payment
from softfactory.payments.services.cards import add_card
from subscriptions.models import Plan, Redemption, Subscription
from tests.makers import make_coupon, make_product


@pytest.fixture
def plan(db):
    plan = {"name": "Small", "interval": "month", "price_amount": 10_000, "rank": 1}
    return make_product("studio", plans=[plan]).plans.get()


@pytest.fixture
def browser(browse, ana):
    add_card(user=ana, token="card_ok", now=clock.now())
    return browse(ana)


@pytest.fixture
def start(plan):
    return reverse("subscriptions:start", args=[plan.pk])


def test_a_link_may_name_the_coupon_and_shows_the_price_with_it(browser, start):
    make_coupon(duration="repeating", periods=3)
    shown = browser.get(start, {"coupon": "spring"}).text
    assert "Coupon SPRING" in shown
    assert "50 % off 3 periods" in shown
    assert "Charged to your card today:" in shown
    assert "₩5,000" in shown
    assert not Subscription.objects.exists()


def test_what_was_shown_is_charged(browser, start):
    make_coupon()
    shown = browser.post(start, {"coupon": "spring", "shown": "", "look": ""})
    assert shown.status_code == 200
    assert '<input type="hidden" name="shown" value="SPRING">' in shown.text
    browser.post(start, {"coupon": "spring", "shown": "SPRING"})
    assert Payment.objects.get().amount == 5_000
    assert Redemption.objects.get().coupon.code == "SPRING"


@pytest.mark.parametrize(("coupon", "shown"), [("SPRING", ""), ("", "SPRING")])
def test_nobody_agrees_to_a_price_that_was_not_shown(browser, start, coupon, shown):
    make_coupon()
    answer = browser.post(start, {"coupon": coupon, "shown": shown})
    assert answer.status_code == 200
    assert f'name="shown" value="{coupon}"' in answer.text
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("field", ["look", "other"])
def test_a_coupon_that_is_not_known_is_said_at_its_field(browser, start, field):
    answer = browser.post(start, {"coupon": "NOPE", "shown": "NOPE", field: ""})
    assert answer.status_code == 422
    assert "This coupon is not known" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "₩10,000" in answer.text
    assert not Subscription.objects.exists()


def test_with_a_trial_nothing_is_charged_today_and_the_first_period_is_shown(browser, start):
    Plan.objects.update(trial_days=14)
    make_coupon()
    shown = browser.get(start, {"coupon": "SPRING"}).text
    assert "Nothing is charged today" in shown
    assert "₩5,000" in shown
    assert "Charged to your card today" not in shown


def test_the_subscriptions_page_says_how_long_it_lasts(browser, start):
    make_coupon(duration="repeating", periods=3)
    browser.post(start, {"coupon": "SPRING", "shown": "SPRING"})
    page = reverse("subscriptions:subscription", args=[Subscription.objects.get().pk])
    assert "50 % off 2 more periods" in browser.get(page).text
    Redemption.objects.update(periods_left=0)
    assert "the last one that it takes from" in browser.get(page).text
    Redemption.objects.update(periods_left=None)
    assert "50 % off every period" in browser.get(page).text


def test_a_coupon_can_come_later(browser, start):
    make_coupon()
    browser.post(start)
    pk = Subscription.objects.get().pk
    page = reverse("subscriptions:subscription", args=[pk])
    address = reverse("subscriptions:coupon", args=[pk])
    assert address in browser.get(page).text
    looked = browser.post(address, {"coupon": "spring", "look": ""}).text
    assert "₩5,000" in looked
    assert not Redemption.objects.exists()
    answer = browser.post(address, {"coupon": "spring", "shown": "SPRING"})
    assert answer.url == page
    assert "50 % off 1 more period" in browser.get(page).text
    again = browser.post(address, {"coupon": "spring", "shown": "SPRING"})
    assert again.status_code == 409
    assert "has its coupon already" in again.text


def test_one_that_is_used_up_is_refused_later_too(browser, start):
    make_coupon(per_customer=0)
    browser.post(start)
    address = reverse("subscriptions:coupon", args=[Subscription.objects.get().pk])
    answer = browser.post(address, {"coupon": "SPRING", "shown": "SPRING"})
    assert answer.status_code == 422
    assert "You have used this coupon already" in answer.text


def test_somebody_elses_subscription_takes_none(browser, browse, cho, start):
    browser.post(start)
    address = reverse("subscriptions:coupon", args=[Subscription.objects.get().pk])
    assert browse(cho).get(address).status_code == 404
