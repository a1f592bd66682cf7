"""Two weeks of a chef's free times, one day of which is looked at."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date, format_skeleton, get_timezone_name
from django.utils.safestring import SafeString

from bookings.models import Chef
from bookings.services.calendar import days_too_soon, free_slots, local_today
from bookings.slots import Schedule, Slot
from softfactory.kernel.components.library import rendered
from softfactory.kernel.components.times import Day, Time, date_locale, moment
from softfactory.kernel.zones import zone

DAYS = 14


@dataclass(frozen=True)
class Timetable:
    """What is free from `first` on for two weeks, and the day that is chosen of them."""

    chef: Chef
    first: date
    chosen: date
    free: dict[date, list[Slot]]
    too_soon: set[date]
    previous: date | None
    next: date | None

    @property
    def look(self) -> tuple[object, ...]:
        """Timetables of which it is equal look the same."""
        counts = tuple((day, len(slots)) for day, slots in self.free.items())
        starts = tuple(slot.starts_at for slot in self.slots)
        days = (self.first, self.chosen, self.previous, self.next)
        return (self.chef.timezone, days, frozenset(self.too_soon), counts, starts)

    @property
    def slots(self) -> list[Slot]:
        """The free starts of the chosen day."""
        return self.free.get(self.chosen, [])

    @property
    def day_name(self) -> str:
        """The chosen day in words: Saturday 5 December."""
        return format_skeleton("MMMMEEEEd", self.chosen, locale=date_locale())

    @property
    def is_too_soon(self) -> bool:
        """Whether the chosen day is within the minimum notice."""
        return self.chosen in self.too_soon

    @property
    def full_day(self) -> date | None:
        """The chosen day if nothing is free on it, else the first such day of the two weeks."""
        days = [self.chosen, *(self.first + timedelta(days=n) for n in range(DAYS))]
        busy = (day for day in days if day not in self.free and day not in self.too_soon)
        return next(busy, None)

    def offers(self, starts_at: datetime) -> bool:
        """Tell whether the chosen day has this start."""
        return any(slot.starts_at == starts_at for slot in self.slots)

    def days(self, address_of: Callable[[date], str]) -> list[Day]:
        """Return the days, each with its number of free times and its address."""
        return [
            {
                "date": day,
                "href": address_of(day),
                "current": day == self.chosen,
                "free": len(self.free.get(day, ())),
                "too_soon": day in self.too_soon,
            }
            for day in (self.first + timedelta(days=n) for n in range(DAYS))
        ]

    def day_options(self) -> list[dict[str, Any]]:
        """Return the days for a form: what each sends, how it is called, whether it can be had."""
        locale = date_locale()
        return [
            {
                "value": day["date"].isoformat(),
                "weekday": format_date(day["date"], "EEE", locale=locale),
                "number": day["date"].day,
                "month": format_date(day["date"], "LLL", locale=locale),
                "is_chosen": day["current"],
                "is_free": day["free"] > 0,
            }
            for day in self.days(date.isoformat)
        ]

    def times(self, address_of: Callable[[Slot], str] | None = None) -> list[Time]:
        """Return the chosen day's times; with addresses they are links."""
        return [
            {
                "value": instant_text(slot.starts_at),
                "label": self._label(slot),
                **({"href": address_of(slot)} if address_of else {}),
            }
            for slot in self.slots
        ]

    def _label(self, slot: Slot) -> SafeString:
        context = moment(slot.starts_at, zone=self.chef.timezone, style="time")
        return rendered("moment", **context)


def timetable_of(
    chef: Chef,
    *,
    hours: int,
    wanted: date | None,
    now: datetime,
    besides: Collection[int] = (),
    schedule: Schedule | None = None,
) -> Timetable:
    """Return the two weeks in which the wanted day lies; without one, the first free day of them.

    The weeks are counted from today, and end where the chef takes no bookings yet. Ticks of
    `besides` count as free. A `schedule` counts instead of the chef's own: one that travels. One
    query.
    """
    today = local_today(chef, now=now)
    last = today + timedelta(days=chef.horizon_days)
    day = min(max(wanted or today, today), last)
    first = today + timedelta(days=(day - today).days // DAYS * DAYS)
    after = first + timedelta(days=DAYS)
    free: dict[date, list[Slot]] = defaultdict(list)
    weeks = {"chef": chef, "first": first, "last": after - timedelta(days=1), "hours": hours}
    for slot in free_slots(**weeks, now=now, besides=besides, schedule=schedule):
        free[slot.local.date()].append(slot)
    return Timetable(
        chef=chef,
        first=first,
        chosen=day if wanted else min(free, default=day),
        free=free,
        too_soon=days_too_soon(**weeks, now=now),
        previous=max(first - timedelta(days=DAYS), today) if first > today else None,
        next=after if after <= last else None,
    )


def instant_text(instant: datetime) -> str:
    """Return an instant on a whole minute as an address may carry it: `2027-03-28T09:00Z`."""
    return f"{instant:%Y-%m-%dT%H:%M}Z"


def zone_name(name: str) -> str:
    """Return what the active language calls a time zone: Korean Time."""
    return get_timezone_name(zone(name), locale=date_locale())
