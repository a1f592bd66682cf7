"""Which times of a chef are free: computed from the availability and what is taken, never stored.

Pure: no database, no clock, no settings. `refusal()` decides whether a start can be booked, and
`offered()` lists exactly the starts that it does not refuse, because both ask the same diary.
"""

from bookings.slots.answers import (
    Refused,
    Slot,
    explained,
    holds_until,
    judged,
    next_free,
    offered,
    refusal,
    too_soon,
)
from bookings.slots.diary import Reason
from bookings.slots.quarters import TICK, span, ticks
from bookings.slots.schedule import DatedWindow, Schedule, Travel, WeeklyWindow
from bookings.slots.travel import Place, Trip, trip_to
from bookings.slots.wall import day_number

__all__ = [
    "TICK",
    "DatedWindow",
    "Place",
    "Reason",
    "Refused",
    "Schedule",
    "Slot",
    "Travel",
    "Trip",
    "WeeklyWindow",
    "day_number",
    "explained",
    "holds_until",
    "judged",
    "next_free",
    "offered",
    "refusal",
    "span",
    "ticks",
    "too_soon",
    "trip_to",
]
