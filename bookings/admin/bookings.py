"""Bookings in the admin: read-only, but for the decisions of a chef's owner."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.models import Booking
from bookings.querysets import BookingQuerySet
from bookings.services.deciding import cancel_booking, confirm_booking, decline_booking
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError
from softfactory.kernel.zones import zone
from softfactory.payments.models import Payment


@admin.register(Booking)
class BookingAdmin(admin.ModelAdmin):
    """Bookings are made by customers; staff decides about them in the name of the chef."""

    list_display = [
        "__str__",
        "chef",
        "customer",
        "local_start",
        "duration_hours",
        "guests",
        "total_price",
        "status",
        "payment_status",
        "created_at",
    ]
    list_filter = ["status", "payment_status", "starts_at", "created_at"]
    list_select_related = ["chef__owner", "customer"]
    search_fields = ["=id", "chef__name", "customer__email", "customer__name"]
    search_help_text = gettext_lazy("Number, chef, or the customer's e-mail address or name.")
    date_hierarchy = "starts_at"
    ordering = ["-created_at"]
    show_full_result_count = False
    actions = ["confirm", "decline", "cancel"]
    fieldsets = [
        (None, {"fields": ["chef", "customer", "status", "decided_at", "expires_at"]}),
        (
            gettext_lazy("Visit"),
            {"fields": ["local_start", "timezone", "starts_at", "ends_at", "duration_hours"]},
        ),
        (
            gettext_lazy("Guests"),
            {"fields": ["guests", "special_requests", "price_parts", "total_price"]},
        ),
        (
            gettext_lazy("Payment"),
            {"fields": ["payment_status", "agreed", "balance_at", "kept", "payments"]},
        ),
        (gettext_lazy("Record"), {"fields": ["version", "created_at", "updated_at"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Booking | None = None) -> list[str]:
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("the chef's clock"), ordering="starts_at")
    def local_start(self, booking: Booking) -> str:
        """When it starts, where the chef works."""
        local = booking.starts_at.astimezone(zone(booking.timezone)).replace(tzinfo=None)
        return display_for_value(local, "")

    @admin.display(description=gettext_lazy("price"), ordering="total_amount")
    def total_price(self, booking: Booking) -> str:
        """As one writes it."""
        return booking.total_price.format()

    @admin.display(description=gettext_lazy("consists of"))
    def price_parts(self, booking: Booking) -> str:
        """What the price consists of."""
        return ", ".join(f"{label} {money}" for label, money in booking.price.lines)

    @admin.display(description=gettext_lazy("what was agreed"))
    def agreed(self, booking: Booking) -> str:
        """About paying and cancelling: per cents, and what a customer who cancels pays."""
        if booking.policy is None:
            return "–"
        policy = booking.policy
        steps = ", ".join(f"≥ {days} d: {percent}%" for days, percent in policy.steps)
        return f"{policy.upfront_percent}%; {policy.get_balance_display()}; {steps}"

    @admin.display(description=gettext_lazy("kept after it was cancelled"))
    def kept(self, booking: Booking) -> str:
        """As one writes it."""
        return booking.kept.format()

    @admin.display(description=gettext_lazy("payments"))
    def payments(self, booking: Booking) -> str:
        """Those of this booking, where they are."""
        rows = Payment.objects.of_subject(Booking.SUBJECT, booking.pk)
        links = [(reverse("admin:payments_payment_change", args=[row.pk]), row) for row in rows]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"

    @admin.action(description=gettext_lazy("Confirm for the chef"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: BookingQuerySet) -> None:
        self._decide(request, queryset, confirm_booking)

    @admin.action(description=gettext_lazy("Decline for the chef"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: BookingQuerySet) -> None:
        self._decide(request, queryset, decline_booking)

    @admin.action(description=gettext_lazy("Cancel for the chef"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: BookingQuerySet) -> None:
        self._decide(request, queryset, cancel_booking)

    def _decide(
        self, request: HttpRequest, queryset: BookingQuerySet, decide: Callable[..., Booking]
    ) -> None:
        """Decide about each booking, and tell what was done and which could not be done why."""
        done = 0
        for booking in queryset:
            try:
                decided = decide(booking=booking, by=booking.chef.owner, now=clock.now())
            except DomainError as refusal:
                self.message_user(request, f"{booking}: {refusal}", messages.ERROR)
            else:
                self._log(request, decided)
                done += 1
        if done:
            text = ngettext("%(n)s booking is done.", "%(n)s bookings are done.", done)
            self.message_user(request, text % {"n": done}, messages.SUCCESS)

    def _log(self, request: HttpRequest, booking: Booking) -> None:
        state: Any = booking.get_status_display()
        self.log_change(request, booking, _("State: %(state)s") % {"state": state})
