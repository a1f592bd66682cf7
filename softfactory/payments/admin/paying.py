"""Cards, payments and refunds: to look at, and to refund. Money and states are read-only."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError
from softfactory.payments.admin.reading import ReadOnlyAdmin, ReadOnlyInline
from softfactory.payments.models import Card, Payment, Refund
from softfactory.payments.querysets import PaymentQuerySet
from softfactory.payments.services.refunding import request_refund


class RefundForm(ActionForm):
    """Why the chosen payments are given back."""

    reason = forms.CharField(label=gettext_lazy("Reason of a refund"), required=False)


class RefundInline(ReadOnlyInline):
    """What was given back of a payment."""

    model = Refund
    fields = readonly_fields = ["amount", "state", "reason", "failure", "created_at"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """What was tried, and what became of it."""

    list_display = ["__str__", "user", "money", "state", "failure", "subject_kind", "created_at"]
    list_filter = ["state", "gateway", "subject_kind", "created_at"]
    list_select_related = ["user", "card"]
    search_fields = ["=id", "=reference", "user__email"]
    search_help_text = gettext_lazy("Number, the gateway's name of it, or the payer's address.")
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    exclude = ["action"]
    inlines = [RefundInline]
    actions = ["refund"]
    action_form = RefundForm

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Whoever may change payments may refund them, though not otherwise change them."""
        return request.user.has_perm("payments.change_payment")

    @admin.action(description=gettext_lazy("Refund what is left"), permissions=["refund"])
    def refund(self, request: HttpRequest, payments: PaymentQuerySet) -> None:
        """Give back all that is left of the chosen payments."""
        reason = request.POST.get("reason", "").strip()[:200]
        if not reason:
            self.message_user(request, _("Say why, then refund again."), messages.ERROR)
            return
        done = 0
        for payment in payments:
            try:
                request_refund(
                    payment=payment,
                    amount=payment.refundable,
                    reason=reason,
                    key=f"staff:{payment.refunded_amount}",
                    now=clock.now(),
                )
            except DomainError as refusal:
                self.message_user(request, f"{payment}: {refusal.message}", messages.ERROR)
            else:
                done += 1
        if done:
            word = ngettext("%(n)d refund is on its way.", "%(n)d refunds are on their way.", done)
            self.message_user(request, word % {"n": done}, messages.SUCCESS)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """What was given back."""

    list_display = ["__str__", "payment", "money", "state", "failure", "reason", "created_at"]
    list_filter = ["state", "gateway", "created_at"]
    list_select_related = ["payment"]
    search_fields = ["=id", "=payment__id", "=reference"]
    ordering = ["-created_at"]


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    """Cards, as far as one may see them."""

    list_display = ["__str__", "user", "gateway", "created_at", "removed_at"]
    list_filter = ["gateway", "brand"]
    list_select_related = ["user"]
    search_fields = ["=last4", "user__email"]
    ordering = ["-created_at"]
