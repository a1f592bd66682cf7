"""A booking as a file for one's calendar."""

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from bookings.models import Booking
from bookings.serializers.bookings import BookingSerializer
from bookings.services.documents import bookings_as_calendar
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.calendars import CONTENT_TYPE
from softfactory.kernel.http import file_response


class CalendarFileViewSet(ApiViewSet):
    """Bookings of the caller, for calendars."""

    scope = "bookings"
    queryset = Booking.objects.all()
    serializer_class = BookingSerializer
    filter_backends = ()

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR})
    def show(self, request: Request, pk: int) -> HttpResponse:
        """Return one booking as an iCalendar file, in one's own language (RFC 5545).

        Its UID stays, its SEQUENCE rises with each change, and one that was called off says so.
        """
        rows = Booking.objects.visible_to(request.user).with_parties()
        booking = get_object_or_404(rows.fetch_mode(models.FETCH_RAISE), pk=pk)
        content = bookings_as_calendar([booking], reader=request.user)
        return file_response(content, CONTENT_TYPE, f"booking-{pk}.ics")
