"""Alerts and their deliveries in the admin: to read, and to send again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from monitoring.models import Alert, AlertDelivery
from monitoring.services.alerts.deliveries import send_again
from softfactory.kernel import clock


class ReadOnly:
    """What happened is not edited."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class DeliveryInline(ReadOnly, admin.TabularInline):
    """Who was told of an alert."""

    model = AlertDelivery
    extra = 0
    fields = readonly_fields = [
        "channel",
        "transition",
        "state",
        "attempts",
        "next_try_at",
        "sent_at",
        "last_error",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlertDelivery]:
        return super().get_queryset(request).with_message()


@admin.register(Alert)
class AlertAdmin(ReadOnly, admin.ModelAdmin):
    """When which rule was crossed, and how badly."""

    list_display = ["__str__", "rule", "state", "opened_at", "resolved_at", "fired", "worst"]
    list_display_links = ["__str__", "rule"]
    list_filter = ["state", "rule", "opened_at"]
    list_select_related = ["rule"]
    search_fields = ["=id", "rule__key", "rule__name"]
    search_help_text = _("Number, or the rule's key or name.")
    date_hierarchy = "opened_at"
    ordering = ["-opened_at"]
    show_full_result_count = False
    inlines = [DeliveryInline]
    fields = readonly_fields = [
        "rule",
        "state",
        "opened_at",
        "fired_at",
        "resolved_at",
        "limit",
        "fired",
        "worst",
        "last",
    ]

    @admin.display(description=_("threshold"))
    def limit(self, alert: Alert) -> str:
        """As it was when the alert opened."""
        return alert.written(alert.threshold)

    @admin.display(description=_("value when it fired"))
    def fired(self, alert: Alert) -> str:
        """With its unit."""
        return alert.written(alert.fired_value)

    @admin.display(description=_("worst value"))
    def worst(self, alert: Alert) -> str:
        """With its unit."""
        return alert.written(alert.worst_value)

    @admin.display(description=_("last value"))
    def last(self, alert: Alert) -> str:
        """With its unit."""
        return alert.written(alert.last_value)


@admin.register(AlertDelivery)
class AlertDeliveryAdmin(ReadOnly, admin.ModelAdmin):
    """Who was told of what, and whom it did not reach."""

    list_display = [
        "alert",
        "rule",
        "channel",
        "transition",
        "state",
        "attempts",
        "sent_at",
        "last_error",
    ]
    list_filter = ["state", "transition", "channel__kind", "created_at"]
    search_fields = ["=alert__id", "alert__rule__name", "channel__address"]
    search_help_text = _("The alert's number, its rule, or the channel's address.")
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    show_full_result_count = False
    actions = ["repeat"]
    fields = readonly_fields = [
        "alert",
        "rule",
        "channel",
        "transition",
        "state",
        "attempts",
        "next_try_at",
        "sent_at",
        "last_error",
        "created_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlertDelivery]:
        return super().get_queryset(request).with_message()

    @admin.display(description=_("rule"), ordering="alert__rule__name")
    def rule(self, delivery: AlertDelivery) -> str:
        """The rule's name."""
        return delivery.alert.rule.name

    @admin.action(description=_("Send again"), permissions=["change"])
    def repeat(self, request: HttpRequest, queryset: QuerySet[AlertDelivery]) -> None:
        done = sum(send_again(delivery=delivery, now=clock.now()) for delivery in queryset)
        text = ngettext("%(n)s delivery is sent again.", "%(n)s deliveries are sent again.", done)
        self.message_user(request, text % {"n": done}, messages.SUCCESS)
