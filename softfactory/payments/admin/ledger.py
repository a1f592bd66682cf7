"""The ledger: to look at, with what stands on an account."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from softfactory.payments.admin.reading import ReadOnlyAdmin, ReadOnlyInline
from softfactory.payments.models import LedgerEntry, LedgerTransaction
from softfactory.payments.services.ledger import balances


class EntryInline(ReadOnlyInline):
    """The entries of an event."""

    model = LedgerEntry
    fields = readonly_fields = ["debit", "credit", "amount", "currency"]


@admin.register(LedgerTransaction)
class LedgerAdmin(ReadOnlyAdmin):
    """Where all money went."""

    list_display = ["key", "kind", "currency", "description", "created_at"]
    list_filter = ["kind", "currency", "created_at"]
    search_fields = ["key", "entries__debit", "entries__credit"]
    search_help_text = gettext_lazy("The event's key, or an account such as customer:12.")
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-id"]
    inlines = [EntryInline]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The ledger; of an account that was searched for, what stands on it."""
        account = request.GET.get(SEARCH_VAR, "").strip()
        is_sayable = account and "\0" not in account  # which PostgreSQL takes in no text
        for total in balances(account) if is_sayable else ():
            words = _("Balance of %(account)s: %(total)s") % {"account": account, "total": total}
            self.message_user(request, words, messages.INFO)
        return super().changelist_view(request, extra_context)
