"""What runs behind the requests: payments and refunds that nobody waits for, or that are left."""

from contextlib import suppress
from datetime import datetime

from softfactory.kernel import clock
from softfactory.payments.gateways.protocol import GatewayError
from softfactory.payments.services import refunding, settling

AT_ONCE = 200


def settle_payment(pk: int) -> None:
    """Carry out a payment."""
    settling.settle_payment(pk, now=clock.now())


def settle_refund(pk: int) -> None:
    """Carry out a refund; if the gateway is away, the clock does it later."""
    with suppress(GatewayError):
        refunding.settle_refund(pk, now=clock.now())


def settle_due_payments(now: datetime) -> int:
    """Carry out payments whose time has come: left by somebody who was killed, or unanswered."""
    return settling.settle_due_payments(now=now, at_once=AT_ONCE)


def settle_due_refunds(now: datetime) -> int:
    """Carry out refunds whose time has come."""
    return refunding.settle_due_refunds(now=now, at_once=AT_ONCE)
