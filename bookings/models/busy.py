"""BusyCalendar: a calendar elsewhere that blocks a chef's time; BusyPeriod: when it does."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.chef import Chef
from bookings.querysets import BusyCalendarQuerySet
from softfactory.kernel import clock
from softfactory.kernel.db.models import PeersManager
from softfactory.kernel.sealing import seal, unseal

if TYPE_CHECKING:
    from bookings.models.connected import ConnectedCalendar


class BusyCalendar(models.Model):
    """An address at which a calendar is read. Often it is a secret of its own, and so is sealed.

    Whoever reads it moves `due_at` by a lease, in a conditional update.
    """

    chef = models.ForeignKey(Chef, on_delete=models.CASCADE, related_name="busy_calendars")
    name = models.CharField(_("name"), max_length=60)
    host = models.CharField(_("host"), max_length=255, editable=False)
    sealed_url = models.TextField(editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    due_at = models.DateTimeField(_("next read"), editable=False)
    understood_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    problem = models.CharField(_("what is wrong"), max_length=200, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PeersManager.from_queryset(BusyCalendarQuerySet)()

    class Meta:
        verbose_name = _("calendar elsewhere")
        verbose_name_plural = _("calendars elsewhere")
        indexes = [
            # run_due: which ones to read.
            models.Index(fields=["due_at"], name="bookings_busycalendar_due"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.host})"

    @property
    def connected(self) -> "ConnectedCalendar | None":
        """What it is opened and written with, if bookings are written into it."""
        return getattr(self, "connection", None)

    @property
    def url(self) -> str:
        """Where it is read."""
        return unseal(self.sealed_url)

    @url.setter
    def url(self, address: str) -> None:
        self.sealed_url = seal(address)


class BusyPeriod(models.Model):
    """Time that events of a calendar take, those that overlap joined."""

    calendar = models.ForeignKey(BusyCalendar, on_delete=models.CASCADE, related_name="periods")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    objects = PeersManager()

    class Meta:
        verbose_name = _("busy period")
        verbose_name_plural = _("busy periods")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="bookings_busyperiod_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
