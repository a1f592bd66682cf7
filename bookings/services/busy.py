"""Calendars elsewhere: subscribed to, read by the clock, and what they take of a chef's time.

What is taken is stored as occupancy that belongs to no booking: the key that forbids double booking
refuses a booking there, whoever of the two comes first, and free times are computed as ever.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from bookings import slots
from bookings.gateways.caldav import CalDavError
from bookings.models import BusyCalendar, BusyPeriod, Chef, Occupancy
from bookings.services.entries import catch_up, note_connections, write_soon
from bookings.services.fetching_busy import News, fetch_news
from bookings.services.reading_busy import BACK, Period, Unreadable, busy_periods
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.outbound import OutboundError
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.kernel.targets import Target
from softfactory.kernel.zones import zone

MOST = 5  # of a chef
AT_ONCE = 4  # in a round
LEASE = timedelta(minutes=2)
EVERY = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=6)
BATCH = 2_000

logger = logging.getLogger(__name__)


@transactional
def subscribe(*, chef: Chef, name: str, url: str, now: datetime) -> BusyCalendar:
    """Let the events of the calendar at an address block the chef's time, from its first read on.

    Raises DomainError for an address that may not be called, Conflict for one too many.
    """
    address = f"https{url.removeprefix('webcal')}" if url.startswith("webcal:") else url
    try:
        host = Target.of(address).host
    except OutboundError as error:
        raise DomainError("address_refused", str(error)) from error
    Chef.objects.select_for_update(no_key=True).get(pk=chef.pk)
    if BusyCalendar.objects.filter(chef=chef).count() >= MOST:
        raise Conflict("too_many_calendars", _("Remove another calendar first: five are read."))
    calendar = BusyCalendar(chef=chef, name=name, host=host, created_at=now, due_at=now)
    calendar.url = address
    calendar.save()
    return calendar


@transactional
def unsubscribe(*, calendar: BusyCalendar, now: datetime) -> None:
    """Forget a calendar, and free what only its events took."""
    chef = Chef.objects.select_for_update(no_key=True).get(pk=calendar.chef_id)
    is_written = calendar.connected is not None
    BusyCalendar.objects.filter(pk=calendar.pk).delete()
    if is_written:
        note_connections(chef)
    occupy(chef, now=now)


def read_soon(*, calendar: BusyCalendar, now: datetime) -> None:
    """Let the clock read a calendar in its next round, as if for the first time; and write into it
    what waits, if bookings are written there.
    """
    BusyCalendar.objects.filter(pk=calendar.pk).update(due_at=now, understood_at=None)
    if calendar.connected:
        write_soon(calendar, now=now)


def read_due(now: datetime) -> int:
    """Read the calendars whose time has come, some at once; return how many could be read."""
    read = 0
    for calendar in list(BusyCalendar.objects.due(now=now).with_chef()[:AT_ONCE]):
        if BusyCalendar.objects.claim(calendar, now=now, lease=LEASE):
            read += _read(calendar, now=now)
    return read


def _read(calendar: BusyCalendar, *, now: datetime) -> bool:
    """Outside of any transaction: ask, understand, and only then write."""
    chef = calendar.chef
    first, until = now - BACK, now + timedelta(days=chef.horizon_days + 2)
    try:
        news = fetch_news(calendar, first=first, until=until, now=now)
        periods = None
        if news.files is not None:
            periods = busy_periods(
                *news.files,
                zone=zone(chef.timezone),
                first=first,
                until=until,
                own_host=urlsplit(settings.SITE_URL).hostname or "",
            )
    except (OutboundError, Unreadable) as error:
        _note_problem(calendar, str(error), now=now)
        return False
    except CalDavError as error:
        _note_problem(calendar, str(error), now=now, wait=error.wait)
        return False
    _store(calendar, news, periods, now=now)
    return True


def _note_problem(
    calendar: BusyCalendar, problem: str, *, now: datetime, wait: timedelta = timedelta()
) -> None:
    """What was known of it goes on blocking: a server that is down makes nobody free."""
    failures = calendar.failures + 1
    pause = min(max(EVERY * 2 ** min(failures - 1, 5), wait), LONGEST_PAUSE)
    BusyCalendar.objects.filter(pk=calendar.pk).update(
        problem=problem[:200], failures=failures, due_at=now + pause
    )


@transactional
def _store(
    calendar: BusyCalendar, news: News, periods: list[Period] | None, *, now: datetime
) -> None:
    chef = Chef.objects.select_for_update(no_key=True).get(pk=calendar.chef_id)
    columns = {"read_at": now, "due_at": now + EVERY, "problem": "", "failures": 0}
    if periods is not None:
        columns |= {
            "understood_at": now,
            "etag": news.etag[:200],
            "last_modified": news.last_modified[:100],
        }
    is_there = BusyCalendar.objects.standing().filter(pk=calendar.pk).update(**columns)
    if is_there and periods is not None:
        BusyPeriod.objects.filter(calendar=calendar).delete()
        rows = (BusyPeriod(calendar=calendar, starts_at=a, ends_at=b) for a, b in periods)
        BusyPeriod.objects.bulk_create(rows, batch_size=BATCH)
    if is_there and calendar.connected:
        catch_up(calendar.connected, chef, now=now)
    occupy(chef, now=now)


def occupy(chef: Chef, *, now: datetime) -> None:
    """Make the occupancy of no booking what the chef's calendars say, where no booking is.

    The chef is locked. What a booking gave up meanwhile is taken by the next read.
    """
    first = slots.ticks(now, now).start
    wanted: set[int] = set()
    periods = BusyPeriod.objects.filter(calendar__chef=chef, ends_at__gt=now)
    for starts_at, ends_at in periods.values_list("starts_at", "ends_at"):
        wanted.update(slots.ticks(starts_at, ends_at))
    wanted = {tick for tick in wanted if tick >= first}
    rows = Occupancy.objects.filter(chef=chef, tick__gte=first)
    own = set(rows.filter(booking=None).values_list("tick", flat=True))
    if own == wanted:
        return
    with touch("calendar", chef.pk):
        over = sorted(own - wanted)
        for begin in range(0, len(over), BATCH):
            part = over[begin : begin + BATCH]
            Occupancy.objects.filter(chef=chef, booking=None, tick__in=part).delete()
        new = [Occupancy(chef=chef, tick=tick) for tick in sorted(wanted - own)]
        Occupancy.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)


def reseal_addresses(reseal: Callable[[str], str]) -> int:
    """Seal every address anew; return how many there are."""
    count = 0
    for calendar in BusyCalendar.objects.all():
        row = BusyCalendar.objects.filter(pk=calendar.pk, sealed_url=calendar.sealed_url)
        count += row.update(sealed_url=reseal(calendar.sealed_url))
    return count
