"""What the holder of a card tells their bank: the sandbox's, or a real one, behind the gateway."""

from datetime import datetime

from softfactory.payments.gateways.sandbox import SandboxGateway
from softfactory.payments.models import Payment
from softfactory.payments.services.inbox import look_at
from softfactory.payments.services.settling import settle_payment


def answer(*, payment: Payment, is_allowed: bool, now: datetime) -> Payment:
    """Allow a payment that waits for this, or do not, and return what became of it."""
    SandboxGateway().answer(payment.reference, is_allowed=is_allowed)
    return hear_of(payment=payment, now=now)


def hear_of(*, payment: Payment, now: datetime) -> Payment:
    """Ask the gateway what the bank of a payment was told, and return what became of it."""
    look_at(payment, now=now)
    return settle_payment(payment.pk, now=now)
