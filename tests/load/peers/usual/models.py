"""The site's users and chefs, read as they are; bookings in a table of their own."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class User(AbstractBaseUser):
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"

    class Meta:
        managed = False
        db_table = "accounts_user"


class Chef(models.Model):
    owner = models.ForeignKey(User, models.PROTECT)
    name = models.CharField(max_length=100)
    bio = models.TextField()
    cuisine = models.CharField(max_length=60)
    location = models.CharField(max_length=100)
    picture = models.SlugField(max_length=60)
    is_active = models.BooleanField()
    instant_booking = models.BooleanField()
    max_guests = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    session_rate_amount = models.BigIntegerField()
    hourly_rate_amount = models.BigIntegerField()
    price_per_guest_amount = models.BigIntegerField()
    review_count = models.PositiveIntegerField()
    rating_hundredths = models.PositiveSmallIntegerField()
    timezone = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "bookings_chef"

    @property
    def rating(self):
        return self.rating_hundredths / 100 if self.review_count else None

    @property
    def picture_url(self):
        return f"/static/{self.picture}.svg" if self.picture else None

    def money(self, name):
        return {"amount": getattr(self, f"{name}_amount"), "currency": self.currency}


class Booking(models.Model):
    chef = models.ForeignKey(Chef, models.PROTECT)
    customer = models.ForeignKey(User, models.PROTECT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    duration_hours = models.PositiveSmallIntegerField()
    guests = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, default="pending")
    currency = models.CharField(max_length=3)
    total_amount = models.BigIntegerField()
    special_requests = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "usual_booking"
        indexes = [models.Index(fields=["chef", "starts_at"], name="usual_booking_chef")]
