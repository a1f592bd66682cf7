"""Stripe, by its own library: PaymentIntents for payments, PaymentMethods for cards.

Cards go from the browser to Stripe; what we are sent is the name of a PaymentMethod.
See https://docs.stripe.com/api/payment_intents and https://docs.stripe.com/error-low-level.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import stripe
from django.conf import settings
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

from softfactory.payments.gateways.protocol import (
    NewCard,
    Order,
    Outcome,
    RefundOutcome,
    Refused,
    TimedOut,
    Unavailable,
)

VERSION = "2026-10-28.endive"
CONNECT, READ = 5, 20  # seconds
SETUP = "seti_"  # what the names of SetupIntents begin with
EARLIER = 300  # seconds that our clock may be ahead of Stripe's

STATES = {
    "requires_action": "requires_action",
    "requires_capture": "authorized",
    "succeeded": "succeeded",
    "canceled": "voided",
    # Declined: Stripe would take another card for the same intent; we make another payment.
    "requires_payment_method": "failed",
    "requires_confirmation": "failed",
}
# What Stripe calls them → what we do; any other is `card_declined`.
FAILURES = {
    "insufficient_funds": "insufficient_funds",
    "expired_card": "card_expired",
    "authentication_required": "authentication_failed",
    "payment_intent_authentication_failure": "authentication_failed",
}


class StripeGateway:
    """One account of Stripe's, for all of this process's threads."""

    def __init__(self) -> None:
        client = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY,
            stripe_version=VERSION,
            base_addresses={"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(CONNECT, READ)),
        )
        self._api = client.v1

    def _new_customer(self, key: str) -> str:
        customer = self._api.customers.create({}, {"idempotency_key": f"{key}-customer"})
        return customer.id

    def prepare_card(self, *, owner: str, customer: str, key: str) -> str:
        """Create a SetupIntent, whose secret Stripe.js confirms in the browser."""
        wish: Any = {
            "payment_method_types": ["card"],
            "usage": "off_session",
            "metadata": {"key": owner},
        }
        with _translated():
            wish["customer"] = customer or self._new_customer(owner)
            intent = self._api.setup_intents.create(wish, {"idempotency_key": f"{key}-setup"})
        return str(intent.client_secret)

    def add_card(self, token: str, *, owner: str, customer: str, key: str) -> NewCard:
        """Keep the card of a SetupIntent that succeeded, or attach a PaymentMethod."""
        with _translated():
            if token.startswith(SETUP):
                token, customer = self._set_up(token, owner)
            method: Any = self._api.payment_methods.retrieve(token)
            if method.customer is None:
                customer = customer or self._new_customer(owner)
                method = self._api.payment_methods.attach(
                    token, {"customer": customer}, {"idempotency_key": f"{key}-attach"}
                )
            elif method.customer != customer:
                raise Refused("card_unknown", f"{token} is another customer's.")
        card: Any = method.card
        return NewCard(method.id, customer, card.brand, card.last4, card.exp_month, card.exp_year)

    def _set_up(self, reference: str, owner: str) -> tuple[str, str]:
        """Return the PaymentMethod and customer of a SetupIntent that the holder confirmed."""
        intent: Any = self._api.setup_intents.retrieve(reference)
        if _key_of(intent) != owner:
            raise Refused("card_unknown", f"{reference} was prepared for somebody else.")
        if intent.status != "succeeded":
            raise Refused("authentication_failed", f"{reference} is {intent.status}.")
        return intent.payment_method, intent.customer

    def remove_card(self, reference: str) -> None:
        """Detach a PaymentMethod."""
        with _translated():
            self._api.payment_methods.detach(reference)

    def authorize(self, order: Order) -> Outcome:
        """Confirm a PaymentIntent that is captured by hand."""
        return self._begin(order, "manual")

    def charge(self, order: Order) -> Outcome:
        """Confirm a PaymentIntent that is captured at once."""
        return self._begin(order, "automatic")

    def _begin(self, order: Order, capture_method: str) -> Outcome:
        wish: Any = {
            "amount": order.amount,
            "currency": order.currency.lower(),
            "customer": order.customer,
            "payment_method": order.card,
            "payment_method_types": ["card"],
            "capture_method": capture_method,
            "confirm": True,
            "metadata": {"key": order.key},
        }
        return self._outcome(
            lambda: self._api.payment_intents.create(wish, {"idempotency_key": order.key})
        )

    def capture(self, order: Order, amount: int) -> Outcome:
        """Capture a PaymentIntent; Stripe lets go of the rest."""
        return self._outcome(
            lambda: self._api.payment_intents.capture(
                order.reference,
                {"amount_to_capture": amount},
                {"idempotency_key": f"{order.key}-capture"},
            )
        )

    def void(self, order: Order) -> Outcome:
        """Cancel a PaymentIntent."""
        return self._outcome(
            lambda: self._api.payment_intents.cancel(
                order.reference, {}, {"idempotency_key": f"{order.key}-void"}
            )
        )

    def find(self, order: Order) -> Outcome | None:
        """Retrieve the PaymentIntent, by its name or by the key that we gave it."""
        with _translated():
            intent = self._found(order)
            return intent and _outcome_of(intent, refunded=self._refunded(intent))

    def _found(self, order: Order) -> Any:
        if order.reference:
            return self._api.payment_intents.retrieve(order.reference)
        since = int(order.created_at.timestamp()) - EARLIER
        intents = self._api.payment_intents.list(
            {"customer": order.customer, "created": {"gte": since}, "limit": 100}
        )
        named = (i for i in intents.auto_paging_iter() if _key_of(i) == order.key)
        return next(named, None)

    def _refunded(self, intent: Any) -> int:
        if intent.status != "succeeded":
            return 0
        return sum(
            r.amount for r in self._refunds(intent.id) if r.status in ("succeeded", "pending")
        )

    def _refunds(self, reference: str) -> Iterator[Any]:
        refunds = self._api.refunds.list({"payment_intent": reference, "limit": 100})
        return (r for r in refunds.auto_paging_iter() if r.payment_intent == reference)

    def refund(self, order: Order, *, amount: int, key: str) -> RefundOutcome:
        """Refund a part of a PaymentIntent."""
        with _translated():
            refund = self._api.refunds.create(
                {
                    "payment_intent": order.reference,
                    "amount": amount,
                    "metadata": {"key": key},
                },
                {"idempotency_key": key},
            )
        return _refund_outcome(refund)

    def find_refund(self, order: Order, *, key: str) -> RefundOutcome | None:
        """Look the key up among the PaymentIntent's refunds."""
        with _translated():
            named = (r for r in self._refunds(order.reference) if _key_of(r) == key)
            refund = next(named, None)
        return refund and _refund_outcome(refund)

    def _outcome(self, call: Callable[[], Any]) -> Outcome:
        """Call; a decline is an outcome, and no error."""
        with _translated():
            try:
                return _outcome_of(call())
            except stripe.CardError as declined:
                error: Any = declined.error
                intent = getattr(error, "payment_intent", None)
                reference = intent["id"] if intent else ""
                code = getattr(error, "decline_code", None) or declined.code
                return Outcome("failed", reference, failure=_failure(code))


def _outcome_of(intent: Any, *, refunded: int = 0) -> Outcome:
    if intent.status not in STATES:  # processing: cards are decided at once, by and large
        raise TimedOut
    state = STATES[intent.status]
    error = getattr(intent, "last_payment_error", None)
    code = error and (getattr(error, "decline_code", None) or getattr(error, "code", None))
    return Outcome(
        state,
        intent.id,
        captured=intent.amount_received if state == "succeeded" else 0,
        refunded=refunded,
        failure=_failure(code) if state == "failed" else "",
        action={"type": "stripe", "client_secret": intent.client_secret}
        if state == "requires_action"
        else {},
    )


def _key_of(thing: Any) -> str:
    return thing.metadata["key"] if thing.metadata and "key" in thing.metadata else ""


def _failure(code: str | None) -> str:
    return FAILURES.get(code or "", "card_declined")


def _refund_outcome(refund: Any) -> RefundOutcome:
    if refund.status in ("failed", "canceled"):
        return RefundOutcome("failed", refund.id, failure="refund_failed")
    return RefundOutcome("succeeded", refund.id)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn Stripe's errors into ours: did it do nothing, refuse, or do we not know?"""
    try:
        yield
    except stripe.CardError as error:
        raise Refused(_failure(getattr(error.error, "decline_code", None) or error.code)) from error
    except stripe.APIConnectionError as error:
        raise (Unavailable if _never_left(error) else TimedOut)(str(error)) from error
    except (stripe.RateLimitError, stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Unavailable(str(error)) from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise Refused("gateway_refused", str(error)) from error
    except stripe.StripeError as error:
        raise TimedOut(str(error)) from error


def _never_left(error: stripe.APIConnectionError) -> bool:
    cause = error.__cause__
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(cause, ConnectTimeout) or isinstance(reason, NewConnectionError)
