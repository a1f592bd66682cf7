"""The API of invoices: customers read theirs, and pay what is open with another card."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.idempotency import idempotent
from subscriptions.filters import InvoiceFilters
from subscriptions.models import Invoice
from subscriptions.querysets import InvoiceQuerySet
from subscriptions.serializers.invoices import InvoiceSerializer, invoice_as_json
from subscriptions.services.dunning import pay_invoice


class InvoiceViewSet(ApiViewSet):
    """The caller's invoices and credit notes."""

    scope = "subscriptions"
    queryset = Invoice.objects.all()
    serializer_class = InvoiceSerializer
    as_json = staticmethod(invoice_as_json)
    filterset_class = InvoiceFilters
    ordering = ("-issued_at", "-id")

    def get_queryset(self) -> InvoiceQuerySet:
        return Invoice.objects.visible_to(self.request.user).with_lines()

    def list(self, request: Request) -> Response:
        """List one's invoices and credit notes, the last one first."""
        return self.page_response(Invoice.objects.visible_to(request.user))

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one invoice with its lines."""
        return self.row_response(self.get_object())

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def pay(self, request: Request, pk: str) -> Response:
        """Let one's card pay an invoice whose payment failed, before its next attempt.

        It answers before the card does: read it again.
        """
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        invoice = self.get_object()
        pay_invoice(invoice=invoice, now=clock.now())
        return self.row_response(self.get_queryset().get(pk=invoice.pk))
