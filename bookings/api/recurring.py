"""The API of bookings that repeat."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.bookings import BatchViewSet
from bookings.serializers.bookings import (
    RecurringAnswerSerializer,
    RecurringSerializer,
    occurrence_as_json,
)
from bookings.services.repeating import Repeat, occurrences, repeat_booking
from bookings.services.requesting import BookingRequest
from softfactory.kernel import clock
from softfactory.kernel.idempotency import Begun, idempotent


class RecurringViewSet(BatchViewSet):
    """A visit that repeats, every so many weeks."""

    serializer_class = RecurringSerializer

    @extend_schema(responses={200: RecurringAnswerSerializer, 201: RecurringAnswerSerializer})
    @idempotent
    def create(self, request: Request) -> HttpResponse:
        """Book every occurrence, or none if one clashes; `errors` names each, as a batch does.

        With `check`, 200 and `occurrences`: which can be had, and why others can't. They repeat by
        the chef's clock.
        """
        items = RecurringSerializer.read(request.data)
        repeat, is_check = Repeat(**items.pop("repeat")), items.pop("check")
        asked = {"request": BookingRequest(**items), "repeat": repeat, "now": clock.now()}
        if is_check:
            rows = [occurrence_as_json(row) for row in occurrences(**asked)]
            return Response({"created": 0, "bookings": [], "occurrences": rows})
        bookings = repeat_booking(customer=request.user, **asked)
        if any(booking.policy_id for booking in bookings):
            return Begun(",".join(str(booking.pk) for booking in bookings))
        return self._created(bookings)
