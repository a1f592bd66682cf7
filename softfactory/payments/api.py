"""The API of payments: one's cards and payments, the ledger for staff, and Stripe's webhook."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.throttling import BaseThrottle

from softfactory.kernel import clock
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.idempotency import Begun, idempotent
from softfactory.payments.models import Card, LedgerTransaction, Payment
from softfactory.payments.querysets import CardQuerySet, PaymentQuerySet
from softfactory.payments.serializers import (
    CardSerializer,
    PaymentSerializer,
    ReceiptSerializer,
    TransactionSerializer,
    card_as_json,
    payment_as_json,
    transaction_as_json,
)
from softfactory.payments.services import cards
from softfactory.payments.services.inbox import receive_event
from softfactory.payments.webhooks import read_event


class CardViewSet(ApiViewSet):
    """One's own cards. The newest one pays."""

    scope = "subscriptions"
    queryset = Card.objects.all()
    serializer_class = CardSerializer
    as_json = staticmethod(card_as_json)

    def get_queryset(self) -> CardQuerySet:
        return Card.objects.of(self.request.user)

    def list(self, request: Request) -> Response:
        """List one's cards, the one that pays first."""
        return self.page_response(self.get_queryset())

    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Add a card, which is the one that pays from now on, by the token of the gateway."""
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Begun(wanted.validated_data["token"])

    def finish_create(self, request: Request, token: str) -> Response:
        card = cards.add_card(user=request.user, token=token, now=clock.now())
        return Response(card_as_json(vars(card)), status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Remove one of one's cards; nothing is charged to it any more."""
        cards.remove_card(card=self.get_object(), now=clock.now())
        return Response(status=204)


class PaymentViewSet(ApiViewSet):
    """What one paid, and what one tried to."""

    scope = "subscriptions"
    queryset = Payment.objects.all()
    serializer_class = PaymentSerializer
    as_json = staticmethod(payment_as_json)

    def get_queryset(self) -> PaymentQuerySet:
        return Payment.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List one's payments, newest first."""
        return self.page_response(self.get_queryset())


class LedgerViewSet(ApiViewSet):
    """Every movement of money on the platform."""

    scope = "subscriptions"
    staff_actions = frozenset({"list"})
    queryset = LedgerTransaction.objects.all()
    serializer_class = TransactionSerializer
    as_json = staticmethod(transaction_as_json)

    def list(self, request: Request) -> Response:
        """List the ledger's events with their entries, newest first, as staff."""
        return self.page_response(LedgerTransaction.objects.all())


class StripeWebhookViewSet(ApiViewSet):
    """Where Stripe tells of events. Who it is shows by the signature."""

    scope = "subscriptions"
    public_actions = frozenset({"receive"})

    def get_throttles(self) -> list[BaseThrottle]:
        return []  # Stripe sends as many as there are

    @extend_schema(
        request={"application/json": {"type": "object"}},
        responses=ReceiptSerializer,
        parameters=[
            OpenApiParameter("Stripe-Signature", str, OpenApiParameter.HEADER, required=True)
        ],
    )
    def receive(self, request: Request, **kwargs: Any) -> Response:
        """Take an event, once."""
        now = clock.now()
        event = read_event(
            request.body,
            request.headers.get("Stripe-Signature", ""),
            secrets=settings.STRIPE_WEBHOOK_SECRETS,
            now=now,
        )
        is_new = receive_event(gateway="stripe", now=now, **event._asdict())
        return Response({"received": True, "duplicate": not is_new})


router = SimpleRouter(trailing_slash=False)
router.register("cards", CardViewSet, basename="card")
router.register("payments", PaymentViewSet, basename="payment")
router.register("ledger", LedgerViewSet, basename="ledger")

urlpatterns = [
    path("webhooks/stripe", StripeWebhookViewSet.as_view({"post": "receive"}), name="stripe"),
    *router.urls,
]
