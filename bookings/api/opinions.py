"""The API of what the two sides of a booking say of each other."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import Booking
from bookings.querysets import BookingQuerySet
from bookings.serializers.reviews import (
    AnswerSerializer,
    BookingReviewsSerializer,
    OpinionSerializer,
    QuotingSerializer,
    ReviewSerializer,
    opinion_as_json,
    review_as_json,
    reviews_as_json,
)
from bookings.services.reviews import answer_review, let_quote, write_review
from softfactory.kernel import clock
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.idempotency import idempotent


class OpinionViewSet(ApiViewSet):
    """Reviews of the caller's bookings, from either side."""

    scope = "bookings"
    queryset = Booking.objects.all()
    serializer_class = OpinionSerializer
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> BookingQuerySet:
        return Booking.objects.visible_to(self.request.user).with_chef().with_reviews()

    @extend_schema(responses=BookingReviewsSerializer)
    @action(detail=True)
    def reviews(self, request: Request, pk: str) -> Response:
        """Show what both sides say; the other side's once it is published."""
        return Response(reviews_as_json(self.get_object(), request.user.pk))

    @extend_schema(request=OpinionSerializer, responses={201: OpinionSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def review(self, request: Request, pk: str) -> Response:
        """Review a completed booking: the chef, as its customer, or the customer, as the chef.

        It is published once the other side has written too, 14 days after completion at last.
        """
        body = OpinionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        opinion = write_review(
            booking=self.get_object(), author=request.user, now=clock.now(), **body.validated_data
        )
        return Response(opinion_as_json(opinion), status=201)

    @extend_schema(request=QuotingSerializer, responses=OpinionSerializer)
    @action(detail=True, methods=["post"], url_path="review-quoting")
    @idempotent
    def let_quote(self, request: Request, pk: str) -> Response:
        """Let the chef quote what one said of them, as the customer, or no more.

        What quotes it and has not gone out yet will not, once it may not be quoted.
        """
        wish = QuotingSerializer.read(request.data)
        review = let_quote(booking=self.get_object(), by=request.user, **wish)
        return Response(opinion_as_json(review))

    @extend_schema(request=AnswerSerializer, responses={201: ReviewSerializer})
    @action(detail=True, methods=["post"], url_path="review-answer")
    @idempotent
    def answer(self, request: Request, pk: str) -> Response:
        """Answer what a customer said, as the chef's owner, once, for everybody to read."""
        text = AnswerSerializer.read(request.data)["text"]
        review = answer_review(
            booking=self.get_object(), by=request.user, text=text, now=clock.now()
        )
        return Response(review_as_json(vars(review)), status=201)
