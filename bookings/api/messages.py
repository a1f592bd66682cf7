"""The API of what the two sides of a booking write to each other."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import Booking, Message
from bookings.querysets import BookingQuerySet
from bookings.serializers.messages import MessageSerializer, message_as_json
from bookings.services.messaging import write_message
from softfactory.kernel import clock
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.idempotency import idempotent


class MessageViewSet(ApiViewSet):
    """Messages about bookings of the caller, as customer or as owner of the chef."""

    scope = "bookings"
    queryset = Booking.objects.all()
    serializer_class = MessageSerializer
    as_json = staticmethod(message_as_json)
    filter_backends = ()

    def get_queryset(self) -> BookingQuerySet:
        return Booking.objects.visible_to(self.request.user).with_chef()

    @extend_schema(responses=MessageSerializer(many=True))
    @action(detail=True)
    def messages(self, request: Request, pk: str) -> Response:
        """List the messages about a booking, the last one first."""
        return self.page_response(Message.objects.of_booking(self.get_object()))

    @extend_schema(responses={201: MessageSerializer})
    @messages.mapping.post
    @idempotent
    def write_message(self, request: Request, pk: str) -> Response:
        """Write to the other side, who is told by e-mail. Nobody takes a message back."""
        body = MessageSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        message = write_message(
            booking=self.get_object(), author=request.user, now=clock.now(), **body.validated_data
        )
        return Response(message_as_json(vars(message)), status=201)
