"""The demo's chefs before any row is written: who they are, and when they work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bookings.models import AvailabilityException, AvailabilityRule, Chef, Policy
from softfactory.accounts.models import User
from softfactory.demo.bios import write_bio
from softfactory.demo.cuisines import BY_NAME, CUISINES, Cuisine
from softfactory.demo.names import draw_name
from softfactory.demo.places import BY_CITY, PLACES, Place
from softfactory.demo.profiles import PROFILES
from softfactory.demo.profiles.profile import Profile

# Hours of a date, as minutes after midnight; an end that is not after the start is the next day's.
type Hours = tuple[tuple[int, int], ...]

LUNCH: Hours = ((11 * 60, 15 * 60),)
AFTERNOON: Hours = ((12 * 60, 20 * 60),)
DINNER: Hours = ((17 * 60, 22 * 60 + 30),)
EVENING: Hours = ((16 * 60 + 30, 23 * 60),)
ALL_DAY: Hours = ((10 * 60, 22 * 60),)
LATE: Hours = ((18 * 60, 30),)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEKS: tuple[dict[int, Hours], ...] = (
    dict.fromkeys((TUE, WED, THU, FRI, SAT), EVENING),
    dict.fromkeys((WED, THU, FRI, SAT, SUN), LUNCH + DINNER),
    dict.fromkeys((MON, THU, FRI, SAT, SUN), ALL_DAY),
    {THU: EVENING, FRI: EVENING, SAT: ALL_DAY, SUN: ALL_DAY},
    {WED: EVENING, THU: LATE, FRI: LATE, SAT: LATE, SUN: AFTERNOON},
    {MON: LUNCH, TUE: LUNCH, WED: LUNCH, THU: LUNCH, FRI: LUNCH + DINNER, SAT: ALL_DAY},
)

type Terms = Mapping[str, Any]

# Of eight chefs, these are paid here: a part when booking, or the whole price.
TERMS: dict[int, Terms] = {
    5: {
        "upfront_percent": 30,
        "balance": Policy.Balance.BEFORE,
        "balance_days": 3,
        "tiers": [[10, 0], [4, 30]],
    },
    7: {"upfront_percent": 100, "balance": Policy.Balance.AFTER, "tiers": [[2, 0], [1, 50]]},
}

# How many of a hundred guests give 5, 4, 3, 2 and 1 stars.
LOVED, LIKED, UNEVEN = (76, 18, 4, 1, 1), (58, 29, 8, 3, 2), (33, 33, 20, 8, 6)


@dataclass(frozen=True)
class Kitchen:
    """A chef's profile, calendar and luck. `differing` maps dates to their hours; () is closed."""

    profile: Profile
    place: Place
    cuisine: Cuisine
    week: dict[int, Hours]
    differing: dict[date, Hours]
    durations: list[int]
    step: int  # minutes, like the next three
    buffer_before: int
    buffer_after: int
    notice: int
    horizon_days: int
    terms: Terms | None
    popularity: float
    stars: tuple[int, ...]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.place.timezone)

    @property
    def gap(self) -> int:
        """Minutes between two bookings, since the buffers of neighbours add up."""
        return self.buffer_before + self.buffer_after

    def hours_on(self, day: date) -> Hours:
        """Return the hours of a local date, none if it is closed."""
        return self.differing.get(day, self.week.get(day.weekday(), ()))

    def chef(self, owner: User) -> Chef:
        """Return the unsaved chef."""
        profile = self.profile
        return Chef(
            owner=owner,
            name=profile.name,
            bio=profile.bio,
            cuisine=profile.cuisine,
            location=profile.city,
            picture=profile.picture,
            instant_booking=profile.instant,
            max_guests=profile.max_guests,
            currency=self.place.tariff.currency,
            session_rate_amount=profile.session,
            hourly_rate_amount=profile.hourly,
            price_per_guest_amount=profile.guest,
            timezone=self.place.timezone,
            buffer_before_minutes=self.buffer_before,
            buffer_after_minutes=self.buffer_after,
            minimum_notice_minutes=self.notice,
            horizon_days=self.horizon_days,
            durations=self.durations,
            slot_step_minutes=self.step,
            policy=Policy(**self.terms) if self.terms else None,
        )

    def rules(self, chef: Chef) -> list[AvailabilityRule]:
        """Return the unsaved weekly hours."""
        return [
            AvailabilityRule(chef=chef, weekday=weekday, starts=starts, ends=ends)
            for weekday, hours in sorted(self.week.items())
            for starts, ends in hours
        ]

    def exceptions(self, chef: Chef) -> list[AvailabilityException]:
        """Return the unsaved dates that differ."""
        return [
            AvailabilityException(chef=chef, date=day, starts=starts, ends=ends)
            for day, hours in sorted(self.differing.items())
            for starts, ends in hours or ((None, None),)
        ]


def draw_kitchen(seed: int, n: int, *, today: date) -> Kitchen:
    """Return the demo's chef number `n`, the same one however many there are.

    The first ones have a hand-written profile, Ben being number 0.
    """
    rng = Random(f"{seed}/chef/{n}")
    profile = PROFILES[n] if n < len(PROFILES) else _draw_profile(rng)
    week = rng.choice(WEEKS)
    [stars] = rng.choices((LOVED, LIKED, UNEVEN), weights=(5, 4, 1))
    return Kitchen(
        profile=profile,
        place=BY_CITY[profile.city],
        cuisine=BY_NAME[profile.cuisine],
        week=week,
        differing=_draw_differing(rng, week, today),
        durations=rng.choice(([2, 3, 4], [2, 3], [3, 4], [2, 3, 4, 5], [1, 2, 3])),
        step=rng.choice((30, 30, 60, 15)),
        buffer_before=rng.choice((0, 15, 30, 30)),
        buffer_after=rng.choice((30, 30, 45, 60)),
        notice=rng.choice((12, 24, 24, 48)) * 60,
        horizon_days=rng.choice((45, 60, 60, 90, 120)),
        terms=TERMS.get(n % 8),
        popularity=1.6 if n == 0 else rng.uniform(0.4, 1.6),
        stars=LOVED if n == 0 else stars,
    )


def _draw_profile(rng: Random) -> Profile:
    [place] = rng.choices(PLACES, weights=[place.weight for place in PLACES])
    [cuisine] = rng.choices(CUISINES, weights=[cuisine.weight for cuisine in CUISINES])
    people = cuisine.people if rng.random() < 0.75 else rng.choice(place.people)
    session, hourly, guest = place.tariff.draw(rng)
    return Profile(
        name=draw_name(rng, people),
        city=place.city,
        cuisine=cuisine.name,
        picture=rng.choice(cuisine.pictures),
        session=session,
        hourly=hourly,
        guest=guest,
        bio=write_bio(rng, place=place, cuisine=cuisine.name),
        max_guests=rng.choice((6, 8, 10, 12, 12, 16, 20, 30)),
        instant=rng.random() < 0.35,
    )


def _draw_differing(rng: Random, week: dict[int, Hours], today: date) -> dict[date, Hours]:
    """Close two or three of the next weeks' working days, and open a day that is otherwise off."""
    ahead = [today + timedelta(days=days) for days in range(3, 40)]
    working = [day for day in ahead if day.weekday() in week]
    off = [day for day in ahead if day.weekday() not in week]
    closed = rng.sample(working, rng.choice((2, 3)))
    return {**dict.fromkeys(closed, ()), rng.choice(off): AFTERNOON}
