"""When a chef works: weekly hours, and dates that differ."""

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from bookings.models.chef import Chef
from softfactory.kernel.db.models import PeersManager

DAY = 24 * 60
MOST_EXCEPTIONS = 1000  # of a chef
IN_A_DAY = Q(starts__range=(0, DAY - 15), ends__range=(0, DAY))
ON_QUARTERS = Exact(F("starts") % 15, 0) & Exact(F("ends") % 15, 0)


class AvailabilityRule(models.Model):
    """Hours of one weekday, in the chef's zone: minutes after midnight.

    An end that is not after the start is on the next day.
    """

    chef = models.ForeignKey(
        Chef, on_delete=models.CASCADE, related_name="availability_rules", db_index=False
    )
    weekday = models.PositiveSmallIntegerField(_("weekday, Monday 0"))
    starts = models.PositiveSmallIntegerField(_("from, minutes after midnight"))
    ends = models.PositiveSmallIntegerField(_("to, minutes after midnight"))

    objects = PeersManager()

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        constraints = [
            # The rules of a chef (slots, availability).
            models.UniqueConstraint(
                fields=["chef", "weekday", "starts"], name="bookings_rule_start_once"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)) & IN_A_DAY, name="bookings_rule_in_a_week"
            ),
            models.CheckConstraint(condition=ON_QUARTERS, name="bookings_rule_quarter_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class AvailabilityException(models.Model):
    """A date whose hours differ from the weekly ones: closed (no hours), or these hours."""

    chef = models.ForeignKey(
        Chef, on_delete=models.CASCADE, related_name="availability_exceptions", db_index=False
    )
    date = models.DateField(_("date"))
    starts = models.PositiveSmallIntegerField(_("from, minutes after midnight"), null=True)
    ends = models.PositiveSmallIntegerField(_("to, minutes after midnight"), null=True)

    objects = PeersManager()

    class Meta:
        verbose_name = _("date that differs")
        verbose_name_plural = _("dates that differ")
        constraints = [
            # The exceptions of a chef on the dates in question (slots, availability).
            models.UniqueConstraint(
                fields=["chef", "date", "starts"], name="bookings_exception_start_once"
            ),
            models.UniqueConstraint(
                fields=["chef", "date"],
                condition=Q(starts__isnull=True),
                name="bookings_exception_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True)
                | (Q(starts__isnull=False, ends__isnull=False) & IN_A_DAY),
                name="bookings_exception_closed_or_hours",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | ON_QUARTERS,
                name="bookings_exception_quarter_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.starts}-{self.ends}"
