"""WaitlistEntry: somebody who wants a day that is full, in the order in which they asked."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.models.booking import LONGEST_HOURS, Booking
from bookings.models.chef import Chef
from bookings.querysets import WaitlistQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class WaitlistEntry(models.Model):
    """A customer's place in the line for a chef's day. An offer is a booking that is held."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("waitlist", "Waiting")
        OFFERED = "offered", pgettext_lazy("waitlist", "Held for you")
        TAKEN = "taken", pgettext_lazy("waitlist", "Booked")
        PASSED = "passed", pgettext_lazy("waitlist", "Passed on")
        LEFT = "left", pgettext_lazy("waitlist", "Left")
        OVER = "over", pgettext_lazy("waitlist", "The day came without a place")

    #: In line, or at its head: one of these per customer, chef and day.
    STANDING = (Status.WAITING, Status.OFFERED)

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waits", db_index=False
    )
    chef = models.ForeignKey(Chef, on_delete=models.CASCADE, related_name="waits", db_index=False)
    date = models.DateField(_("date"))
    duration_hours = models.PositiveSmallIntegerField(
        _("hours"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HOURS)]
    )
    guests = models.PositiveSmallIntegerField(_("guests"), validators=[MinValueValidator(1)])
    status = models.CharField(_("state"), max_length=7, choices=Status, default=Status.WAITING)
    booking = models.OneToOneField(
        Booking, on_delete=models.CASCADE, null=True, related_name="offered_to"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PeersManager.from_queryset(WaitlistQuerySet)()

    class Meta:
        verbose_name = _("waitlist entry")
        verbose_name_plural = _("waitlist")
        constraints = [
            # Whether one stands in a line already; the lines of a chef.
            models.UniqueConstraint(
                fields=["chef", "date", "customer"],
                condition=Q(status__in=["waiting", "offered"]),
                name="bookings_waitlistentry_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["waiting", "offered", "taken", "passed", "left", "over"],
                    duration_hours__range=(1, LONGEST_HOURS),
                    guests__gte=1,
                ),
                name="bookings_waitlist_in_range",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["offered", "taken", "passed"], booking__isnull=False)
                | Q(status__in=["waiting", "left", "over"], booking__isnull=True),
                name="bookings_waitlist_offer_is_a_booking",
            ),
        ]
        indexes = [
            # One's places, the last one first.
            models.Index(
                F("customer"), F("created_at").desc(), F("id").desc(), name="bookings_waitlist_own"
            ),
            # run_due: who waits, and whose offers have come to something; the lines of a chef.
            models.Index(
                fields=["status", "chef", "date", "created_at"], name="bookings_waitlist_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chef_id} {self.date} #{self.pk}"
