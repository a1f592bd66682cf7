"""Occupancy: the quarter hours that a booking takes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.models.chef import Chef
from bookings.querysets import OccupancyQuerySet


class Occupancy(models.Model):
    """One quarter hour of a chef that a booking owns. The primary key forbids a second owner.

    A tick is the quarter hour's number since 1970 (UTC). Those of a hold may be taken over from
    `releases_at` on. One of no booking is taken by a calendar elsewhere.
    """

    pk = models.CompositePrimaryKey("chef", "tick")
    chef = models.ForeignKey(Chef, on_delete=models.CASCADE, related_name="+", db_index=False)
    tick = models.IntegerField()
    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, related_name="occupancy", null=True
    )
    releases_at = models.DateTimeField(null=True)

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupied quarter hour")
        verbose_name_plural = _("occupied quarter hours")
        indexes = [
            # run_due: forget the past.
            models.Index(fields=["tick"], name="bookings_occupancy_tick"),
        ]

    def __str__(self) -> str:
        return f"{self.chef_id} {self.tick}"
