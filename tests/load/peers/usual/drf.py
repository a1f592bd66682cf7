"""REST framework with its defaults: viewsets of models, and a booking behind a lock on its chef."""

from datetime import timedelta

from django.db import transaction
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_page
from rest_framework import serializers, viewsets
from rest_framework.authentication import TokenAuthentication
from rest_framework.permissions import IsAuthenticated

from tests.load.peers.usual.models import Booking, Chef


class ChefSerializer(serializers.ModelSerializer):
    hourly_rate = serializers.SerializerMethodField()
    session_rate = serializers.SerializerMethodField()
    price_per_guest = serializers.SerializerMethodField()
    rating = serializers.FloatField()
    picture = serializers.CharField(source="picture_url")

    class Meta:
        model = Chef
        fields = [
            "id",
            "owner_id",
            "name",
            "bio",
            "cuisine",
            "location",
            "timezone",
            "hourly_rate",
            "session_rate",
            "price_per_guest",
            "max_guests",
            "is_active",
            "instant_booking",
            "rating",
            "review_count",
            "picture",
            "created_at",
            "updated_at",
        ]

    def get_hourly_rate(self, chef):
        return chef.money("hourly_rate")

    def get_session_rate(self, chef):
        return chef.money("session_rate")

    def get_price_per_guest(self, chef):
        return chef.money("price_per_guest")


class ChefViewSet(viewsets.ModelViewSet):
    queryset = Chef.objects.filter(is_active=True)
    serializer_class = ChefSerializer


@method_decorator(cache_page(600), name="list")
class KeptChefViewSet(ChefViewSet):
    """The same, kept for ten minutes."""


class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
        fields = [
            "id",
            "chef",
            "customer",
            "starts_at",
            "ends_at",
            "duration_hours",
            "guests",
            "status",
            "currency",
            "total_amount",
            "special_requests",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["customer", "ends_at", "status", "currency", "total_amount"]


class BookingViewSet(viewsets.ModelViewSet):
    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]
    queryset = Booking.objects.order_by("-created_at")
    serializer_class = BookingSerializer

    def get_queryset(self):
        return super().get_queryset().filter(customer=self.request.user)

    @transaction.atomic
    def perform_create(self, serializer):
        wanted = serializer.validated_data
        chef = Chef.objects.select_for_update().get(pk=wanted["chef"].pk)
        hours = wanted["duration_hours"]
        starts_at = wanted["starts_at"]
        ends_at = starts_at + timedelta(hours=hours)
        in_the_way = Booking.objects.filter(
            chef=chef,
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
            status__in=["held", "pending", "confirmed"],
        )
        if in_the_way.exists():
            raise serializers.ValidationError("This time is taken.")
        total = (
            chef.session_rate_amount
            + hours * chef.hourly_rate_amount
            + wanted["guests"] * chef.price_per_guest_amount
        )
        serializer.save(
            customer=self.request.user, ends_at=ends_at, currency=chef.currency, total_amount=total
        )
