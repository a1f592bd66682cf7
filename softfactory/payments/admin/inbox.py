"""What gateways told us by webhook: to look at, and to look into again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from softfactory.kernel import clock
from softfactory.payments.admin.reading import ReadOnlyAdmin
from softfactory.payments.models import GatewayEvent
from softfactory.payments.services.inbox import process_again


class OutcomeFilter(admin.SimpleListFilter):
    """What came of an event."""

    title = gettext_lazy("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("unknown", _("About a payment that was not found")),
            ("waiting", _("The gateway is still to be asked")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        narrowed = {
            "unknown": {"payment__isnull": True, "reference__gt": ""},
            "waiting": {"payment__due_at__isnull": False},
        }
        return queryset.filter(**narrowed.get(self.value() or "", {}))


@admin.register(GatewayEvent)
class GatewayEventAdmin(ReadOnlyAdmin):
    """What gateways told us, and what came of it."""

    list_display = ["event_id", "gateway", "kind", "about", "payment", "outcome", "received_at"]
    list_filter = [OutcomeFilter, "gateway", "kind", "received_at"]
    list_select_related = ["payment"]
    search_fields = ["=event_id", "=reference"]
    ordering = ["-received_at"]
    actions = ["process_again"]

    @admin.display(description=gettext_lazy("about"))
    def about(self, event: GatewayEvent) -> str:
        """The gateway's name of what it is about."""
        return event.reference

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, event: GatewayEvent) -> str:
        """How the payment that it is about stands, and why nothing came of it if nothing did."""
        if event.payment is None:
            return _("No payment of ours has this name.") if event.reference else _("Nothing")
        state = event.payment.get_state_display()
        return f"{state}: {event.payment.failure}" if event.payment.failure else str(state)

    def has_process_permission(self, request: HttpRequest) -> bool:
        """Whoever may change events may have them looked into, though not otherwise change them."""
        return request.user.has_perm("payments.change_gatewayevent")

    @admin.action(description=gettext_lazy("Process again"), permissions=["process"])
    def process_again(self, request: HttpRequest, events: QuerySet) -> None:
        """Look for the payments of the chosen events, and ask their gateway about them."""
        found = sum(process_again(event=event, now=clock.now()) for event in events)
        if lost := events.count() - found:
            word = ngettext(
                "%(n)d event is about no payment of ours.",
                "%(n)d events are about no payment of ours.",
                lost,
            )
            self.message_user(request, word % {"n": lost}, messages.WARNING)
        if found:
            word = ngettext(
                "The gateway is asked about %(n)d payment.",
                "The gateway is asked about %(n)d payments.",
                found,
            )
            self.message_user(request, word % {"n": found}, messages.SUCCESS)
