"""The API of subscriptions: customers subscribe, see what a change costs, change, pause, end."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.idempotency import Begun, idempotent
from softfactory.kernel.problems import DomainError
from softfactory.payments.services.refusals import explain
from subscriptions.filters import SubscriptionFilters
from subscriptions.models import Subscription
from subscriptions.querysets import SubscriptionQuerySet
from subscriptions.serializers.subscriptions import (
    ChangeSerializer,
    PreviewSerializer,
    SubscribeSerializer,
    SubscriptionSerializer,
    WhenSerializer,
    preview_as_json,
    subscription_as_json,
)
from subscriptions.services import stopping
from subscriptions.services.changing import NOW, change_plan, preview_change
from subscriptions.services.paying import settle_payments_of
from subscriptions.services.subscribing import subscribe


class SubscriptionViewSet(ApiViewSet):
    """The caller's subscriptions."""

    scope = "subscriptions"
    queryset = Subscription.objects.all()
    serializer_class = SubscriptionSerializer
    as_json = staticmethod(subscription_as_json)
    filterset_class = SubscriptionFilters

    def get_queryset(self) -> SubscriptionQuerySet:
        return Subscription.objects.visible_to(self.request.user).with_words()

    def list(self, request: Request) -> Response:
        """List one's subscriptions, the last one first."""
        return self.page_response(Subscription.objects.visible_to(request.user))

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one subscription."""
        return self.row_response(self.get_object())

    @extend_schema(request=SubscribeSerializer)
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Subscribe to a plan: on trial, or with a first period that one's card pays.

        A card that is declined is a 422, and nothing has begun. While a bank asks its customer
        the subscription is `past_due` and allows nothing; the payment says where to go on.
        """
        wish = self._read(SubscribeSerializer, request)
        return Begun(subscribe(user=request.user, now=clock.now(), **wish).pk)

    def finish_create(self, request: Request, made: str) -> Response:
        subscription = self.get_queryset().get(pk=made)
        payment = settle_payments_of(subscription, now=clock.now())
        if payment is not None and payment.state == payment.State.FAILED:
            raise DomainError(payment.failure, explain(payment.failure))
        response = self._show(subscription, status=201)
        response.headers["Location"] = f"{request.path}/{made}"
        return response

    @extend_schema(request=ChangeSerializer, responses=PreviewSerializer)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str) -> Response:
        """Show what a change of plan would charge or credit, to the unit; it changes nothing."""
        wish = self._read(ChangeSerializer, request)
        preview = preview_change(subscription=self.get_object(), now=clock.now(), **wish)
        return Response(preview_as_json(preview))

    @extend_schema(request=ChangeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def change(self, request: Request, pk: str) -> HttpResponse:
        """Change to another plan of the product, now or with the next period.

        Without `at`, a plan of lower rank is for the next period, and any other one for now.
        """
        wish = self._read(ChangeSerializer, request)
        change_plan(subscription=self.get_object(), now=clock.now(), **wish)
        return Begun(pk)

    def finish_change(self, request: Request, made: str) -> Response:
        subscription = self.get_queryset().get(pk=made)
        settle_payments_of(subscription, now=clock.now())
        return self._show(subscription)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def pause(self, request: Request, pk: str) -> Response:
        """Pause. What is left of the period is kept for later."""
        return self._do(request, stopping.pause, self._read(StrictSerializer, request))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def resume(self, request: Request, pk: str) -> Response:
        """Go on after a pause, or take back a cancellation that waits for the period's end."""
        return self._do(request, stopping.resume, self._read(StrictSerializer, request))

    @extend_schema(request=WhenSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: str) -> Response:
        """Let it end with its period, or now; then nothing is given back."""
        at_once = self._read(WhenSerializer, request)["at"] == NOW
        return self._do(request, stopping.cancel, {"at_once": at_once})

    def _read(self, serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
        body = serializer(data=request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def _do(self, request: Request, do: Callable[..., Subscription], wish: dict) -> Response:
        return self._show(do(subscription=self.get_object(), now=clock.now(), **wish))

    def _show(self, subscription: Subscription, *, status: int = 200) -> Response:
        return self.row_response(self.get_queryset().get(pk=subscription.pk), status=status)
