"""The tables of payments, one module per idea."""

from softfactory.payments.models.card import Card
from softfactory.payments.models.event import GatewayEvent
from softfactory.payments.models.ledger import LedgerEntry, LedgerTransaction
from softfactory.payments.models.payment import Payment, Subject
from softfactory.payments.models.refund import Refund
from softfactory.payments.models.sandbox import SandboxCharge

__all__ = [
    "Card",
    "GatewayEvent",
    "LedgerEntry",
    "LedgerTransaction",
    "Payment",
    "Refund",
    "SandboxCharge",
    "Subject",
]
