"""What a schedule would offer, before it is saved, and why it does not offer more."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from bookings import slots
from bookings.models import Booking, BusyCalendar, Chef
from bookings.services.calendar import Taken, taken_of
from bookings.slots import Reason, Refused, Schedule, Slot

NEAR = timedelta(days=2)  # further than a visit with its buffers reaches


def stretches(refused: list[Refused]) -> list[tuple[datetime, datetime, Reason]]:
    """Return refused times, those in a row for one reason as one, from the first to the last."""
    found = []
    for reason, rows in groupby(refused, lambda row: row.reason):
        times = [row.local for row in rows]
        found.append((times[0], times[-1], reason))
    return found


@dataclass(frozen=True)
class Outlook:
    """A chef's time as a schedule would have it, for visits of some hours."""

    chef: Chef
    schedule: Schedule
    hours: int
    now: datetime

    def free(self, first: date, days: int) -> dict[date, list[Slot]]:
        """Return the free starts of each of these dates, also of those with none. One query."""
        last = first + timedelta(days=days - 1)
        ticks, full = self._taken(first, last)
        dates: dict[date, list[Slot]] = {first + timedelta(days=n): [] for n in range(days)}
        for slot in slots.offered(
            self.schedule,
            ticks,
            full=full,
            first=first,
            last=last,
            hours=self.hours,
            now=self.now,
        ):
            dates[slot.local.date()].append(slot)
        return dates

    def refused(self, day: date) -> list[Refused]:
        """Return the other times of a date, and why they are not offered. One query."""
        ticks, full = self._taken(day, day)
        return slots.explained(
            self.schedule, ticks, full=full, first=day, last=day, hours=self.hours, now=self.now
        )[1]

    def verdict(self, local: datetime) -> Reason | None:
        """Return why a local start is not offered, None if it is. One query."""
        ticks, full = self._taken(local.date(), local.date())
        return slots.judged(
            self.schedule, ticks, full=full, local=local, hours=self.hours, now=self.now
        )

    def in_the_way(self, local: datetime) -> Booking | None:
        """Return the first booking that has time which one at a local start would need."""
        starts_at = local.replace(tzinfo=self.schedule.zone).astimezone(self.now.tzinfo)
        ends_at = starts_at + timedelta(hours=self.hours)
        before, after = self.schedule.buffer_before, self.schedule.buffer_after
        wanted = set(slots.ticks(starts_at, ends_at, before, after))
        standing = Booking.objects.standing(now=self.now).of_chefs([self.chef.pk])
        near = standing.starting(first=starts_at - NEAR, last=ends_at + NEAR).with_parties()
        rows = near.soonest_first()
        return next((row for row in rows if not wanted.isdisjoint(row.ticks)), None)

    def busy_with(self, local: datetime) -> BusyCalendar | None:
        """Return the first calendar elsewhere that has time which such a visit would need."""
        starts_at = local.replace(tzinfo=self.schedule.zone)
        ends_at = starts_at + timedelta(hours=self.hours, minutes=self.schedule.buffer_after)
        starts_at -= timedelta(minutes=self.schedule.buffer_before)
        return BusyCalendar.objects.busy_between(self.chef, starts_at, ends_at).first()

    def _taken(self, first: date, last: date) -> Taken:
        pk = self.chef.pk
        span = slots.span(first, last, self.schedule)
        return taken_of({pk: self.schedule}, {pk: span}, now=self.now)[pk]
