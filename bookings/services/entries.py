"""Which bookings are to be written into a chef's connected calendars: recorded with what changes
them, in one transaction; what that missed is found when the calendar is read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F

from bookings.models import Booking, BusyCalendar, CalendarEntry, Chef, ConnectedCalendar
from bookings.models.booking import LONGEST_HOURS
from bookings.querysets import CalendarEntryQuerySet

LONGEST = timedelta(hours=LONGEST_HOURS)


def note_changes(bookings: Sequence[Booking], *, now: datetime) -> None:
    """Record that these have changed, for the calendars they are written into.

    Call it in the transaction in which they do. No query, unless a chef has such a calendar.
    """
    written = [booking for booking in bookings if booking.chef.is_written_elsewhere]
    if not written:
        return
    connections = ConnectedCalendar.objects.of_chefs({booking.chef_id for booking in written})
    rows = connections.select_related("calendar").locked().order_by("pk")
    of_chef = [(connection.calendar.chef_id, connection.pk) for connection in rows]
    _ask_again(CalendarEntry.objects.filter(booking__in=written, calendar__left_at=None), now=now)
    CalendarEntry.objects.bulk_create(
        (
            CalendarEntry(calendar_id=pk, booking=booking, due_at=now)
            for booking in written
            for chef_id, pk in of_chef
            if chef_id == booking.chef_id
        ),
        ignore_conflicts=True,
    )


def catch_up(connection: ConnectedCalendar, chef: Chef, *, now: datetime) -> None:
    """Record what is ahead and was confirmed before the calendar was connected, and what changed
    without anybody being told. The chef is locked.
    """
    ahead = Booking.objects.of_chefs([chef.pk]).filter(
        status=Booking.Status.CONFIRMED, starts_at__gt=now - LONGEST, ends_at__gt=now
    )
    missing = ahead.exclude(calendar_entries__calendar=connection).values_list("pk", flat=True)
    CalendarEntry.objects.bulk_create(
        (CalendarEntry(calendar=connection, booking_id=pk, due_at=now) for pk in missing),
        ignore_conflicts=True,
    )
    behind = CalendarEntry.objects.filter(calendar=connection).behind(ends_after=now)
    if pks := list(behind.values_list("pk", flat=True)):
        _ask_again(CalendarEntry.objects.filter(pk__in=pks), now=now)


def write_soon(calendar: BusyCalendar, *, now: datetime) -> None:
    """Let what waits for a calendar be written in the clock's next round."""
    connections = ConnectedCalendar.objects.filter(pk=calendar.pk)
    connections.filter(failures__gt=0).update(paused_until=now)
    CalendarEntry.objects.filter(calendar=calendar.pk, due_at__gt=now).update(due_at=now)


def note_connections(chef: Chef) -> None:
    """Note with the chef whether bookings are written elsewhere. The chef is locked."""
    is_written = ConnectedCalendar.objects.of_chefs([chef.pk]).exists()
    rows = Chef.objects.filter(pk=chef.pk).exclude(is_written_elsewhere=is_written)
    rows.update_derived(is_written_elsewhere=is_written)


def _ask_again(entries: CalendarEntryQuerySet, *, now: datetime) -> None:
    entries.update(due_at=now, asked=F("asked") + 1)
