"""Pages about what is sold, and about one's own subscriptions and invoices."""

from subscriptions.views.changing import cancel, change, pause, resume
from subscriptions.views.pricing import show_pricing
from subscriptions.views.subscriptions import (
    list_subscriptions,
    show_invoice,
    show_subscription,
    start,
)

__all__ = [
    "cancel",
    "change",
    "list_subscriptions",
    "pause",
    "resume",
    "show_invoice",
    "show_pricing",
    "show_subscription",
    "start",
]
