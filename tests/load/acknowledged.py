"""What the site said yes to: bookings as this process saw them, to notice one sold twice."""

from datetime import datetime
from typing import NamedTuple, Self


class Interval(NamedTuple):
    """A half-open stretch of time."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Self) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Acknowledged:
    """Which chef is booked when, by the answers alone.

    A booking counts from the answer that acknowledged it until somebody sends what ends it, a
    cancellation or a refusal: from then on its time may be sold again, whichever answer is read
    first. So nothing is counted that may be right, and every overlap that is counted is wrong.
    """

    def __init__(self) -> None:
        self._standing: dict[int, dict[int, Interval]] = {}
        self._chefs: dict[int, int] = {}
        self._let_go: set[int] = set()
        self.booked_count = 0
        self.double_count = 0

    @property
    def let_go_count(self) -> int:
        """How many were cancelled or declined, whether they had been booked here or before."""
        return len(self._let_go)

    def booked(self, booking: int, chef: int, interval: Interval) -> int | None:
        """Write down that this was acknowledged; returns a standing booking that it overlaps."""
        if booking in self._chefs or booking in self._let_go:
            return None  # told twice, or ended by its chef before its customer read the answer
        others = self._standing.setdefault(chef, {})
        rival = next((pk for pk, taken in others.items() if taken.overlaps(interval)), None)
        others[booking] = interval
        self._chefs[booking] = chef
        self.booked_count += 1
        self.double_count += rival is not None
        return rival

    def let_go(self, booking: int) -> None:
        """Forget a booking whose end is about to be sent."""
        self._let_go.add(booking)
        if chef := self._chefs.get(booking):
            self._standing[chef].pop(booking, None)
