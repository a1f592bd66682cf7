"""Webhooks out: one's endpoints, and what became of what they were told."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from softfactory.accounts.filters import DeliveryFilters
from softfactory.accounts.models import WebhookDelivery, WebhookEndpoint
from softfactory.accounts.querysets import WebhookDeliveryQuerySet, WebhookEndpointQuerySet
from softfactory.accounts.serializers import (
    EndpointEditSerializer,
    NewEndpointSerializer,
    SecretEndpointSerializer,
    ShownDeliverySerializer,
    WebhookDeliverySerializer,
    WebhookEndpointSerializer,
    delivery_as_json,
    endpoint_as_json,
    shown_delivery_as_json,
)
from softfactory.accounts.services.delivering import send_again
from softfactory.accounts.services.emitting import send_ping
from softfactory.accounts.services.endpoints import (
    NewSecret,
    create_endpoint,
    delete_endpoint,
    edit_endpoint,
    rotate_secret,
)
from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import etag_of, matched_versions
from softfactory.kernel.idempotency import idempotent, refuse_key


@extend_schema(tags=["webhooks"])
class EndpointViewSet(ApiViewSet):
    """One's own servers that are told of events."""

    scope = "accounts"
    queryset = WebhookEndpoint.objects.all()
    serializer_class = WebhookEndpointSerializer
    as_json = staticmethod(endpoint_as_json)

    def get_queryset(self) -> WebhookEndpointQuerySet:
        return WebhookEndpoint.objects.visible_to(self.request.user)

    def list(self, request: Request) -> Response:
        """List one's endpoints, the last one first, without their secrets."""
        return self.page_response(self.get_queryset())

    @extend_schema(request=NewEndpointSerializer, responses={201: SecretEndpointSerializer})
    def create(self, request: Request) -> Response:
        """Let a server be told of events. Its secret is in this answer and nowhere else."""
        refuse_key(request)
        wanted = self._read(NewEndpointSerializer, request)
        made = create_endpoint(user=request.user, now=clock.now(), **wanted)
        response = self._with_secret(made, status=201)
        response.headers["Location"] = f"{request.path}/{made.endpoint.pk}"
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one endpoint, without its secret."""
        return self.row_response(self.get_object())

    @extend_schema(request=EndpointEditSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change address or events, or switch it off and on."""
        endpoint = self.get_object()
        versions = matched_versions(request)
        wanted = self._read(EndpointEditSerializer, request)
        edited = edit_endpoint(endpoint=endpoint, versions=versions, now=clock.now(), **wanted)
        return self.row_response(edited)

    def destroy(self, request: Request, pk: str) -> Response:
        """Tell it nothing any more. What was told is forgotten with the events."""
        endpoint = self.get_object()
        versions = matched_versions(request) if "If-Match" in request.headers else None
        delete_endpoint(endpoint=endpoint, versions=versions, now=clock.now())
        return Response(status=204)

    @extend_schema(request=None, responses=SecretEndpointSerializer)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, pk: str) -> Response:
        """Give it a new secret, shown in this answer alone. The old one signs too for 24 hours."""
        refuse_key(request)
        self._read(StrictSerializer, request)
        return self._with_secret(rotate_secret(endpoint=self.get_object(), now=clock.now()))

    @extend_schema(request=None, responses={201: WebhookDeliverySerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def test(self, request: Request, pk: str) -> HttpResponse:
        """Send a `ping`, soon. The delivery tells what becomes of it."""
        self._read(StrictSerializer, request)
        delivery = send_ping(endpoint=self.get_object(), now=clock.now())
        return _shown(delivery, status=201)

    def _read(self, serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
        body = serializer(data=request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def _with_secret(self, made: NewSecret, *, status: int = 200) -> Response:
        body = endpoint_as_json(vars(made.endpoint)) | {"secret": made.secret}
        return Response(body, status=status, headers={"ETag": etag_of(made.endpoint)})


@extend_schema(tags=["webhooks"])
class DeliveryViewSet(ApiViewSet):
    """What one's endpoints were told, or are to be told."""

    scope = "accounts"
    queryset = WebhookDelivery.objects.all()
    serializer_class = WebhookDeliverySerializer
    as_json = staticmethod(delivery_as_json)
    filterset_class = DeliveryFilters

    def get_queryset(self) -> WebhookDeliveryQuerySet:
        return WebhookDelivery.objects.visible_to(self.request.user).with_message()

    def list(self, request: Request) -> Response:
        """List deliveries, the last one first."""
        return self.page_response(WebhookDelivery.objects.visible_to(request.user))

    @extend_schema(responses=ShownDeliverySerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one with what is told, and every attempt."""
        delivery = self.get_object()
        return Response(shown_delivery_as_json(delivery), headers={"ETag": etag_of(delivery)})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def resend(self, request: Request, pk: str) -> HttpResponse:
        """Send one that has ended once more, soon, under the same `webhook-id`."""
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        delivery = self.get_object()
        send_again(delivery=delivery, now=clock.now())
        delivery = self.get_queryset().get(pk=delivery.pk)
        return _shown(delivery)


def _shown(delivery: WebhookDelivery, *, status: int = 200) -> Response:
    body = delivery_as_json(vars(delivery) | {"event__type": delivery.event.type})
    return Response(body, status=status, headers={"ETag": etag_of(delivery)})


router = SimpleRouter(trailing_slash=False)
router.register("webhook-endpoints", EndpointViewSet, basename="webhook-endpoint")
router.register("webhook-deliveries", DeliveryViewSet, basename="webhook-delivery")

urlpatterns = router.urls
