"""The API of bookings: customers ask for a chef's time, owners decide."""

from collections.abc import Callable, Iterable

from django.http import HttpResponse
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
    RescheduleSerializer,
    booking_as_json,
)
from bookings.serializers.money import (
    CancellationSerializer,
    CancelSerializer,
    cancellation_as_json,
)
from bookings.services.cancelling import preview_cancellation
from bookings.services.deciding import (
    cancel_booking,
    complete_booking,
    confirm_booking,
    decline_booking,
    edit_booking,
    mark_no_show,
)
from bookings.services.paying import begin_payment, conclude, settle_payments_of
from bookings.services.requesting import BookingRequest, request_booking, request_bookings
from bookings.services.rescheduling import NewTime, reschedule_booking
from softfactory.kernel import clock
from softfactory.kernel.api.fields import StrictSerializer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.db.statements import rows_of
from softfactory.kernel.http import matched_versions
from softfactory.kernel.idempotency import Begun, idempotent
from softfactory.kernel.problems import DomainError
from softfactory.payments.services.refusals import explain


class BookingViewSet(ApiViewSet):
    """Bookings of the caller, as customer or as owner of the chef."""

    scope = "bookings"
    queryset = Booking.objects.all()
    serializer_class = BookingSerializer
    as_json = staticmethod(booking_as_json)
    filterset_class = BookingFilters

    def get_queryset(self) -> BookingQuerySet:
        return Booking.objects.visible_to(self.request.user).with_chef().with_policy()

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
    def create(self, request: Request) -> HttpResponse:
        """Book a chef, at a time that is free or on a date.

        404 `chef_not_found` for a chef who is absent or takes no bookings, 409 `slot_taken` for a
        time that somebody has, 422 with the reason for one that is not offered. A chef who is
        paid here is booked once one's card has paid what is asked upfront: a card that is
        declined is a 422, and nothing is booked; while a bank asks its customer, it is `held`.
        """
        wanted = BookingRequest(**BookingRequestSerializer.read(request.data))
        booking = request_booking(customer=request.user, request=wanted, now=clock.now())
        if booking.policy_id and not wanted.hold:
            return Begun(booking.pk)
        return self._created(request, booking)

    def finish_create(self, request: Request, made: str) -> Response:
        conclude([self.get_queryset().get(pk=made)], now=clock.now())
        return self._created(request, self.get_queryset().get(pk=made))

    def _created(self, request: Request, booking: Booking) -> Response:
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
        """Confirm a request, as the chef's owner, or one's own hold, as the customer.

        A hold of a chef who is paid here is paid for instead.
        """
        return self._decide(request, confirm_booking)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def pay(self, request: Request, pk: str) -> HttpResponse:
        """Let one's card pay what is asked for one's hold, or what could not be charged before.

        A card that is declined is a 422; the hold stays, until its time is up.
        """
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        begin_payment(booking=self.get_object(), by=request.user, now=clock.now())
        return Begun(pk)

    def finish_pay(self, request: Request, made: str) -> Response:
        payment = settle_payments_of(self.get_queryset().get(pk=made), now=clock.now())
        if payment is not None and payment.state == payment.State.FAILED:
            raise DomainError(payment.failure, explain(payment.failure))
        return self.row_response(self.get_queryset().get(pk=made))

    @extend_schema(responses=CancellationSerializer)
    @action(detail=True, url_path="cancellation-preview")
    def cancellation_preview(self, request: Request, pk: str) -> Response:
        """Show what would be given back, and what kept, if the booking were cancelled now."""
        booking = self.get_object()
        cancellation = preview_cancellation(booking=booking, by=request.user, now=clock.now())
        return Response(cancellation_as_json(cancellation))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def decline(self, request: Request, pk: str) -> Response:
        """Decline a request, as the chef's owner."""
        return self._decide(request, decline_booking)

    @extend_schema(request=CancelSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel a booking that has not begun. What is kept of its price was agreed.

        409 `refund_changed` if another amount than `refund` would be given back.
        """
        wish = CancelSerializer.read(request.data)
        booking = self.get_object()
        return self.row_response(
            cancel_booking(booking=booking, by=request.user, now=clock.now(), **wish)
        )

    @extend_schema(request=RescheduleSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def reschedule(self, request: Request, pk: str) -> Response:
        """Move a booking that has not begun to another time that is offered.

        Its own time counts as free, and is given up once the new one is taken. Moved by the
        customer, it waits for the chef's confirmation anew unless the chef takes bookings at once.
        """
        to = NewTime(**RescheduleSerializer.read(request.data))
        booking = self.get_object()
        return self.row_response(
            reschedule_booking(booking=booking, by=request.user, to=to, now=clock.now())
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def complete(self, request: Request, pk: str) -> Response:
        """Say that a booking took place, as the chef's owner, once it is over."""
        return self._decide(request, complete_booking)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="no-show")
    @idempotent
    def no_show(self, request: Request, pk: str) -> Response:
        """Say that nobody was there, as the chef's owner, half an hour after it began."""
        return self._decide(request, mark_no_show)

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
    def create(self, request: Request) -> HttpResponse:
        """Make up to 50 bookings, or none of them if one can't be had.

        `errors` of a refusal says which could not and why, its field `bookings.<index>`. If one
        can't be paid for, all are cancelled.
        """
        items = BatchSerializer.read(request.data)["bookings"]
        wanted = [BookingRequest(**item) for item in items]
        bookings = request_bookings(customer=request.user, requests=wanted, now=clock.now())
        if any(booking.policy_id for booking in bookings):
            return Begun(",".join(str(booking.pk) for booking in bookings))
        return self._created(bookings)

    def finish_create(self, request: Request, made: str) -> Response:
        pks = made.split(",")
        conclude(list(Booking.objects.filter(pk__in=pks)), now=clock.now())
        return self._created(Booking.objects.filter(pk__in=pks).order_by("pk"))

    def _created(self, bookings: Iterable[Booking]) -> Response:
        made = [booking_as_json(vars(booking)) for booking in bookings]
        return Response({"created": len(made), "bookings": made}, status=201)
