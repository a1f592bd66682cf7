"""When a demo chef was and will be booked: visits that lie within hours and never touch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count, islice
from random import Random

from softfactory.demo.kitchens import Hours, Kitchen

SOON = timedelta(days=42)  # bookings are made no further ahead than this
MOST_OF_FUTURE = 0.4  # of the days to come, so that there is something left to book


@dataclass(frozen=True, slots=True)
class Visit:
    """A stretch of whole hours of a chef."""

    starts_at: datetime
    hours: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(hours=self.hours)


def draw_visits(
    rng: Random, kitchen: Kitchen, *, total: int, now: datetime, past_days: int
) -> tuple[list[Visit], list[Visit]]:
    """Return `total` visits, those before `now` and those after, each in order of time.

    Past ones lie within `past_days`, further back only when those days are full.
    """
    today = now.astimezone(kitchen.zone).date()
    ahead = [today + timedelta(days=n) for n in range(min(SOON.days, kitchen.horizon_days))]
    working = [day for day in ahead if kitchen.hours_on(day)]
    rng.shuffle(working)
    wanted = min(-(-total // 5), int(len(working) * MOST_OF_FUTURE))
    after = (visit for visit in _on_days(rng, kitchen, working) if visit.starts_at >= now)
    future = list(islice(after, wanted))

    # Today belongs to the future alone, or an early visit and a late one might touch.
    behind = [today - timedelta(days=n) for n in range(1, past_days)]
    rng.shuffle(behind)
    further = (today - timedelta(days=past_days + n) for n in count())
    before = _on_days(rng, kitchen, chain(behind, further))
    past = list(islice((v for v in before if v.ends_at <= now), total - len(future)))
    return sorted(past, key=_start), sorted(future, key=_start)


def _start(visit: Visit) -> datetime:
    return visit.starts_at


def _on_days(rng: Random, kitchen: Kitchen, days: Iterable[date]) -> Iterator[Visit]:
    """Yield visits day by day. Days never meet: hours end by half past midnight."""
    for day in days:
        midnight = datetime.combine(day, time.min, kitchen.zone)
        for minute, hours in _on_day(rng, kitchen, kitchen.hours_on(day)):
            # Adding to a local time moves the clock's hands; the instant is what they then mean.
            local = midnight + timedelta(minutes=minute)
            yield Visit(local.astimezone(UTC), hours)


def _on_day(rng: Random, kitchen: Kitchen, windows: Hours) -> Iterator[tuple[int, int]]:
    """Yield starts (minutes after midnight) and lengths (hours) that leave room for buffers."""
    free = 0
    for opens, closes in windows:
        until = closes if closes > opens else closes + 24 * 60
        start = _on_step(opens, free + rng.choice((0, 0, 30, 60, 120)), kitchen.step)
        while fitting := [hours for hours in kitchen.durations if start + hours * 60 <= until]:
            hours = rng.choice(fitting)
            yield start, hours
            free = start + hours * 60 + kitchen.gap
            start = _on_step(opens, free, kitchen.step)


def _on_step(opens: int, earliest: int, step: int) -> int:
    """Return the first whole step from `opens` that is not before `earliest`."""
    return opens + max(0, -(-(earliest - opens) // step)) * step
