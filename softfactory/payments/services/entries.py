"""What the ledger says of each turn that a payment or a refund takes."""

from collections.abc import Sequence
from datetime import datetime

from softfactory.payments.models import LedgerTransaction, Payment, Refund
from softfactory.payments.services.ledger import Entry, gateway, held, holds, post


def book_hold(payment: Payment, *, now: datetime) -> None:
    """Money is held: nobody's yet, so it is noted beside the accounts of what is owned."""
    entry = Entry(holds(payment.gateway), held(payment.user_id), payment.amount)
    _post(payment, "hold", [entry], now=now)


def book_release(payment: Payment, *, now: datetime) -> None:
    """What was held, if anything was, is let go: it was taken, or it will not be."""
    if not LedgerTransaction.objects.filter(payment=payment, kind="hold").exists():
        return
    entry = Entry(held(payment.user_id), holds(payment.gateway), payment.amount)
    _post(payment, "release", [entry], now=now)


def book_charge(payment: Payment, *, now: datetime) -> None:
    """The gateway has the customer's money: it lies on the account that the payment is for."""
    entry = Entry(gateway(payment.gateway), payment.account, payment.captured_amount)
    _post(payment, "charge", [entry], now=now)


def book_refund(refund: Refund, *, now: datetime) -> None:
    """The gateway gave money back: so much less lies on the account of the payment."""
    payment = refund.payment
    post(
        key=f"refund:{refund.pk}",
        kind="refund",
        currency=payment.currency,
        entries=[Entry(payment.account, gateway(payment.gateway), refund.amount)],
        description=refund.reason,
        payment=payment,
        refund=refund,
        now=now,
    )


def _post(payment: Payment, kind: str, entries: Sequence[Entry], *, now: datetime) -> None:
    post(
        key=f"payment:{payment.pk}:{kind}",
        kind=kind,
        currency=payment.currency,
        entries=entries,
        payment=payment,
        now=now,
    )
