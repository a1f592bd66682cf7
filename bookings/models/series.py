"""Series: visits that repeat, booked together; each of them is a booking of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.models.chef import Chef
from bookings.querysets import SeriesQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager


class Series(models.Model):
    """So many visits of a chef, every so many weeks, that a customer booked at once."""

    chef = models.ForeignKey(Chef, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    every_weeks = models.PositiveSmallIntegerField(_("weeks apart"))
    times = models.PositiveSmallIntegerField(_("visits"))
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PeersManager.from_queryset(SeriesQuerySet)()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, times__gte=1), name="bookings_series_repeats"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.times} × #{self.pk}"


class SeriesPart(models.Model):
    """Which of a series' visits a booking is, from the first one, 1."""

    booking = models.OneToOneField(
        Booking, on_delete=models.CASCADE, related_name="part", primary_key=True
    )
    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    number = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("visit of a series")
        verbose_name_plural = _("visits of series")
        constraints = [
            # The visits of a series, in order.
            models.UniqueConstraint(
                fields=["series", "number"], name="bookings_seriespart_numbered_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="bookings_seriespart_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.series_id}"


def part_of(booking: Booking) -> SeriesPart | None:
    """Return which visit of a series a booking is, None if it stands alone."""
    return getattr(booking, "part", None)
