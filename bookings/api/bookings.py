"""The API of bookings: customers ask for a chef's time, owners decide."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.filters import BookingFilters
from bookings.models import Booking, Chef
from bookings.querysets import BookingQuerySet
from bookings.serializers.bookings import (
    BatchCreatedSerializer,
    BatchSerializer,
    BookingEditSerializer,
    BookingRequestSerializer,
    BookingSerializer,
    booking_as_json,
)
from bookings.serializers.reviews import ReviewSerializer, review_as_json
from bookings.services.deciding import (
    cancel_booking,
    complete_booking,
    confirm_booking,
    decline_booking,
    edit_booking,
)
from bookings.services.requesting import BookingRequest, request_booking, request_bookings
from bookings.services.reviews import write_review
from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.db.statements import rows_of
from softfactory.kernel.http import matched_versions
from softfactory.kernel.idempotency import idempotent


class BookingViewSet(ApiViewSet):
    """Bookings of the caller, as customer or as owner of the chef."""

    scope = "bookings"
    queryset = Booking.objects.all()
    serializer_class = BookingSerializer
    as_json = staticmethod(booking_as_json)
    filterset_class = BookingFilters

    def get_queryset(self) -> BookingQuerySet:
        return Booking.objects.visible_to(self.request.user).with_chef()

    def list(self, request: Request) -> Response:
        """List one's bookings, the last one made first."""
        user = request.user.pk
        chefs = [chef["id"] for chef in rows_of(Chef.objects.ids_owned_by, user)]
        return self.named_page_response(Booking.objects.of_customer_or_chefs, user, *chefs)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one booking."""
        return self.row_response(self.get_object())

    @extend_schema(request=BookingRequestSerializer)
    @idempotent
    def create(self, request: Request) -> Response:
        """Book a chef, at a time that is free or on a date.

        404 `chef_not_found` for a chef who is absent or takes no bookings, 409 `slot_taken` for a
        time that somebody has, 422 with the reason for one that is not offered.
        """
        wanted = BookingRequest(**BookingRequestSerializer.read(request.data))
        booking = request_booking(customer=request.user, request=wanted, now=clock.now())
        response = self.row_response(booking, status=201)
        response.headers["Location"] = f"{request.path}/{booking.pk}"
        return response

    @extend_schema(request=BookingEditSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change guests or requests, as the customer. The price follows."""
        booking = self.get_object()
        versions = matched_versions(request)
        body = BookingEditSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        changed = edit_booking(
            booking=booking,
            by=request.user,
            versions=versions,
            now=clock.now(),
            **body.validated_data,
        )
        return self.row_response(changed)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm a request, as the chef's owner, or one's own hold, as the customer."""
        return self._decide(request, confirm_booking)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def decline(self, request: Request, pk: str) -> Response:
        """Decline a request, as the chef's owner."""
        return self._decide(request, decline_booking)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel a booking that has not begun."""
        return self._decide(request, cancel_booking)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def complete(self, request: Request, pk: str) -> Response:
        """Say that a booking took place, as the chef's owner, once it is over."""
        return self._decide(request, complete_booking)

    @extend_schema(request=ReviewSerializer, responses={201: ReviewSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def review(self, request: Request, pk: str) -> Response:
        """Review a completed booking, as its customer."""
        body = ReviewSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        review = write_review(
            booking=self.get_object(), author=request.user, now=clock.now(), **body.validated_data
        )
        return Response(review_as_json(vars(review)), status=201)

    def _decide(self, request: Request, decide: Callable[..., Booking]) -> Response:
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        booking = decide(booking=self.get_object(), by=request.user, now=clock.now())
        return self.row_response(booking)


class BatchViewSet(ApiViewSet):
    """Several bookings at once."""

    scope = "bookings"
    queryset = Booking.objects.all()
    serializer_class = BatchSerializer

    @extend_schema(responses={201: BatchCreatedSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Make up to 50 bookings, or none of them if one can't be had.

        `errors` of a refusal says which could not and why, its field `bookings.<index>`.
        """
        items = BatchSerializer.read(request.data)["bookings"]
        wanted = [BookingRequest(**item) for item in items]
        bookings = request_bookings(customer=request.user, requests=wanted, now=clock.now())
        made = [booking_as_json(vars(booking)) for booking in bookings]
        return Response({"created": len(made), "bookings": made}, status=201)
