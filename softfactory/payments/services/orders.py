"""Payments of ours, as gateways read them."""

from softfactory.payments.gateways.protocol import Order
from softfactory.payments.models import Payment


def order_of(payment: Payment) -> Order:
    """Return a payment in the gateway's terms."""
    return Order(
        key=payment.key,
        amount=payment.amount,
        currency=payment.currency,
        card=payment.card.reference,
        customer=payment.card.customer_reference,
        created_at=payment.created_at,
        reference=payment.reference,
    )
