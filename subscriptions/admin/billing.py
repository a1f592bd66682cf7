"""Subscriptions and invoices to look at: money and states are read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.money import Money
from subscriptions.models import Invoice, InvoiceLine, Subscription


class ReadOnlyAdmin(admin.ModelAdmin):
    """What services alone write."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """Who has what, and whether it is paid."""

    list_display = ["__str__", "user", "product", "plan", "status", "current_period_end"]
    list_filter = ["status", "product"]
    list_select_related = ["user", "product", "plan"]
    search_fields = ["user__email"]
    ordering = ["-created_at"]


class LineInline(admin.TabularInline):
    """What an invoice is for."""

    model = InvoiceLine
    fields = readonly_fields = ["position", "description", "amount"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Invoices and credit notes; of those unpaid, how often and when payment is tried."""

    list_display = ["__str__", "user", "money", "status", "attempts", "retry_at", "issued_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    ordering = ["-pk"]  # as they were issued
    inlines = [LineInline]

    @admin.display(description=_("total"))
    def money(self, invoice: Invoice) -> Money:
        """What it comes to."""
        return invoice.total
