"""Payments in the admin, one module per idea."""

from softfactory.payments.admin.inbox import GatewayEventAdmin
from softfactory.payments.admin.ledger import LedgerAdmin
from softfactory.payments.admin.paying import CardAdmin, PaymentAdmin, RefundAdmin

__all__ = ["CardAdmin", "GatewayEventAdmin", "LedgerAdmin", "PaymentAdmin", "RefundAdmin"]
