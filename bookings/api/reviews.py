"""The API of a chef's reviews, which everybody reads."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.models import Chef, Review
from bookings.serializers.reviews import ReviewSerializer, review_as_json
from softfactory.kernel.api.filters import refuse_unknown_parameters
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http import cached_reads


class ReviewViewSet(ApiViewSet):
    """What customers said of a chef who takes bookings."""

    scope = "bookings"
    public_actions = frozenset({"reviews"})
    queryset = Chef.objects.all()
    serializer_class = ReviewSerializer
    as_json = staticmethod(review_as_json)
    filter_backends = ()

    @extend_schema(responses=ReviewSerializer(many=True))
    @action(detail=True)
    @cached_reads("chefs:{pk}")
    def reviews(self, request: Request, pk: str) -> Response:
        """List a chef's reviews, the last one first."""
        refuse_unknown_parameters(request, {"limit", "cursor"})
        reviews = Review.objects.published().filter(chef=pk, chef__is_active=True)
        response = self.page_response(reviews)
        if not response.data["results"]:
            get_object_or_404(Chef.objects.active(), pk=pk)
        return response
