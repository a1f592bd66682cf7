"""ConnectedCalendar: what opens a calendar elsewhere; CalendarEntry: a booking's event in it."""

from collections.abc import Mapping

import orjson
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.booking import Booking
from bookings.models.busy import BusyCalendar
from bookings.querysets import CalendarEntryQuerySet, ConnectedCalendarQuerySet
from softfactory.kernel.db.models import PeersManager
from softfactory.kernel.sealing import seal, unseal


class ConnectedCalendar(models.Model):
    """A calendar elsewhere that a user name and a password open: it is read by CalDAV, and the
    chef's bookings are written into it.

    Whoever writes moves `paused_until` by a lease, in a conditional update. One that is left has
    only its events to be removed, and then goes.
    """

    calendar = models.OneToOneField(
        BusyCalendar, on_delete=models.CASCADE, primary_key=True, related_name="connection"
    )
    sealed_access = models.TextField(editable=False)
    paused_until = models.DateTimeField(editable=False)
    written_at = models.DateTimeField(_("written"), null=True, editable=False)
    problem = models.CharField(_("what is wrong"), max_length=300, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    left_at = models.DateTimeField(_("disconnected"), null=True, editable=False)

    objects = PeersManager.from_queryset(ConnectedCalendarQuerySet)()

    class Meta:
        verbose_name = _("connected calendar")
        verbose_name_plural = _("connected calendars")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def access(self) -> Mapping[str, str]:
        """User name and password; kept sealed."""
        return orjson.loads(unseal(self.sealed_access))

    @access.setter
    def access(self, access: Mapping[str, str]) -> None:
        self.sealed_access = seal(orjson.dumps(dict(access)).decode())


class CalendarEntry(models.Model):
    """A booking's event in a connected calendar: whether it is to be written, and what is known of
    what is there.

    Whatever changes the booking counts `asked`; who has written it says so under the number that
    was read before.
    """

    calendar = models.ForeignKey(
        ConnectedCalendar, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="calendar_entries")
    due_at = models.DateTimeField(null=True, editable=False)
    asked = models.PositiveIntegerField(default=1, editable=False)
    #: The version of the booking that was dealt with last.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    #: Set before anything is sent, so that one who dies then leaves word.
    may_be_there = models.BooleanField(default=False, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PeersManager.from_queryset(CalendarEntryQuerySet)()

    class Meta:
        verbose_name = _("event in a calendar")
        verbose_name_plural = _("events in calendars")
        constraints = [
            # The entries of a calendar; a booking has one in each.
            models.UniqueConstraint(
                fields=["calendar", "booking"], name="bookings_calendarentry_once"
            ),
        ]
        indexes = [
            # run_due: what is to be written now.
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="bookings_calendarentry_due",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.booking_id} → #{self.calendar_id}"

    def is_to_be_there(self) -> bool:
        """Tell whether the booking, as it is read with this, is to have an event: once confirmed,
        until it is called off. A confirmed one that was moved, and is asked for anew, keeps it.
        """
        booking = self.booking
        if self.calendar.left_at is not None:
            return False
        if booking.status in (Booking.Status.PENDING, Booking.Status.HELD):
            return self.may_be_there
        return booking.status in STANDING


#: States in which a visit is to be, or was.
STANDING = (Booking.Status.CONFIRMED, Booking.Status.COMPLETED, Booking.Status.NO_SHOW)
