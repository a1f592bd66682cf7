"""Pages about what is sold, and about one's own subscriptions and invoices."""

from subscriptions.views.changing import cancel, change, pause, resume
from subscriptions.views.pricing import show_pricing
from subscriptions.views.starting import coupon, start
from subscriptions.views.subscriptions import (
    list_subscriptions,
    show_invoice,
    show_subscription,
)

__all__ = [
    "cancel",
    "change",
    "coupon",
    "list_subscriptions",
    "pause",
    "resume",
    "show_invoice",
    "show_pricing",
    "show_subscription",
    "start",
]
