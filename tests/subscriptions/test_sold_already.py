"""What somebody has subscribed to is not taken from under them."""

import pytest

from subscriptions.models import Plan, Product, Subscription
from subscriptions.services.changing import change_plan
from subscriptions.services.stopping import cancel
from tests.bookings.answers import problem
from tests.subscriptions.conftest import NOW, PLANS

ADDRESS = "/api/platform/products/coocook"


def without(name):
    """The product's plans as staff sends them, but for those of this name."""
    columns = ("name", "interval", "rank", "trial_days")
    return [
        {key: plan[key] for key in columns if key in plan}
        | {"price": {"amount": plan["price_amount"], "currency": "KRW"}}
        for plan in PLANS
        if plan["name"] != name
    ]


@pytest.fixture
def write(api, dee):
    """`write("delete")` is staff's, at whatever version."""

    def call(method, *body):
        return getattr(api(dee), method)(ADDRESS, *body, headers={"If-Match": "*"})

    return call


def patched(write, name):
    return write("patch", {"plans": without(name)})


def test_a_product_with_a_subscriber_is_not_deleted(write, begin):
    begin("Small")

    assert problem(write("delete")) == (409, "product_in_use")
    assert Product.objects.filter(slug="coocook").exists()
    assert Plan.objects.count() == len(PLANS)


def test_nor_is_one_that_somebody_had(write, begin):
    cancel(subscription=begin("Small"), at_once=True, now=NOW)

    assert problem(write("delete")) == (409, "product_in_use")


def test_a_product_that_nobody_had_is_deleted(write, product):
    assert write("delete").status_code == 204
    assert not Product.objects.exists()


def test_a_plan_with_a_subscriber_is_not_left_out(write, begin):
    subscription = begin("Small")

    assert problem(patched(write, "Small")) == (409, "plan_in_use")
    assert Plan.objects.count() == len(PLANS)
    assert Subscription.objects.get().plan == subscription.plan


def test_nor_is_one_that_waits_for_the_next_period(write, begin, plan):
    subscription = begin("Large")
    change_plan(subscription=subscription, plan_id=plan("Small").pk, now=NOW)

    assert problem(patched(write, "Small")) == (409, "plan_in_use")


def test_a_plan_that_nobody_has_is_left_out(write, begin):
    begin("Small")

    assert patched(write, "Tried").status_code == 200
    assert not Plan.objects.filter(name="Tried").exists()
