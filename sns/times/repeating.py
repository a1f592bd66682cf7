"""What repeats: every so many weeks, on these weekdays, when the clock there shows a time.

Each occurrence is computed from the rule and the calendar, never from the one before, so that
nothing drifts where clocks change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sns.times.wall import instant_of, time_of, weekday_of

MOST_WEEKS = 52
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Repetition:
    """Every `weeks` weeks, counted from the week of `since`, on `weekdays` (Monday 0) at `at`, up
    to and including the day `until`.
    """

    weeks: int
    weekdays: tuple[int, ...]
    at: time
    since: date
    until: date | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """Return what is stored as `{"weeks": 2, "weekdays": [0, 3], "at": "09:00", "since":
        "2027-03-01", "until": "2027-06-30" or null}`. Raises ValueError, which says what is wrong.
        """
        weeks = stored.get("weeks")
        if not isinstance(weeks, int) or isinstance(weeks, bool) or not 1 <= weeks <= MOST_WEEKS:
            raise ValueError(f"It repeats every 1 to {MOST_WEEKS} weeks.")
        weekdays = stored.get("weekdays")
        if not isinstance(weekdays, (list, tuple)) or not weekdays:
            raise ValueError("Choose the days of the week on which it repeats.")
        days = tuple(sorted({weekday_of(number) for number in weekdays}))
        since, until = _date(stored.get("since")), stored.get("until")
        rule = cls(weeks, days, time_of(stored.get("at")), since, _date(until) if until else None)
        if rule.until and rule.until < rule.since:
            raise ValueError("It ends before it begins.")
        return rule

    def stored(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "weeks": self.weeks,
            "weekdays": list(self.weekdays),
            "at": f"{self.at:%H:%M}",
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
        }

    def next_after(self, after: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the first occurrence after an instant, None once there is none any more."""
        day = max(self.since, after.astimezone(zone).date() - DAY)
        for _ in range(7 * (self.weeks + 1) + 2):
            if self.until and day > self.until:
                return None
            if self.is_on(day):
                instant = instant_of(datetime.combine(day, self.at), zone)
                if instant > after:
                    return instant
            day += DAY
        return None

    def is_on(self, day: date) -> bool:
        """Tell whether it takes place on a local date."""
        weeks = (_monday(day) - _monday(self.since)).days // 7
        return day >= self.since and weeks % self.weeks == 0 and day.weekday() in self.weekdays


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _date(text: object) -> date:
    try:
        return date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError as error:
        raise ValueError(f"{text!r} is no date. Write it as 2027-03-28.") from error
