"""Bookings as events of their chefs' connected calendars: put, changed and removed by the clock,
outside of any transaction.

What is to be there is read from the booking just before it is sent, and each event has one address:
so whoever writes it again, after a kill or beside somebody else, makes no second one.
"""

import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from bookings.gateways.caldav import (
    Access,
    CalDavError,
    Changed,
    EventRefused,
    delete_event,
    fetch_etag,
    put_event,
)
from bookings.models import BusyCalendar, CalendarEntry, ConnectedCalendar
from bookings.querysets import ConnectedCalendarQuerySet
from bookings.services.documents import bookings_as_calendar
from bookings.services.fetching_busy import access_to

AT_ONCE = 4  # calendars in a round,
OF_EACH = 50  # events, as long as they take no longer than
PATIENCE = 20  # seconds; the last of them may take four calls more.
LEASE = timedelta(minutes=3)
TRIES = 3
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
LONGEST_WAIT = timedelta(hours=6)
#: For how long the events of a calendar that was left are tried to be removed.
LEAVING = timedelta(days=7)


def write_due(now: datetime) -> int:
    """Write what is due, into some calendars; return how many events were dealt with."""
    done = 0
    pks = CalendarEntry.objects.calendars_due(now=now)[:AT_ONCE]
    rows = ConnectedCalendar.objects.with_calendar().filter(pk__in=list(pks))
    for connection in rows.order_by("paused_until", "pk"):
        if ConnectedCalendar.objects.claim(connection, now=now, lease=LEASE):
            done += _write_into(connection, now=now)
    return done


def event_name(booking_id: int) -> str:
    """Return by what name a booking's event is in every calendar, beside those of other sites."""
    return f"booking-{booking_id}-{urlsplit(settings.SITE_URL).hostname}.ics"


def _write_into(connection: ConnectedCalendar, *, now: datetime) -> int:
    access, until = access_to(connection), time.monotonic() + PATIENCE
    due = CalendarEntry.objects.filter(calendar=connection).due(now=now)
    done, refusal = 0, ""
    try:
        for pk in list(due.values_list("pk", flat=True)[:OF_EACH]):
            try:
                _write(pk, access, now=now)
                done += 1
            except EventRefused as error:
                refusal = str(error)
                _put_off(pk, now=now)
            if time.monotonic() > until:
                break
    except CalDavError as error:
        _note_problem(connection, error, now=now)
    else:
        refused = CalendarEntry.objects.filter(calendar=connection, failures__gt=0)
        problem = refusal or (connection.problem if refused.exists() else "")
        columns = {"paused_until": now, "written_at": now, "problem": problem, "failures": 0}
        _mine(connection, now=now).update(**columns)
    _forget_if_left(connection, now=now)
    return done


def _write(pk: int, access: Access, *, now: datetime) -> None:
    """Make what is there what is to be there. Raises EventRefused, or CalDavError."""
    etag = None
    for _try in range(TRIES):
        entry = CalendarEntry.objects.with_booking().filter(pk=pk).first()
        if entry is None or entry.due_at is None:
            return
        name = event_name(entry.booking_id)
        if not entry.is_to_be_there():
            if entry.may_be_there:
                delete_event(access, name)
            _settle(entry, is_there=False, etag="", now=now)
            return
        if not entry.may_be_there:
            CalendarEntry.objects.filter(pk=pk).update(may_be_there=True)
        reader = entry.booking.chef.owner
        content = bookings_as_calendar([entry.booking], reader=reader)
        try:
            new = put_event(access, name, content, etag=entry.etag if etag is None else etag)
        except Changed:
            # It was changed or deleted there, or somebody like us was faster. The booking is read
            # anew after this: what is put then is as new as what it replaces.
            etag = fetch_etag(access, name)
        else:
            _settle(entry, is_there=True, etag=new, now=now)
            return
    raise CalDavError(_("The event is being changed elsewhere all the time."))


def _settle(entry: CalendarEntry, *, is_there: bool, etag: str, now: datetime) -> None:
    """Write down what is there, unless the booking has changed since it was read."""
    rows = CalendarEntry.objects.filter(pk=entry.pk)
    same = rows.filter(asked=entry.asked)
    if entry.calendar.left_at is not None:
        same.delete()
        return
    columns = {"due_at": None, "version": entry.booking.version, "failures": 0}
    known = {"may_be_there": is_there, "etag": etag}
    if not same.update(**columns, **known) and is_there:
        rows.update(due_at=now, **known)


def _put_off(pk: int, *, now: datetime) -> None:
    for entry in CalendarEntry.objects.filter(pk=pk):
        wait = WAITS[min(entry.failures, len(WAITS) - 1)]
        same = CalendarEntry.objects.filter(pk=pk, asked=entry.asked)
        same.update(due_at=now + wait, failures=entry.failures + 1)


def _mine(connection: ConnectedCalendar, *, now: datetime) -> ConnectedCalendarQuerySet:
    return ConnectedCalendar.objects.filter(pk=connection.pk, paused_until=now + LEASE)


def _note_problem(connection: ConnectedCalendar, error: CalDavError, *, now: datetime) -> None:
    wait = max(WAITS[min(connection.failures, len(WAITS) - 1)], min(error.wait, LONGEST_WAIT))
    _mine(connection, now=now).update(
        paused_until=now + wait,
        problem=str(error)[:300],
        failures=min(connection.failures + 1, 1_000),
    )


def _forget_if_left(connection: ConnectedCalendar, *, now: datetime) -> None:
    """Forget a calendar that was left, when nothing of ours is there, or for too long can't be
    removed.
    """
    if connection.left_at is None:
        return
    is_over = now - connection.left_at > LEAVING
    if is_over or not CalendarEntry.objects.filter(calendar=connection).exists():
        BusyCalendar.objects.filter(pk=connection.pk, connection__left_at__isnull=False).delete()
