"""Coupons in the admin: made, watched, and ended; what was promised with one stays as it was."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from subscriptions.models import Coupon, Redemption

#: What a customer agreed to, and what is counted by.
PROMISED = ["code", "percent", "amount", "currency", "duration", "periods"]


class RedemptionInline(admin.TabularInline):
    """Who uses it, for which subscription, and how long still."""

    model = Redemption
    fields = readonly_fields = ["user", "subscription", "periods_left", "is_applied", "created_at"]
    extra = 0
    can_delete = False
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redemption]:
        return super().get_queryset(request).select_related("user", "subscription")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Coupon)
class CouponAdmin(admin.ModelAdmin):
    """What takes from prices. One that somebody uses can be ended, and is not changed otherwise."""

    list_display = ["code", "percent", "amount", "currency", "duration", "expires_at", "uses"]
    list_filter = ["duration"]
    search_fields = ["code"]
    readonly_fields = ["created_at"]
    ordering = ["-created_at"]
    inlines = [RedemptionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coupon]:
        return super().get_queryset(request).annotate(use_count=Count("redemptions"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        is_used = obj is not None and obj.redemptions.exists()
        return ["created_at", *(PROMISED if is_used else ())]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_used = obj is not None and obj.redemptions.exists()
        return not is_used and super().has_delete_permission(request, obj)

    @admin.display(description=_("uses"), ordering="use_count")
    def uses(self, coupon: Any) -> int:
        """How many subscriptions have it."""
        return coupon.use_count
