"""What tests of billing stand on: a product with plans, a customer with a card, and the clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from softfactory.accounts.models import User
from softfactory.payments.models import Payment
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.settling import settle_payment
from subscriptions.models import Plan, Product, Subscription
from subscriptions.services.subscribing import subscribe
from tests.makers import make_product

NOW = datetime(2027, 1, 31, 3, tzinfo=UTC)  # noon in Seoul

PLANS = (
    {"name": "Small", "interval": "month", "price_amount": 10_000, "rank": 1},
    {"name": "Large", "interval": "month", "price_amount": 30_000, "rank": 2},
    {"name": "Small", "interval": "year", "price_amount": 100_000, "rank": 1},
    {"name": "Tried", "interval": "month", "price_amount": 20_000, "rank": 1, "trial_days": 14},
)


@pytest.fixture
def product(db: None) -> Product:
    """CooCook: small, large, small by the year, and one that is tried for 14 days."""
    return make_product("coocook", name="CooCook", plans=PLANS)


@pytest.fixture
def plan(product: Product) -> Callable[..., Plan]:
    """`plan("Large")` is one of its plans, by the month unless said otherwise."""

    def find(name: str, interval: str = "month") -> Plan:
        return product.plans.get(name=name, interval=interval)

    return find


@pytest.fixture
def card(ana: User) -> Callable[..., None]:
    """`card("card_declined")` gives Ana one of the sandbox's cards, which pays from now on."""
    serial = iter(range(1000))

    def give(token: str = "card_ok", *, user: User = ana) -> None:
        add_card(user=user, token=token, now=NOW.replace(microsecond=next(serial)))

    return give


@pytest.fixture
def begin(ana: User, plan: Callable[..., Plan], card: Callable[..., None]) -> Callable[..., Any]:
    """`begin("Small")` is Ana's subscription, begun and paid for at NOW."""

    def start(name: str = "Small", interval: str = "month", **wish: Any) -> Subscription:
        card()
        wish = {"now": NOW} | wish
        subscription = subscribe(user=ana, plan_id=plan(name, interval).pk, **wish)
        pay_all(now=wish["now"])
        return again(subscription)

    return start


def pay_all(*, now: datetime) -> None:
    """Let the gateway decide about whatever was wished for, as the worker does."""
    for payment in Payment.objects.filter(due_at__lte=now).order_by("pk"):
        settle_payment(payment.pk, now=now)


def again(subscription: Subscription) -> Subscription:
    """The subscription as it stands."""
    return Subscription.objects.with_plans().get(pk=subscription.pk)
