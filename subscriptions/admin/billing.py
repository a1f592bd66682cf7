"""Subscriptions to look at, with those whose payment is due."""

from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from subscriptions.admin.reading import ReadOnlyAdmin
from subscriptions.models import Subscription
from subscriptions.querysets import SubscriptionQuerySet


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """Who has what, and whether it is paid."""

    list_display = [
        "__str__",
        "user",
        "product",
        "plan",
        "status",
        "current_period_end",
        "attempts",
        "next_attempt",
        "grace_ends_at",
    ]
    list_filter = ["status", "product"]
    list_select_related = ["user", "product", "plan"]
    search_fields = ["user__email"]
    ordering = ["-created_at"]

    def get_queryset(self, request: HttpRequest) -> SubscriptionQuerySet:
        return super().get_queryset(request).with_dunning()

    @admin.display(description=_("attempts to pay what is owed"), ordering="attempts")
    def attempts(self, subscription: Subscription) -> int | None:
        """How often it was tried to pay what is owed."""
        return subscription.attempts

    @admin.display(description=_("next attempt"), ordering="retry_at")
    def next_attempt(self, subscription: Subscription) -> datetime | None:
        """When that is tried again."""
        return subscription.retry_at
