"""What tests of payments stand on: a card of Ana's, and somebody who hears how payments end."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.payments.models import Card, Payment, Subject
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.charging import request_payment
from tests.makers import ORDER, heard

NOW = datetime(2026, 3, 2, 9, tzinfo=clock.UTC)


@pytest.fixture(autouse=True)
def outcomes() -> list[tuple[int, str]]:
    """What subjects heard: their id, and the state that their payment came to rest in."""
    heard.clear()
    return heard


@pytest.fixture
def give_card(ana: User) -> Callable[..., Card]:
    """`give_card("card_declined")` is one of the sandbox's cards, Ana's by default."""
    serial = iter(range(1000))

    def give(token: str = "card_ok", user: User = ana) -> Card:
        return add_card(user=user, token=token, now=NOW - timedelta(days=1, seconds=-next(serial)))

    return give


@pytest.fixture
def pay(ana: User, give_card: Callable[..., Card]) -> Callable[..., Payment]:
    """`pay(9900, card="card_slow", hold=True)` is a payment of Ana's that is wished for."""
    serial = iter(range(1, 1000))

    def request(amount: int = 9_900, *, card: str = "card_ok", hold: bool = False) -> Payment:
        give_card(card)
        return request_payment(
            user=ana,
            amount=Money(amount),
            subject=Subject(ORDER, next(serial)),
            attempt=1,
            hold=hold,
            now=NOW,
        )

    return request
