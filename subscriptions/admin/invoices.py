"""Invoices in the admin: to look at, and to credit. What they say is changed by nobody."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.kernel.problems import DomainError
from subscriptions.admin.reading import ReadOnlyAdmin, ReadOnlyInline
from subscriptions.forms import CreditForm
from subscriptions.models import Invoice, InvoiceLine
from subscriptions.services.crediting import credit_invoice, credited_of, payment_of


class LineInline(ReadOnlyInline):
    """What an invoice is for."""

    model = InvoiceLine
    fields = readonly_fields = ["position", "description", "amount"]


class CreditNoteInline(ReadOnlyInline):
    """What was credited of it."""

    model = Invoice
    fk_name = "corrects"
    fields = readonly_fields = ["__str__", "total_amount", "issued_at"]
    verbose_name_plural = gettext_lazy("credit notes")
    show_change_link = True


class DunningFilter(admin.SimpleListFilter):
    """Where the payment of an open invoice stands."""

    title = gettext_lazy("payment")
    parameter_name = "payment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("retried", _("Failed, is tried again")),
            ("under_way", _("Is under way")),
            ("given_up", _("Given up")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        narrowed = {
            "retried": {"status": Invoice.Status.OPEN, "retry_at__isnull": False},
            "under_way": {"status": Invoice.Status.OPEN, "retry_at__isnull": True},
            "given_up": {"status": Invoice.Status.UNCOLLECTIBLE},
        }
        return queryset.filter(**narrowed.get(self.value() or "", {}))


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Invoices and credit notes; of those unpaid, how often and when payment is tried."""

    list_display = [
        "__str__",
        "user",
        "money",
        "status",
        "attempts",
        "retry_at",
        "grace_ends_at",
        "issued_at",
    ]
    list_filter = [DunningFilter, "status", "kind"]
    list_select_related = ["user", "subscription"]
    search_fields = ["user__email", "=number"]
    search_help_text = gettext_lazy("The customer's address, or a number without its zeros.")
    ordering = ["-pk"]  # as they were issued
    inlines = [LineInline, CreditNoteInline]

    @admin.display(description=gettext_lazy("total"))
    def money(self, invoice: Invoice) -> Money:
        """What it comes to."""
        return invoice.total

    @admin.display(description=gettext_lazy("allowed until, unpaid"))
    def grace_ends_at(self, invoice: Invoice) -> Any:
        """Until when the plan goes on unpaid."""
        is_open = invoice.status == Invoice.Status.OPEN
        return invoice.subscription.grace_ends_at if is_open else None

    def get_urls(self) -> list[URLPattern]:
        credit = self.admin_site.admin_view(self.credit)
        own = [path("<int:pk>/credit/", credit, name="subscriptions_invoice_credit")]
        return own + super().get_urls()

    def credit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask how much is credited, why, and whether it goes back to the card; posting does it."""
        if not request.user.has_perm("subscriptions.change_invoice"):
            raise PermissionDenied
        invoice = get_object_or_404(Invoice.objects.with_parties(), pk=pk)
        payment = payment_of(invoice)
        form = CreditForm(
            request.POST or None,
            credited=credited_of(invoice),
            left=invoice.total - credited_of(invoice),
            refundable=payment.refundable if payment else Money(0, invoice.currency),
        )
        status = HTTPStatus.OK
        if request.method == "POST" and form.is_valid():
            try:
                note = credit_invoice(
                    invoice=invoice, now=clock.now(), **form.wish(invoice.currency)
                )
            except DomainError as refusal:
                form.add_error(None, refusal.message)
                status = HTTPStatus(refusal.status)
            else:
                self.log_addition(request, note, f"{invoice}: {form.cleaned_data['reason']}")
                word = _("%(note)s is issued.") % {"note": note}
                self.message_user(request, word, messages.SUCCESS)
                return redirect(reverse("admin:subscriptions_invoice_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Credit %(invoice)s") % {"invoice": invoice},
            "invoice": invoice,
            "form": form,
        }
        return render(request, "admin/subscriptions/invoice/credit.html", context, status=status)
