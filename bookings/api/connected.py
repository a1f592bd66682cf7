"""The API of connected calendars: a chef's owner connects, tries, and disconnects them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import BusyCalendar, Chef, ConnectedCalendar
from bookings.querysets import BusyCalendarQuerySet
from bookings.serializers.connected import (
    ConnectedCalendarSerializer,
    NewConnectionSerializer,
    connected_as_json,
)
from bookings.services.busy import read_soon
from bookings.services.connecting import check_calendar, connect_calendar, disconnect_calendar
from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.filters import refuse_unknown_parameters
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.idempotency import Begun, idempotent
from softfactory.kernel.problems import InvalidRequest

EVENTS = OpenApiParameter("events", enum=["leave", "remove"], description="What becomes of ours.")


class ChefConnectionsViewSet(ApiViewSet):
    """The connected calendars of one's own chef."""

    scope = "bookings"
    queryset = Chef.objects.all()
    serializer_class = ConnectedCalendarSerializer
    as_json = staticmethod(connected_as_json)
    filter_backends = ()

    @extend_schema(responses=ConnectedCalendarSerializer(many=True))
    @action(detail=True, url_path="connected-calendars")
    def connected_calendars(self, request: Request, pk: str) -> Response:
        """List them, the last one connected first. Of what opens them nothing is shown."""
        refuse_unknown_parameters(request, {"limit", "cursor"})
        chef = get_object_or_404(Chef.objects.owned_by(request.user), pk=pk)
        return self.page_response(BusyCalendar.objects.connected().filter(chef=chef))

    @extend_schema(request=NewConnectionSerializer, responses={201: ConnectedCalendarSerializer})
    @connected_calendars.mapping.post
    @idempotent
    def connect_calendar(self, request: Request, pk: str) -> HttpResponse:
        """Connect a calendar by CalDAV, or connect it again with another password.

        Its server is asked. 422 `connect_refused` with what is wrong, `several_calendars` with the
        addresses of which one is to be sent.
        """
        chef = get_object_or_404(Chef.objects.owned_by(request.user), pk=pk)
        NewConnectionSerializer(data=request.data).is_valid(raise_exception=True)
        return Begun(chef.pk)

    def finish_connect_calendar(self, request: Request, made: str) -> Response:
        body = NewConnectionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        chef = Chef.objects.get(pk=made)
        connection = connect_calendar(chef=chef, now=clock.now(), **body.validated_data)
        return Response(_shown(connection.pk), status=201)


class ConnectedCalendarViewSet(ApiViewSet):
    """One connected calendar of one's own chef."""

    scope = "bookings"
    queryset = BusyCalendar.objects.all()
    serializer_class = ConnectedCalendarSerializer
    filter_backends = ()

    def get_queryset(self) -> BusyCalendarQuerySet:
        return BusyCalendar.objects.connected().owned_by(self.request.user).with_chef()

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show it: when it was read and written, and what is wrong."""
        return Response(_shown(self.get_object().pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Ask its server for it now. 422 `calendar_unreachable` with what is wrong."""
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        check_calendar(self._connection())
        return Response(_shown(int(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def sync(self, request: Request, pk: str) -> Response:
        """Let it be read whole, and what waits be written, within seconds."""
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        read_soon(calendar=self.get_object(), now=clock.now())
        return Response(_shown(int(pk)))

    @extend_schema(parameters=[EVENTS])
    def destroy(self, request: Request, pk: str) -> Response:
        """Disconnect it. The events of bookings stay there; `?events=remove` removes them."""
        refuse_unknown_parameters(request, {"events"})
        events = request.query_params.get("events", "leave")
        if events not in ("leave", "remove"):
            error = {"field": "events", "code": "invalid", "message": "leave, remove"}
            raise InvalidRequest("invalid", "events: leave, remove", errors=[error])
        disconnect_calendar(
            connection=self._connection(), removes_events=events == "remove", now=clock.now()
        )
        return Response(status=204)

    def _connection(self) -> ConnectedCalendar:
        rows = ConnectedCalendar.objects.owned_by(self.request.user).with_calendar()
        return get_object_or_404(rows, pk=self.kwargs["pk"])


def _shown(pk: int) -> dict[str, object]:
    return connected_as_json(BusyCalendar.objects.filter(pk=pk).shown().get())
