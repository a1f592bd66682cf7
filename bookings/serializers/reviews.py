"""A review as JSON."""

from bookings.models import Review
from softfactory.kernel.api.fields import StrictModelSerializer


class ReviewSerializer(StrictModelSerializer):
    """What a customer said of a booking, under the name of that moment."""

    class Meta:
        model = Review
        fields = ["id", "rating", "text", "author_name", "created_at"]
        read_only_fields = ["author_name", "created_at"]
        extra_kwargs = {"text": {"default": ""}}
