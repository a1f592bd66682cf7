"""Booking: a chef's time that a customer asked for."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings import slots
from bookings.models.chef import MAX_BUFFER_MINUTES, Chef
from bookings.models.menu import Menu
from bookings.models.policy import Policy
from bookings.models.price import Price
from bookings.querysets import BookingQuerySet
from softfactory.kernel.db.functions import OnQuarterHour
from softfactory.kernel.db.models import PeersManager, Versioned
from softfactory.kernel.money import DEFAULT_CURRENCY, Money

if TYPE_CHECKING:
    from bookings.models.review import GuestReview, Review

LONGEST_HOURS = 24


class Booking(Versioned):
    """One visit of a chef. Zone, buffers and prices are those of the moment it was made."""

    class Status(models.TextChoices):
        HELD = "held", pgettext_lazy("booking", "Held")
        PENDING = "pending", pgettext_lazy("booking", "Waiting for the chef")
        CONFIRMED = "confirmed", pgettext_lazy("booking", "Confirmed")
        COMPLETED = "completed", pgettext_lazy("booking", "Completed")
        DECLINED = "declined", pgettext_lazy("booking", "Declined")
        CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")
        EXPIRED = "expired", pgettext_lazy("booking", "Expired")
        NO_SHOW = "no_show", pgettext_lazy("booking", "Nobody came")

    class PaymentStatus(models.TextChoices):
        NONE = "none", pgettext_lazy("booking", "Not paid here")
        DUE = "due", pgettext_lazy("booking", "To be paid")
        HELD = "held", pgettext_lazy("booking", "Held on the card")
        PART_PAID = "part_paid", pgettext_lazy("booking", "Paid in part")
        PAID = "paid", pgettext_lazy("booking", "Paid")
        FAILED = "failed", pgettext_lazy("booking", "Payment failed")
        RETURNED = "returned", pgettext_lazy("booking", "Not charged, or given back")

    #: What payments call a booking that they are for.
    SUBJECT = "bookings.booking"
    #: What takes a chef's time, and so may not overlap.
    OCCUPYING = (Status.HELD, Status.PENDING, Status.CONFIRMED)

    chef = models.ForeignKey(
        Chef, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    status = models.CharField(_("state"), max_length=9, choices=Status, default=Status.PENDING)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    timezone = models.CharField(_("time zone"), max_length=64)
    duration_hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HOURS)]
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    buffer_after_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    guests = models.PositiveSmallIntegerField(_("guests"), validators=[MinValueValidator(1)])
    # What is cooked, under its name of the moment; None for a visit by the hour.
    menu = models.ForeignKey(
        Menu, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    menu_title = models.CharField(_("menu"), max_length=100, blank=True)
    special_requests = models.TextField(_("requests"), max_length=2000, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    # A part of both buffers.
    travel_minutes = models.PositiveSmallIntegerField(_("on the way, minutes"), default=0)
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # The last time that it was moved, and where it was before.
    reminded_at = models.DateTimeField(null=True, editable=False)
    moved_at = models.DateTimeField(_("moved"), null=True, blank=True)
    moved_from = models.DateTimeField(_("started before"), null=True, blank=True)

    # What was agreed; None if it is not paid here.
    policy = models.ForeignKey(
        Policy, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    payment_status = models.CharField(
        _("payment"), max_length=9, choices=PaymentStatus, default=PaymentStatus.NONE
    )
    balance_at = models.DateTimeField(_("the rest is due"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default=DEFAULT_CURRENCY)
    kept_amount = models.BigIntegerField(_("kept after it was cancelled"), default=0)
    # What cancelling cost when its customer moved it, which moving does not take away; and whether
    # the chef moved it since, whom its customer may then leave for nothing.
    least_kept_amount = models.BigIntegerField(default=0, editable=False)
    is_free_to_leave = models.BooleanField(default=False, editable=False)
    session_amount = models.BigIntegerField(default=0)
    hours_amount = models.BigIntegerField(default=0)
    guests_amount = models.BigIntegerField(default=0)
    total_amount = models.BigIntegerField(_("price"))

    objects = PeersManager.from_queryset(BookingQuerySet)()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "held",
                        "pending",
                        "confirmed",
                        "completed",
                        "declined",
                        "cancelled",
                        "expired",
                        "no_show",
                    ]
                ),
                name="bookings_booking_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="held", expires_at__isnull=False)
                | (~Q(status="held") & Q(expires_at__isnull=True)),
                name="bookings_booking_hold_expires",
            ),
            models.CheckConstraint(
                condition=OnQuarterHour("starts_at"), name="bookings_booking_start_on_quarter"
            ),
            models.CheckConstraint(
                condition=OnQuarterHour("ends_at"), name="bookings_booking_end_on_quarter"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="bookings_booking_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(duration_hours__range=(1, LONGEST_HOURS), guests__gte=1),
                name="bookings_booking_size_in_range",
            ),
            models.CheckConstraint(
                condition=Q(
                    buffer_before_minutes__lte=MAX_BUFFER_MINUTES,
                    buffer_after_minutes__lte=MAX_BUFFER_MINUTES,
                )
                & Exact(F("buffer_before_minutes") % 15, 0)
                & Exact(F("buffer_after_minutes") % 15, 0),
                name="bookings_booking_buffers_on_quarter",
            ),
            models.CheckConstraint(
                condition=Q(
                    session_amount__gte=0,
                    hours_amount__gte=0,
                    guests_amount__gte=0,
                    total_amount=F("session_amount") + F("hours_amount") + F("guests_amount"),
                ),
                name="bookings_booking_price_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="bookings_booking_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(
                    travel_minutes__lte=F("buffer_before_minutes"),
                )
                & Q(travel_minutes__lte=F("buffer_after_minutes")),
                name="bookings_booking_travel_in_buffers",
            ),
            models.CheckConstraint(
                condition=Q(kept_amount__gte=0, kept_amount__lte=F("total_amount")),
                name="bookings_booking_keeps_a_part",
            ),
            models.CheckConstraint(
                condition=Q(moved_at__isnull=True, moved_from__isnull=True)
                | Q(moved_at__isnull=False, moved_from__isnull=False),
                name="bookings_booking_moved_from_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(policy__isnull=True, payment_status="none")
                | Q(
                    policy__isnull=False,
                    payment_status__in=[
                        "due",
                        "held",
                        "part_paid",
                        "paid",
                        "failed",
                        "returned",
                    ],
                ),
                name="bookings_booking_payment_known",
            ),
        ]
        indexes = [
            # A customer's bookings, newest first.
            models.Index(F("customer"), F("created_at").desc(), name="bookings_booking_customer"),
            # A customer's bookings in a state ("upcoming").
            models.Index(fields=["customer", "status"], name="bookings_booking_cust_status"),
            # A chef's calendar and requests; the overlap count of `verify`.
            models.Index(
                fields=["chef", "starts_at", "status"], name="bookings_booking_chef_start"
            ),
            # run_due: holds whose time is up.
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False),
                name="bookings_booking_held",
            ),
            # run_due: bookings whose balance is due.
            models.Index(
                fields=["balance_at"],
                condition=Q(payment_status="part_paid", status="confirmed"),
                name="bookings_booking_balance",
            ),
            # run_due: visits that are soon, and of which nobody was reminded.
            models.Index(
                fields=["starts_at"],
                condition=Q(status="confirmed", reminded_at__isnull=True),
                name="bookings_booking_remind",
            ),
            # run_due: visits that are over, and were not completed.
            models.Index(
                fields=["ends_at"],
                condition=Q(status="confirmed"),
                name="bookings_booking_over",
            ),
            # Admin: bookings in a state, newest first.
            models.Index(F("status"), F("created_at").desc(), name="bookings_booking_status"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def total_price(self) -> Money:
        """What the customer pays in all."""
        return Money(self.total_amount, self.currency)

    @property
    def price(self) -> Price:
        """What that consists of."""
        amounts = (self.session_amount, self.hours_amount, self.guests_amount)
        return Price(*(Money(amount, self.currency) for amount in amounts))

    @property
    def place(self) -> slots.Place | None:
        """Where it is, if the customer said so in degrees."""
        if self.latitude is None or self.longitude is None:
            return None
        return slots.Place(self.latitude, self.longitude)

    @property
    def account(self) -> str:
        """The ledger's account of what was taken for it, and is nobody's yet."""
        return f"booking:{self.pk}"

    @property
    def upfront(self) -> Money:
        """What is held when it is booked, and taken when it is confirmed; nothing, if not here."""
        return self.policy.upfront(self.total_price) if self.policy else Money(0, self.currency)

    @property
    def review_of_chef(self) -> "Review | None":
        """What its customer said of it, published or not."""
        return getattr(self, "review", None)

    @property
    def review_of_guest(self) -> "GuestReview | None":
        """What the chef said of it, published or not."""
        return getattr(self, "guest_review", None)

    @property
    def kept(self) -> Money:
        """What was kept of it when it was cancelled."""
        return Money(self.kept_amount, self.currency)

    def is_lapsed(self, *, now: datetime) -> bool:
        """Tell whether this is a hold whose time is up, swept or not."""
        return self.status == self.Status.HELD and self.expires_at <= now

    @property
    def occupied_from(self) -> datetime:
        """When the chef's time is taken from, the buffer before included."""
        return self.starts_at - timedelta(minutes=self.buffer_before_minutes)

    @property
    def occupied_until(self) -> datetime:
        """When the chef's time is free again, the buffer after included."""
        return self.ends_at + timedelta(minutes=self.buffer_after_minutes)

    @property
    def ticks(self) -> range:
        """The quarter hours that it takes, its buffers included."""
        return slots.ticks(self.occupied_from, self.occupied_until)
