"""The API of invoices: customers read theirs, and pay what is open with another card."""

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import file_response
from softfactory.kernel.idempotency import Begun, idempotent
from subscriptions.filters import InvoiceFilters
from subscriptions.models import Invoice
from subscriptions.querysets import InvoiceQuerySet
from subscriptions.serializers.invoices import InvoiceSerializer, invoice_as_json
from subscriptions.services.dunning import pay_invoice
from subscriptions.services.paying import settle_payments_of


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

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def document(self, request: Request, pk: int) -> HttpResponse:
        """Return one invoice as a PDF, in one's own language."""
        from subscriptions.documents import invoice_as_pdf  # loads what few processes need

        rows = self.get_queryset().with_parties().fetch_mode(models.FETCH_RAISE)
        invoice = get_object_or_404(rows, pk=pk)
        document = invoice_as_pdf(invoice, language=request.user.language)
        return file_response(document, "application/pdf", f"{invoice}.pdf")

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def pay(self, request: Request, pk: str) -> HttpResponse:
        """Let one's card pay an invoice whose payment failed, before its next attempt."""
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        pay_invoice(invoice=self.get_object(), now=clock.now())
        return Begun(pk)

    def finish_pay(self, request: Request, made: str) -> Response:
        invoice = self.get_queryset().with_parties().get(pk=made)
        settle_payments_of(invoice.subscription, now=clock.now())
        return self.row_response(self.get_queryset().get(pk=made))
