"""What every gateway does, in words of ours: hold, charge, take, let go, give back, and be asked.

A gateway repeats nothing by itself. Each call has a key of ours; the same key twice has its effect
once. Whatever it did under a key, it can be asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class GatewayError(Exception):
    """The gateway gave no answer that tells what became of the money."""


class TimedOut(GatewayError):
    """It may have done what it was asked for, or not: ask it before anything else."""


class Unavailable(GatewayError):
    """It did nothing: the request never reached it, or was turned away. Try again later."""


class Refused(Exception):
    """It did nothing and will not: a code of ours, and what it said, for the log."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


@dataclass(frozen=True, slots=True)
class NewCard:
    """What a gateway tells of a card that a browser gave to it."""

    reference: str
    customer_reference: str
    brand: str
    last4: str
    expires_month: int
    expires_year: int


@dataclass(frozen=True, slots=True)
class Order:
    """What a gateway has to know of a payment of ours."""

    key: str  # names the payment to the gateway, for ever
    amount: int  # minor units
    currency: str
    card: str  # the gateway's name of it
    customer: str
    created_at: datetime
    reference: str = ""  # the gateway's name of the payment, once it is known


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a gateway made of a payment: one of the states of `Payment`."""

    state: str
    reference: str = ""
    captured: int = 0
    refunded: int = 0
    failure: str = ""
    action: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """What a gateway made of a refund: `succeeded` or `failed`."""

    state: str
    reference: str = ""
    failure: str = ""


class Gateway(Protocol):
    """Raises TimedOut, Unavailable or Refused from each of its calls."""

    def prepare_card(self, *, owner: str, customer: str, key: str) -> str:
        """Return a secret by which a browser may give one card to the gateway, for this owner.

        `customer` is the gateway's name of the owner; "": one is made. The card's holder is asked
        whatever the bank wants to know there and then.
        """

    def add_card(self, token: str, *, owner: str, customer: str, key: str) -> NewCard:
        """Keep the card that a token stands for, for the customer of this name ("": a new one).

        The token is what the browser got for it. What was prepared for another owner is refused.
        """

    def remove_card(self, reference: str) -> None:
        """Forget a card."""

    def authorize(self, order: Order) -> Outcome:
        """Hold an amount: authorized, requires_action or failed."""

    def charge(self, order: Order) -> Outcome:
        """Take an amount: succeeded, requires_action or failed."""

    def capture(self, order: Order, amount: int) -> Outcome:
        """Take this much of what is held, and let go of the rest."""

    def void(self, order: Order) -> Outcome:
        """Let go of what is held, or waited for."""

    def find(self, order: Order) -> Outcome | None:
        """Tell what became of a payment; None if the gateway never heard of it."""

    def refund(self, order: Order, *, amount: int, key: str) -> RefundOutcome:
        """Give back a part of what was taken."""

    def find_refund(self, order: Order, *, key: str) -> RefundOutcome | None:
        """Tell what became of a refund; None if the gateway never heard of it."""
